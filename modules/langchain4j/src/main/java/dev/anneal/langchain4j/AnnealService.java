package dev.anneal.langchain4j;

import dev.anneal.tensor.Device;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where texts come from: a model in this process, or a running {@code anneal serve}. Any number of
 * chat models and threads may share one; with the same seed both give the same text. Close it in
 * the end.
 */
public final class AnnealService implements AutoCloseable {
  private final Connection connection;

  private AnnealService(Connection connection) {
    this.connection = connection;
  }

  /**
   * Loads a model into this process.
   *
   * @param folder the model's
   * @throws IOException if there is no model, or it cannot be read
   */
  public static AnnealService load(Path folder, Device device) throws IOException {
    return new AnnealService(LocalConnection.load(folder, device));
  }

  /**
   * Finds a running service.
   *
   * @param address as {@code anneal serve} prints it, such as {@code http://127.0.0.1:8080}
   * @throws IOException if there is none, or it does not answer as it should
   */
  public static AnnealService at(URI address) throws IOException, InterruptedException {
    return new AnnealService(HttpConnection.open(address, Optional.empty()));
  }

  /**
   * Finds a running service that asks for a token.
   *
   * @param address as {@code anneal serve} prints it
   * @param token what {@code ANNEAL_TOKEN} is set to there
   * @throws IOException if there is none, or it does not answer as it should
   */
  public static AnnealService at(URI address, String token)
      throws IOException, InterruptedException {
    return new AnnealService(HttpConnection.open(address, Optional.of(token)));
  }

  /** What the model is called. */
  public String modelName() {
    return connection.modelName();
  }

  /**
   * Continues a conversation.
   *
   * @param body see {@link RequestBody}
   * @param pieces takes the answer as it settles, on this thread
   * @throws RuntimeException one of LangChain4j's, if there is no answer, or not all of it
   */
  void chat(ObjectNode body, Cancellation cancellation, Consumer<JsonNode> pieces) {
    try {
      connection.chat(body, cancellation, pieces);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failures.of(e);
    } catch (IOException e) {
      throw Failures.of(e);
    }
  }

  /** Answers what has been asked, and frees the model. */
  @Override
  public void close() {
    connection.close();
  }
}

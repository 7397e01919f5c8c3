package dev.anneal.langchain4j;

import java.io.IOException;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A way to the service. */
interface Connection extends AutoCloseable {

  /** What the model is called. */
  String modelName();

  /**
   * Continues a conversation.
   *
   * @param pieces takes the events of OpenAI's stream of chat completions
   * @throws RuntimeException one of LangChain4j's, if the service refuses
   * @throws IOException if the service cannot be reached any more
   */
  void chat(ObjectNode body, Cancellation cancellation, Consumer<JsonNode> pieces)
      throws IOException, InterruptedException;

  @Override
  void close();
}

package dev.anneal.langchain4j;

import dev.anneal.serve.Limits;
import dev.anneal.serve.LocalService;
import dev.anneal.serve.Refusal;
import dev.anneal.store.Model;
import dev.anneal.tensor.Device;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The service in this process. */
record LocalConnection(Model model, LocalService service, String modelName) implements Connection {
  private static final Logger LOG = LoggerFactory.getLogger(AnnealService.class);

  /** As many as {@code anneal serve} takes on. */
  private static final int WAITING = 64;

  private static final int RUNNING = 16;
  private static final Duration DEADLINE = Duration.ofMinutes(5);

  static LocalConnection load(Path folder, Device device) throws IOException {
    String name = String.valueOf(folder.toAbsolutePath().normalize().getFileName());
    Model model = Model.load(folder, device);
    var limits = new Limits(model.config().longest(), WAITING, RUNNING, DEADLINE);
    return new LocalConnection(model, LocalService.start(model, name, limits, LOG::error), name);
  }

  @Override
  public void chat(ObjectNode body, Cancellation cancellation, Consumer<JsonNode> pieces)
      throws InterruptedException {
    try {
      service.chat(body, cancellation::isCancelled, pieces);
    } catch (Refusal why) {
      throw Failures.of(why.status(), String.valueOf(why.getMessage()));
    }
  }

  @Override
  public void close() {
    service.close();
    model.close();
  }
}

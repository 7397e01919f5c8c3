package dev.anneal.serve;

import dev.anneal.sample.Generator;
import dev.anneal.store.Model;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The service without HTTP: continues conversations for any number of callers of this process, who
 * take turns. Fields, texts and refusals are those of {@link Server}.
 */
public final class LocalService implements AutoCloseable {
  private final ServedModel model;
  private final DeviceThreads device;

  private LocalService(Model loaded, String name, Limits limits, Consumer<String> log) {
    this.model = new ServedModel(name, loaded.config(), loaded.tokenizer(), limits.length());
    this.device =
        new DeviceThreads(new Generator(loaded.network()), limits, new Meters(), new Journal(log));
  }

  /**
   * Starts to serve a model, which stays the caller's; it must not be closed before the service.
   *
   * @param name what requests call the model
   * @param log takes a line of JSON for each failure of ours
   * @throws IllegalArgumentException if a text may be longer than the model's
   */
  public static LocalService start(Model model, String name, Limits limits, Consumer<String> log) {
    limits.requireFit(model.config());
    return new LocalService(model, name, limits, log);
  }

  /**
   * Continues a conversation, as {@code POST /v1/chat/completions} does for a client that wants a
   * stream.
   *
   * @param request the body of such a request
   * @param gone whether nobody waits for the answer any more; asked before each step
   * @param pieces takes the events of the stream, on the thread of the caller
   * @throws Refusal if there is no answer, or not all of it
   */
  public void chat(ObjectNode request, BooleanSupplier gone, Consumer<JsonNode> pieces)
      throws InterruptedException {
    CompletionRequest asked = parse(request);
    var reply = new CompletionReply(Style.CHAT, model, asked);
    try (Job job = device.submit(asked.request(), gone)) {
      job.follow(step -> reply.add(step, (index, text) -> pieces.accept(reply.piece(index, text))));
      if (asked.delivery() == CompletionRequest.Delivery.STREAMED_WITH_USAGE) {
        pieces.accept(reply.last());
      }
    }
  }

  private CompletionRequest parse(ObjectNode request) {
    try {
      Fields fields = Fields.parse(request.toString().getBytes(StandardCharsets.UTF_8));
      return CompletionRequest.parse(fields, Style.CHAT, model);
    } catch (IllegalArgumentException e) {
      throw new Refusal(Refusal.Kind.INVALID, String.valueOf(e.getMessage()));
    }
  }

  /** Finishes the requests that run and wait, takes no new ones. */
  @Override
  public void close() {
    device.close();
  }
}

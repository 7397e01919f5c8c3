package dev.anneal.serve;

import io.helidon.webserver.http.ServerResponse;

/** Answers OpenAI's completions: continues a prompt. */
final class Completions implements Endpoint {
  private final Style style;
  private final ServedModel model;
  private final DeviceThreads device;

  Completions(Style style, ServedModel model, DeviceThreads device) {
    this.style = style;
    this.model = model;
    this.device = device;
  }

  @Override
  public void answer(Fields fields, ServerResponse response) throws InterruptedException {
    CompletionRequest asked = CompletionRequest.parse(fields, style, model);
    var reply = new CompletionReply(style, model, asked);
    try (Job job = device.submit(asked.request(), Client.current()::isGone)) {
      switch (asked.delivery()) {
        case WHOLE -> {
          job.follow(step -> reply.add(step, (index, text) -> {}));
          Door.send(response, 200, reply.whole());
        }
        case STREAMED, STREAMED_WITH_USAGE -> stream(job, asked, reply, response);
      }
    }
  }

  private static void stream(
      Job job, CompletionRequest asked, CompletionReply reply, ServerResponse response)
      throws InterruptedException {
    try (var events = new EventStream(response)) {
      try {
        job.follow(step -> reply.add(step, (index, text) -> events.send(reply.piece(index, text))));
        if (asked.delivery() == CompletionRequest.Delivery.STREAMED_WITH_USAGE) {
          events.send(reply.last());
        }
        events.send("[DONE]");
      } catch (Refusal why) {
        events.send(why.json());
      }
    }
  }
}

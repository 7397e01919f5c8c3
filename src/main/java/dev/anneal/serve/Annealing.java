package dev.anneal.serve;

import dev.anneal.sample.Change;
import dev.anneal.sample.Draft;
import dev.anneal.sample.Generation;
import dev.anneal.sample.GenerationStep;
import dev.anneal.sample.Listener;
import dev.anneal.sample.Request;
import io.helidon.webserver.http.ServerResponse;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Answers {@code /v1/anneal}: all that Anneal can do to a text, and every change on the way. */
final class Annealing implements Endpoint {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final ServedModel model;
  private final DeviceThreads device;

  Annealing(ServedModel model, DeviceThreads device) {
    this.model = model;
    this.device = device;
  }

  @Override
  public void answer(Fields fields, ServerResponse response) throws InterruptedException {
    AnnealRequest asked = AnnealRequest.parse(fields, model);
    try (Job job = device.submit(asked.request(), Client.current()::isGone)) {
      Listener recorder = asked.trace().<Listener>map(each -> each).orElse(Listener.NONE);
      switch (asked.delivery()) {
        case WHOLE -> {
          Generation made = job.follow(recorder).orElseThrow();
          Door.send(response, 200, report(asked, made));
        }
        case STREAMED -> stream(job, recorder, asked, response);
      }
    }
  }

  private void stream(Job job, Listener recorder, AnnealRequest asked, ServerResponse response)
      throws InterruptedException {
    try (var events = new EventStream(response)) {
      try {
        Listener teller = step -> tell(step, events);
        Generation made = job.follow(recorder.and(teller)).orElseThrow();
        events.send("done", report(asked, made));
      } catch (Refusal why) {
        events.send("error", why.json());
      }
    }
  }

  /** Tells each change of a step by an event that is called as the change is. */
  private Listener.Verdict tell(GenerationStep step, EventStream events) {
    for (int sample = 0; sample < step.changes().size(); sample++) {
      for (Change change : step.changes().get(sample)) {
        ObjectNode event = event(change);
        event.put("sample", sample).put("step", step.partition().step());
        events.add(change.kind().name().toLowerCase(Locale.ROOT), event);
      }
    }
    events.flush();
    return Listener.Verdict.CONTINUE;
  }

  private ObjectNode event(Change change) {
    boolean masked = change.kind() == Change.Kind.REMASKED;
    ObjectNode event =
        JSON.createObjectNode()
            .put("position", change.position())
            .put("id", masked ? Draft.BLANK : change.id())
            .put("text", masked ? "" : model.tokenizer().decode(new int[] {change.id()}))
            .put("level", change.level());
    change
        .confidence()
        .ifPresentOrElse(
            confidence -> event.put("confidence", (float) confidence),
            () -> event.putNull("confidence"));
    return event;
  }

  /** As {@code generate --json} prints it. */
  private ObjectNode report(AnnealRequest asked, Generation made) {
    Request request = asked.request();
    ObjectNode report = JSON.createObjectNode();
    var samples = report.putArray("samples");
    for (int[] ids : made.texts()) {
      ObjectNode sample = samples.addObject().put("text", model.tokenizer().decode(ids));
      sample.set("ids", JSON.valueToTree(ids));
    }
    report
        .put("calls", made.calls())
        .put("seconds", made.time().toNanos() / 1e9)
        .put("seed", request.rng().seed())
        .put("hyperschedule", request.decoding().hyperschedule().name())
        .put("sampler", request.decoding().sampler().name());
    asked.trace().ifPresent(each -> report.set("trace", JSON.readTree(each.json())));
    return report;
  }
}

package dev.anneal.serve;

import dev.anneal.sample.Request;
import dev.anneal.sample.Trace;
import dev.anneal.schedule.Hyperschedule;
import io.helidon.webserver.http.ServerResponse;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;

/**
 * Answers {@code /v1/plan}, which takes the fields of {@code /v1/anneal}: the {@link Trace} that
 * the text would have, but for what happens to its tokens. It asks nothing of the model.
 */
record Planning(ServedModel model) implements Endpoint {

  /** Levels of active tokens in all steps, a few megabytes of JSON. */
  private static final int MOST_LEVELS = 1 << 20;

  @Override
  public void answer(Fields fields, ServerResponse response) {
    Request request = AnnealRequest.parse(fields, model).request();
    Limits.requireTraced("plan", request.steps());
    requireFewLevels(request);
    Door.send(
        response, 200, JsonMapper.shared().readTree(Trace.plan(request, model.tokenizer()).json()));
  }

  private static void requireFewLevels(Request request) {
    Hyperschedule hyperschedule = request.decoding().hyperschedule();
    int unknown = request.draft().order().unknown();
    long levels =
        IntStream.range(request.draft().step(), request.steps())
            .mapToLong(state -> hyperschedule.partition(state, unknown).active())
            .sum();
    if (levels > MOST_LEVELS) {
      throw new IllegalArgumentException(
          "the plan has %d levels: expected at most %d, so take a higher rate or a shorter text"
              .formatted(levels, MOST_LEVELS));
    }
  }
}

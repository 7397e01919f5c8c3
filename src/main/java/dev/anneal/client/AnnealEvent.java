package dev.anneal.client;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import tools.jackson.databind.JsonNode;

/** What a stream tells. */
public sealed interface AnnealEvent {

  /**
   * A step did something to a token.
   *
   * @param kind what
   * @param sample which text, from 0
   * @param position its place in the text, from 0
   * @param step the number of the step
   * @param id the token that stands there now; −1 is a mask
   * @param text its text; empty of a mask
   * @param level its noise level after the step, 0 if it is settled
   * @param confidence the chance that the guess gave to the token; empty if none was asked for
   */
  record Change(
      Kind kind,
      int sample,
      int position,
      int step,
      int id,
      String text,
      int level,
      OptionalDouble confidence)
      implements AnnealEvent {}

  /**
   * All is settled: the last event.
   *
   * @param reply what a request that is not streamed is answered
   */
  record Done(AnnealReply reply) implements AnnealEvent {}

  /** The kinds of change. */
  enum Kind {
    /** A token took the place of a mask; it may still change. */
    PROVISIONAL,
    /** Another token took the place of a token; it may still change. */
    REVISED,
    /** A mask took the place of a token. */
    REMASKED,
    /** The token became final, drawn in this step or before. */
    SETTLED
  }

  /**
   * Reads an event; empty if it is of a kind that is not known here.
   *
   * @param name of the event
   * @param data JSON
   */
  static Optional<AnnealEvent> of(String name, JsonNode data) {
    if (name.equals("done")) {
      return Optional.of(new Done(AnnealReply.of(data)));
    }
    return Arrays.stream(Kind.values())
        .filter(kind -> kind.name().equalsIgnoreCase(name))
        .findFirst()
        .map(kind -> change(kind, data));
  }

  private static Change change(Kind kind, JsonNode data) {
    JsonNode confidence = data.required("confidence");
    return new Change(
        kind,
        data.required("sample").intValue(),
        data.required("position").intValue(),
        data.required("step").intValue(),
        data.required("id").intValue(),
        data.required("text").stringValue(),
        data.required("level").intValue(),
        confidence.isNull() ? OptionalDouble.empty() : OptionalDouble.of(confidence.doubleValue()));
  }
}

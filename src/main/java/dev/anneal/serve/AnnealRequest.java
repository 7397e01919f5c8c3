package dev.anneal.serve;

import dev.anneal.sample.Request;
import dev.anneal.sample.Trace;
import java.util.Optional;

/**
 * What a client of {@code /v1/anneal} asks for.
 *
 * @param request what is to be generated
 * @param trace writes it down, if that is asked for
 * @param delivery how it is told
 */
record AnnealRequest(Request request, Optional<Trace> trace, Delivery delivery) {

  /** How a text is told. */
  enum Delivery {
    /** In one piece, when all is settled. */
    WHOLE,
    /** Change by change. */
    STREAMED
  }

  /**
   * Reads it.
   *
   * @throws Refusal if a field is unknown, or its value cannot be used
   * @throws IllegalArgumentException if values do not fit each other or the model
   */
  static AnnealRequest parse(Fields fields, ServedModel model) {
    Request plain = request(fields, model);
    Delivery delivery = fields.flag("stream") ? Delivery.STREAMED : Delivery.WHOLE;
    boolean traced = fields.flag("trace");
    fields.refuseOthers();
    boolean watched = traced || delivery == Delivery.STREAMED;
    Request request = watched ? plain.tellingConfidence() : plain;
    return new AnnealRequest(
        request, traced ? Optional.of(trace(request, model)) : Optional.empty(), delivery);
  }

  private static Request request(Fields fields, ServedModel model) {
    if (fields.value("correct").isPresent()) {
      fields.refuse("length", "a text to correct has its own length");
      return model.correction(fields);
    }
    fields.refuse("from", "it says how a text is corrected, expected one in correct");
    fields.refuse("noised", "it says how a text is corrected, expected one in correct");
    return model.request(model.draft(fields), fields);
  }

  private static Trace trace(Request request, ServedModel model) {
    Limits.requireTraced("trace", request.steps());
    return new Trace(request, model.tokenizer());
  }
}

package dev.anneal.serve;

import dev.anneal.sample.Draft;
import dev.anneal.sample.Request;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What a client of OpenAI's completions asks for.
 *
 * @param request what is to be generated
 * @param stops texts that end an answer
 * @param delivery how the answers are sent
 */
record CompletionRequest(Request request, List<String> stops, Delivery delivery) {

  /** How answers are sent. */
  enum Delivery {
    /** In one piece, when all are there. */
    WHOLE,
    /** In pieces, as they settle. */
    STREAMED,
    /** In pieces, and in the end how many tokens they have. */
    STREAMED_WITH_USAGE
  }

  /** As OpenAI has it. */
  private static final int MOST_STOPS = 4;

  /**
   * What clients send of their own accord and is not offered: with these values it is not asked
   * for.
   */
  private static final Map<String, Set<String>> NEUTRAL =
      Map.of(
          "best_of", Set.of("1"),
          "echo", Set.of("false"),
          "frequency_penalty", Set.of("0", "0.0"),
          "presence_penalty", Set.of("0", "0.0"),
          "logit_bias", Set.of("{}"),
          "logprobs", Set.of("false"),
          "store", Set.of("false"));

  /** What clients say about themselves: it changes nothing. */
  private static final List<String> IGNORED = List.of("metadata", "user");

  /**
   * Reads it.
   *
   * @throws Refusal if a field is unknown, or its value cannot be used
   * @throws IllegalArgumentException if values do not fit each other or the model
   */
  static CompletionRequest parse(Fields fields, Style style, ServedModel model) {
    requireServed(fields, model);
    int[] prompt = model.tokenizer().encode(style.prompt(fields));
    int room = model.longest() - prompt.length;
    int most = most(fields).orElse(model.usual(room));
    if (most < 1 || most > room) {
      throw new Refusal(
          Refusal.Kind.TOO_LONG,
          "the prompt has %d tokens, and %d more are asked for: expected at most %d together"
              .formatted(prompt.length, Math.max(1, most), model.longest()));
    }
    int samples = ServedModel.samples(fields, "n");
    Draft draft = Draft.prompt(prompt, prompt.length + most, samples);
    var read = new CompletionRequest(model.request(draft, fields), stops(fields), delivery(fields));
    NEUTRAL.forEach(fields::requireNeutral);
    IGNORED.forEach(fields::value);
    fields.refuseOthers();
    return read;
  }

  private static void requireServed(Fields fields, ServedModel model) {
    String asked =
        fields.text("model").orElseThrow(() -> Refusal.field("model", "model is missing"));
    if (!asked.equals(model.name())) {
      throw new Refusal(Refusal.Kind.UNKNOWN_MODEL, "no such model: expected " + model.name());
    }
  }

  private static OptionalInt most(Fields fields) {
    OptionalInt chat = fields.count("max_completion_tokens", Integer.MAX_VALUE);
    OptionalInt plain = fields.count("max_tokens", Integer.MAX_VALUE);
    return chat.isPresent() ? chat : plain;
  }

  private static List<String> stops(Fields fields) {
    List<String> stops = fields.texts("stop");
    if (stops.size() > MOST_STOPS || stops.contains("")) {
      throw Refusal.field(
          "stop", "stop is too many texts, or an empty one: expected at most " + MOST_STOPS);
    }
    return stops;
  }

  private static Delivery delivery(Fields fields) {
    boolean counted =
        fields.value("stream_options").map(CompletionRequest::includesUsage).orElse(false);
    if (!fields.flag("stream")) {
      return Delivery.WHOLE;
    }
    return counted ? Delivery.STREAMED_WITH_USAGE : Delivery.STREAMED;
  }

  private static boolean includesUsage(JsonNode options) {
    JsonNode included = options.path("include_usage");
    if (!options.isObject() || !(included.isBoolean() || included.isMissingNode())) {
      throw Refusal.field(
          "stream_options", "stream_options has no include_usage that is true or false");
    }
    return included.asBoolean(false);
  }
}

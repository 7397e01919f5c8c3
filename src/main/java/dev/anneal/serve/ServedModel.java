package dev.anneal.serve;

import dev.anneal.data.Tokenizer;
import dev.anneal.noise.Noise;
import dev.anneal.recipe.Choice;
import dev.anneal.recipe.Family;
import dev.anneal.sample.Correction;
import dev.anneal.sample.Decoding;
import dev.anneal.sample.Draft;
import dev.anneal.sample.Gaps;
import dev.anneal.sample.Request;
import dev.anneal.sample.Sampler;
import dev.anneal.sample.TokenChoice;
import dev.anneal.schedule.HyperscheduleChoice;
import dev.anneal.store.ModelConfig;
import dev.anneal.tensor.Rng;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;
import tools.jackson.databind.JsonNode;

/**
 * The model that requests are for.
 *
 * @param name what clients call it
 * @param config what it is
 * @param tokenizer its text
 * @param longest tokens of a text, its prompt included
 */
record ServedModel(String name, ModelConfig config, Tokenizer tokenizer, int longest) {
  /** Text appears as it settles, a window at a time. */
  static final String USUAL_HYPERSCHEDULE = "block";

  private static final Family<Sampler> SAMPLERS = Family.of(Sampler.class);

  /** Long enough for a paragraph, short enough for seconds. */
  private static final int USUAL_LENGTH = 128;

  /** Seeds of our own are whole numbers that every JSON reader keeps. */
  private static final long SEEDS = 1L << 53;

  /** How many tokens a client gets that does not say how many it wants, if there are so many. */
  int usual(int most) {
    return Math.min(USUAL_LENGTH, most);
  }

  /**
   * The texts that a request asks to complete: {@code prompt} with its gaps, {@code length}, {@code
   * samples}.
   *
   * @throws Refusal if a field has a wrong kind of value
   * @throws IllegalArgumentException if the texts would be too long
   */
  Draft draft(Fields fields) {
    int tokens = fields.count("length", longest).orElse(usual(longest));
    return Gaps.parse(fields.text("prompt").orElse(""), tokenizer, longest)
        .draft(tokens, samples(fields, "samples"));
  }

  /**
   * A request to complete drafts.
   *
   * @param fields say how, all of them optional: {@code hyperschedule}, {@code width}, {@code
   *     rate}, {@code levels}, {@code sampler}, {@code temperature}, {@code top_p}, {@code
   *     guidance}, {@code seed}
   * @throws Refusal if a field has a wrong kind of value
   * @throws IllegalArgumentException if values do not fit each other, the model or the length
   */
  Request request(Draft draft, Fields fields) {
    var hyperschedule =
        new HyperscheduleChoice(
            fields.text("hyperschedule").orElse(USUAL_HYPERSCHEDULE),
            fields.count("width", Integer.MAX_VALUE),
            fields.number("rate"),
            fields.count("levels", Integer.MAX_VALUE));
    return request(draft, hyperschedule, fields);
  }

  /**
   * A request to correct the text in {@code correct}, as {@code from} and {@code noised} say, after
   * the {@code prompt}, which stays.
   *
   * @param fields say how, as those of a request to complete drafts
   * @throws Refusal if a field has a wrong kind of value
   * @throws IllegalArgumentException if values do not fit each other, the model or the length
   */
  Request correction(Fields fields) {
    Gaps text = Gaps.parse(fields.text("correct").orElse(""), tokenizer, longest);
    Gaps prompt = Gaps.parse(fields.text("prompt").orElse(""), tokenizer, longest);
    var hyperschedule =
        Correction.hyperschedule(
            fields.text("hyperschedule"),
            fields.count("width", Integer.MAX_VALUE),
            fields.number("rate"),
            fields.count("levels", Integer.MAX_VALUE));
    var entry = fields.flag("noised") ? Correction.Entry.NOISED : Correction.Entry.GIVEN;
    var correction = new Correction(fields.number("from").orElse(Correction.USUAL_TIME), entry);
    Draft draft = prompt.before(text, longest, samples(fields, "samples"));
    return correction.enter(request(draft, hyperschedule, fields), config.shape().tokens());
  }

  private Request request(Draft draft, HyperscheduleChoice hyperschedule, Fields fields) {
    var choice =
        new TokenChoice(
            fields.number("temperature").orElse(1),
            fields.number("top_p").orElse(1),
            fields.number("guidance").orElse(0));
    long seed = fields.whole("seed").orElseGet(() -> ThreadLocalRandom.current().nextLong(SEEDS));
    var decoding =
        new Decoding(
            hyperschedule.forLength(Math.max(1, draft.order().unknown())),
            config.alignment(),
            config.context(),
            config.noise(),
            sampler(fields, config.noise()),
            choice);
    return new Request(draft, decoding, new Rng(seed), 0, Request.Caching.CACHED);
  }

  /** A name, or an object with a name and settings. */
  private static Sampler sampler(Fields fields, Noise noise) {
    return fields
        .value("sampler")
        .map(ServedModel::sampler)
        .orElseGet(() -> SAMPLERS.create(Choice.of(Sampler.usual(noise))));
  }

  private static Sampler sampler(JsonNode given) {
    JsonNode name = given.isObject() ? given.path("name") : given;
    if (!name.isString() || name.asString().isBlank()) {
      throw Refusal.field("sampler", "sampler is no name, and no object with a name and settings");
    }
    Choice choice = Choice.of(Sampler.fullName(name.asString()));
    for (var setting : given.properties()) {
      if (!setting.getKey().equals("name")) {
        choice = choice.with(setting.getKey(), setting(setting.getKey(), setting.getValue()));
      }
    }
    return SAMPLERS.create(choice);
  }

  private static Object setting(String name, JsonNode value) {
    if (value.isIntegralNumber() && value.canConvertToLong()) {
      return value.asLong();
    }
    if (value.isNumber() && Double.isFinite(value.asDouble())) {
      return value.asDouble();
    }
    if (value.isString()) {
      return value.asString();
    }
    throw Refusal.field("sampler", "sampler.%s is neither a number nor a text".formatted(name));
  }

  /**
   * How many texts a request asks for; 1 if it does not say.
   *
   * @param name of the field that says
   */
  static int samples(Fields fields, String name) {
    OptionalInt given = fields.count(name, Limits.SAMPLES);
    return given.orElse(1);
  }
}

package dev.anneal.cli;

import dev.anneal.evaluate.GenerationDetails.Made;
import dev.anneal.recipe.Choice;
import dev.anneal.recipe.Family;
import dev.anneal.sample.Correction;
import dev.anneal.sample.Decoding;
import dev.anneal.sample.Draft;
import dev.anneal.sample.Gaps;
import dev.anneal.sample.Request;
import dev.anneal.sample.Sampler;
import dev.anneal.sample.TokenChoice;
import dev.anneal.schedule.Hyperschedule;
import dev.anneal.store.Model;
import dev.anneal.tensor.Rng;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say how texts are generated, the same in every command that does. */
final class GenerationOptions {

  /** Long enough for a paragraph, short enough for seconds. */
  private static final int DEFAULT_LENGTH = 128;

  private static final Family<Sampler> SAMPLERS = Family.of(Sampler.class);

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      description = "What the text begins with; {{8}} in it is a gap of eight tokens to fill.")
  private String prompt = "";

  @Option(
      names = "--length",
      paramLabel = "N",
      description =
          "Tokens of the text, prompt included (default: 128, or the model's limit); a prompt with"
              + " gaps has its own length.")
  private @Nullable Integer length;

  @Mixin private final HyperscheduleOptions hyperschedule = new HyperscheduleOptions();

  @Mixin private final SamplerOptions sampler = new SamplerOptions();

  @Option(
      names = "--temperature",
      paramLabel = "X",
      defaultValue = "1",
      description = "Below 1 prefers likely tokens, 0 takes the likeliest (default: 1).")
  private double temperature;

  @Option(
      names = "--top-p",
      paramLabel = "X",
      defaultValue = "1",
      description = "Draw from the likeliest tokens whose chances reach X (default: 1, all).")
  private double topP;

  @Option(
      names = "--guidance",
      paramLabel = "X",
      defaultValue = "0",
      description =
          "How much more the text follows what is known of it; costs a second evaluation (default:"
              + " 0, off).")
  private double guidance;

  @Option(
      names = "--no-cache",
      description = "Compute keys and values of the whole text in every call.")
  private boolean uncached;

  /** What the texts begin with; empty if nothing. */
  String prompt() {
    return prompt;
  }

  /** The hyperschedule's options, which also say how a text is noised. */
  HyperscheduleOptions hyperschedule() {
    return hyperschedule;
  }

  /**
   * The request for some texts.
   *
   * @param first the number of the first text: a text depends on the seed and its own number only
   * @param count how many
   * @throws IllegalArgumentException if an option does not fit the model or the others
   */
  Request request(Model model, Rng rng, int first, int count) {
    return request(model, rng, first, count, usual(model));
  }

  /**
   * The request for some texts.
   *
   * @param usual tokens of a text where no option says so
   */
  Request request(Model model, Rng rng, int first, int count, int usual) {
    return request(model, rng, first, draft(model, prompt, count, usual));
  }

  /**
   * The request for the text of another prompt.
   *
   * @throws IllegalArgumentException if an option does not fit the model or the others
   */
  Request requestFor(Model model, String text, Rng rng) {
    return request(model, rng, 0, draft(model, text, 1, usual(model)));
  }

  private static int usual(Model model) {
    return Math.min(DEFAULT_LENGTH, model.config().longest());
  }

  private Draft draft(Model model, String prompt, int count, int usual) {
    int longest = model.config().longest();
    Draft draft =
        Gaps.parse(prompt, model.tokenizer(), longest)
            .draft(length == null ? usual : length, count);
    if (draft.order().length() > longest) {
      throw new IllegalArgumentException(
          "length %d is more than the model's: expected at most %d"
              .formatted(draft.order().length(), longest));
    }
    return draft;
  }

  private Request request(Model model, Rng rng, int first, Draft draft) {
    return request(
        model, draft, hyperschedule.forLength(Math.max(1, draft.order().unknown())), rng, first);
  }

  /**
   * The request to correct a text that comes after the prompt.
   *
   * @param text in which {{8}} is a gap of eight tokens to fill
   * @throws IllegalArgumentException if an option does not fit the model or the others
   */
  Request request(Model model, Rng rng, int count, String text, Correction correction) {
    if (length != null) {
      throw new IllegalArgumentException(
          "--length: a text to correct has its own, expected no other");
    }
    int longest = model.config().longest();
    Draft draft =
        Gaps.parse(prompt, model.tokenizer(), longest)
            .before(Gaps.parse(text, model.tokenizer(), longest), longest, count);
    var flat = hyperschedule.forCorrection(Math.max(1, draft.order().unknown()));
    return correction.enter(request(model, draft, flat, rng, 0), model.config().shape().tokens());
  }

  private Request request(
      Model model, Draft draft, Hyperschedule hyperschedule, Rng rng, int first) {
    var decoding =
        new Decoding(
            hyperschedule,
            model.config().alignment(),
            model.config().context(),
            model.config().noise(),
            sampler.sampler(model.config().noise()),
            new TokenChoice(temperature, topP, guidance));
    return new Request(
        draft, decoding, rng, first, uncached ? Request.Caching.UNCACHED : Request.Caching.CACHED);
  }

  /** The same with every number by itself. */
  static Made made(Request request) {
    Decoding decoding = request.decoding();
    int unknown = request.draft().order().unknown();
    int calls = decoding.hyperschedule().steps(unknown);
    Choice sampler = SAMPLERS.describe(decoding.sampler());
    return new Made(
        request.draft().order().length(),
        decoding.hyperschedule().described(),
        calls,
        (double) unknown / calls,
        sampler.name(),
        new LinkedHashMap<>(sampler.settings()),
        decoding.choice().temperature(),
        decoding.choice().topP(),
        decoding.choice().guidance());
  }

  /** How the texts of a request are generated, for a report. */
  static Map<String, Object> described(Request request) {
    Decoding decoding = request.decoding();
    var described = new LinkedHashMap<String, Object>();
    described.put("length", request.draft().order().length());
    described.put("hyperschedule", decoding.hyperschedule().described());
    Choice sampler = SAMPLERS.describe(decoding.sampler());
    described.put("sampler", sampler.name());
    described.putAll(sampler.settings());
    described.put("temperature", decoding.choice().temperature());
    described.put("top_p", decoding.choice().topP());
    described.put("guidance", decoding.choice().guidance());
    return described;
  }
}

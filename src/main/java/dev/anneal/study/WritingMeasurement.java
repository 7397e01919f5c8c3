package dev.anneal.study;

import dev.anneal.evaluate.EvaluationReport;
import dev.anneal.evaluate.GenerationDetails;
import dev.anneal.evaluate.GenerationQuality;
import dev.anneal.evaluate.Judging;
import dev.anneal.evaluate.Samples;
import dev.anneal.evaluate.Timing;
import dev.anneal.noise.Noise;
import dev.anneal.recipe.Choice;
import dev.anneal.recipe.Family;
import dev.anneal.sample.Decoding;
import dev.anneal.sample.Draft;
import dev.anneal.sample.Generation;
import dev.anneal.sample.Generator;
import dev.anneal.sample.Listener;
import dev.anneal.sample.Request;
import dev.anneal.sample.Sampler;
import dev.anneal.sample.TokenChoice;
import dev.anneal.schedule.Hyperschedule;
import dev.anneal.store.Model;
import dev.anneal.tensor.Rng;
import dev.anneal.train.Ingredients;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Texts that a model writes in one way, and what a judge and people's texts say of them.
 *
 * @param model the model's name
 * @param way how it writes
 * @param batch texts that are written together, which does not change them
 * @param jury who judges them; absent if nobody does
 * @param laboratory where
 */
record WritingMeasurement(
    String model, Way way, int batch, Optional<Jury> jury, Laboratory laboratory)
    implements Measurement {

  private static final int BATCH = 32;

  private static final Family<Sampler> SAMPLERS = Family.of(Sampler.class);

  /** Texts written in batches that keep two cores busy and need little memory. */
  WritingMeasurement(String model, Way way, Optional<Jury> jury, Laboratory laboratory) {
    this(model, way, BATCH, jury, laboratory);
  }

  /**
   * A way to write texts.
   *
   * @param samples how many
   * @param length tokens of a text
   * @param hyperschedule without its rate
   * @param rate tokens settled by a call, on average
   * @param sampler one update of the window
   * @param temperature of the draws
   */
  record Way(
      int samples,
      int length,
      Choice hyperschedule,
      double rate,
      Choice sampler,
      double temperature) {

    /**
     * Checks the hyperschedule and the sampler, and gives the sampler its full name and defaults.
     */
    Way {
      var named = new Choice(Sampler.fullName(sampler.name()), sampler.settings());
      sampler = SAMPLERS.describe(SAMPLERS.create(named));
      Ingredients.hyperschedule(hyperschedule.with("rate", rate), length);
    }

    /**
     * Refuses a noise that the sampler cannot undo.
     *
     * @throws IllegalArgumentException if it cannot
     */
    void requireFit(Noise noise) {
      SAMPLERS.create(sampler).requireFit(noise);
    }

    private Hyperschedule paced() {
      return Ingredients.hyperschedule(hyperschedule.with("rate", rate), length);
    }

    private Request request(Model model, int first, int count) {
      var decoding =
          new Decoding(
              paced(),
              model.config().alignment(),
              model.config().context(),
              model.config().noise(),
              SAMPLERS.create(sampler),
              new TokenChoice(temperature, 1));
      return new Request(
          Draft.prompt(new int[0], length, count),
          decoding,
          new Rng(SEED),
          first,
          Request.Caching.CACHED);
    }

    private GenerationDetails.Made made(int calls) {
      return new GenerationDetails.Made(
          length,
          paced().described(),
          calls,
          rate,
          sampler.name(),
          new LinkedHashMap<>(sampler.settings()),
          temperature,
          1,
          0);
    }
  }

  @Override
  public String folder() {
    return "%s/texts.%s.rate-%s.%s.temperature-%s"
        .formatted(
            model,
            Names.file(way.hyperschedule),
            Names.number(way.rate),
            Names.file(way.sampler),
            Names.number(way.temperature));
  }

  @Override
  public String described() {
    return "%s writes: %s, rate %s, %s, temperature %s"
        .formatted(
            model,
            Names.words(way.hyperschedule),
            Names.number(way.rate),
            Names.words(way.sampler),
            Names.number(way.temperature));
  }

  @Override
  public Identity identity(Subject subject) throws IOException {
    var choices = new LinkedHashMap<String, String>();
    choices.put("texts", Integer.toString(way.samples));
    choices.put("length", Integer.toString(way.length));
    choices.put("hyperschedule", Names.words(way.hyperschedule));
    choices.put("rate", Names.number(way.rate));
    choices.put("sampler", Names.words(way.sampler));
    choices.put("temperature", Names.number(way.temperature));
    jury.flatMap(Jury::reference)
        .ifPresent(people -> choices.put("mauve_length", Integer.toString(people.length())));
    return new Identity(Fingerprints.ofWriting(laboratory, subject, jury), choices);
  }

  @Override
  public Optional<EvaluationReport> measure(Model loaded, Subject subject, BooleanSupplier stopped)
      throws IOException {
    Instant started = Instant.now();
    List<int[]> texts = new ArrayList<>();
    int calls = 0;
    while (texts.size() < way.samples) {
      if (stopped.getAsBoolean()) {
        return Optional.empty();
      }
      int together = Math.min(batch, way.samples - texts.size());
      Generation made =
          new Generator(loaded.network())
              .generate(way.request(loaded, texts.size(), together), Listener.NONE);
      texts.addAll(made.texts());
      calls = made.calls();
    }
    double seconds = Names.seconds(started);
    Samples samples = Samples.generated(texts, loaded.tokenizer());
    GenerationQuality quality =
        GenerationQuality.measure(
            samples, jury.isPresent() ? jury.orElseThrow().judging(way.samples) : Judging.none());
    var timing = new Timing(started, seconds, 0);
    return Optional.of(
        Measurement.ofTexts(identity(subject), quality, Optional.of(way.made(calls)), timing));
  }
}

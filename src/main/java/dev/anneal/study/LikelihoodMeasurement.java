package dev.anneal.study;

import dev.anneal.data.Documents;
import dev.anneal.data.Progress;
import dev.anneal.data.TextCleaner;
import dev.anneal.data.TokenFile;
import dev.anneal.evaluate.Absent;
import dev.anneal.evaluate.Batch;
import dev.anneal.evaluate.EvaluationReport;
import dev.anneal.evaluate.ExactBound;
import dev.anneal.evaluate.Figure;
import dev.anneal.evaluate.Fingerprint;
import dev.anneal.evaluate.LikelihoodDetails;
import dev.anneal.evaluate.LossTally;
import dev.anneal.evaluate.MaskedLikelihood;
import dev.anneal.evaluate.Passages;
import dev.anneal.evaluate.RandomMasks;
import dev.anneal.evaluate.SequenceEstimator;
import dev.anneal.evaluate.TextLikelihood;
import dev.anneal.evaluate.TextMeasurement;
import dev.anneal.evaluate.Timing;
import dev.anneal.model.Reading;
import dev.anneal.noise.Corruption;
import dev.anneal.objective.BoundEstimate;
import dev.anneal.objective.Noising;
import dev.anneal.objective.SequenceBound;
import dev.anneal.recipe.Choice;
import dev.anneal.recipe.TextRecipe;
import dev.anneal.store.Model;
import dev.anneal.tensor.Rng;
import dev.anneal.train.Ingredients;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.BooleanSupplier;

/**
 * The likelihood of a text: the exact bound under a hyperschedule, or the masked estimate.
 *
 * @param model the model's name
 * @param text what is measured
 * @param hyperschedule of the exact bound; absent for the masked estimate
 * @param laboratory where
 */
record LikelihoodMeasurement(
    String model, TextRecipe text, Optional<Choice> hyperschedule, Laboratory laboratory)
    implements Measurement {

  LikelihoodMeasurement {
    cleaner(text);
  }

  private static TextCleaner cleaner(TextRecipe text) {
    for (TextCleaner cleaner : TextCleaner.values()) {
      if (cleaner.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(text.cleaner())) {
        return cleaner;
      }
    }
    throw new IllegalArgumentException(
        "text %s: unknown cleaner '%s': expected none, wikitext, ptb, lm1b, lambada or scientific-papers"
            .formatted(text.name(), text.cleaner()));
  }

  @Override
  public String folder() {
    return "%s/%s.%s"
        .formatted(model, text.name(), hyperschedule.map(Names::file).orElse("masked"));
  }

  @Override
  public String described() {
    return "%s on %s, %s"
        .formatted(model, text.name(), hyperschedule.map(Names::words).orElse("masked estimate"));
  }

  @Override
  public SequencedMap<String, String> choices() {
    var choices = new LinkedHashMap<String, String>();
    choices.put("text", text.name());
    choices.put("estimate", hyperschedule.isPresent() ? "exact" : "masked");
    hyperschedule.ifPresentOrElse(
        choice -> choices.put("hyperschedule", Names.words(choice)),
        () -> choices.put("draws", Integer.toString(text.draws())));
    choices.put("sequences", text.sequences().map(String::valueOf).orElse("all"));
    choices.put("cleaner", text.cleaner());
    return choices;
  }

  @Override
  public Fingerprint fingerprint(Subject subject) throws IOException {
    return fingerprint(subject, tokens(subject));
  }

  private Fingerprint fingerprint(Subject subject, TokenFile tokens) {
    return new Fingerprint(
        laboratory.version(),
        Fingerprint.NO_PROTOCOL,
        SEED,
        Optional.of(subject.source()),
        Optional.of(new Fingerprint.Source(subject.source().name(), tokens.tokenizerDigest())),
        Optional.of(new Fingerprint.Source(Names.of(text.files()), tokens.sourceDigest())),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private TokenFile tokens(Subject subject) throws IOException {
    var documents = new Documents(text.files(), text.split(), text.field(), cleaner(text));
    return TokenFile.prepare(
        laboratory.tokens(), documents, subject.tokenizer(), Progress.silent());
  }

  @Override
  public Optional<EvaluationReport> measure(Model loaded, Subject subject, BooleanSupplier stopped)
      throws IOException {
    Instant started = Instant.now();
    TokenFile tokens = tokens(subject);
    var figures = new LinkedHashMap<String, Figure>();
    Optional<LikelihoodDetails> details = Optional.empty();
    if (hyperschedule.isEmpty() && loaded.network().reading() != Reading.GUESS) {
      figures.put("nats_per_token", new Absent("the model gives scores, it does not guess masks"));
    } else {
      TextLikelihood likelihood = likelihood(loaded, tokens);
      figures.putAll(likelihood.figures());
      details = Optional.of(likelihood.details());
    }
    return Optional.of(
        new EvaluationReport(
            EvaluationReport.FORMAT,
            fingerprint(subject, tokens),
            choices(),
            figures,
            details,
            Optional.empty(),
            new Timing(started, Names.seconds(started), 0)));
  }

  private TextLikelihood likelihood(Model loaded, TokenFile tokens) throws IOException {
    var passages =
        new Passages(
            tokens,
            loaded.tokenizer(),
            Passages.Cut.WHOLE,
            loaded.config().longest(),
            new Rng(SEED));
    int count = Math.min(passages.count(), text.sequences().orElse(Integer.MAX_VALUE));
    var measurement = new TextMeasurement(passages, count, estimator(loaded, count));
    var tally = new LossTally(measurement, loaded.tokenizer(), LossTally.Denominator.MEASURED);
    measurement.measure(0, count, tally::add);
    return tally.likelihood();
  }

  private SequenceEstimator estimator(Model loaded, int count) {
    int length = loaded.config().longest();
    var rng = new Rng(SEED);
    if (hyperschedule.isEmpty()) {
      return new MaskedLikelihood(
          loaded.network(),
          loaded.config().alignment(),
          new RandomMasks(text.draws()),
          rng,
          new Batch(BoundEstimate.together(loaded.network(), length)));
    }
    var draws = new SequenceBound.Draws(rng, count, 1);
    return new ExactBound(loaded.network(), noising(loaded, hyperschedule.get()), draws, length);
  }

  private static Noising noising(Model loaded, Choice choice) {
    return new Noising(
            Ingredients.hyperschedule(choice, loaded.config().longest()),
            Noising.Times.GRID,
            loaded.config().context(),
            loaded.config().noise(),
            new Corruption(loaded.tokenizer().size(), loaded.tokenizer().mask()))
        .withAlignment(loaded.config().alignment());
  }
}

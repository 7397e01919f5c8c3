package dev.anneal.study;

import dev.anneal.data.Documents;
import dev.anneal.data.Progress;
import dev.anneal.data.TextCleaner;
import dev.anneal.data.TokenFile;
import dev.anneal.evaluate.Absent;
import dev.anneal.evaluate.ChainRule;
import dev.anneal.evaluate.EvaluationReport;
import dev.anneal.evaluate.ExactBound;
import dev.anneal.evaluate.Figure;
import dev.anneal.evaluate.LikelihoodDetails;
import dev.anneal.evaluate.LossTally;
import dev.anneal.evaluate.MaskedLikelihood;
import dev.anneal.evaluate.Masking;
import dev.anneal.evaluate.Passages;
import dev.anneal.evaluate.RandomMasks;
import dev.anneal.evaluate.SequenceEstimator;
import dev.anneal.evaluate.TextLikelihood;
import dev.anneal.evaluate.TextMeasurement;
import dev.anneal.evaluate.Timing;
import dev.anneal.model.Reading;
import dev.anneal.noise.Corruption;
import dev.anneal.objective.Noising;
import dev.anneal.objective.SequenceBound;
import dev.anneal.recipe.TextRecipe;
import dev.anneal.schedule.Hyperschedule;
import dev.anneal.store.Model;
import dev.anneal.tensor.Rng;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.BooleanSupplier;

/**
 * How surprising a text is to a model, as {@code anneal evaluate} measures it.
 *
 * @param model the model's name
 * @param text what is measured
 * @param way how
 * @param laboratory where
 */
record ReadingMeasurement(String model, TextRecipe text, LikelihoodWay way, Laboratory laboratory)
    implements Measurement {

  private static final int MASKED_DRAWS = 16;

  /** Checks the cleaner's name. */
  ReadingMeasurement {
    cleaner(text);
  }

  private static TextCleaner cleaner(TextRecipe text) {
    for (TextCleaner cleaner : TextCleaner.values()) {
      if (word(cleaner).equals(text.cleaner())) {
        return cleaner;
      }
    }
    throw new IllegalArgumentException(
        "text %s: unknown cleaner '%s': expected none, wikitext, ptb, lm1b, lambada or"
                .formatted(text.name(), text.cleaner())
            + " scientific-papers");
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Override
  public String folder() {
    return "%s/%s.%s".formatted(model, text.name(), way.file());
  }

  @Override
  public String described() {
    return "%s on %s, %s".formatted(model, text.name(), way.described());
  }

  @Override
  public Identity identity(Subject subject) throws IOException {
    TokenFile tokens = tokens(subject);
    var choices = new LinkedHashMap<String, String>();
    choices.put("text", text.name());
    choices.put("estimate", word(way.estimate()));
    way.hyperschedule(subject)
        .ifPresent(chosen -> choices.put("hyperschedule", chosen.described()));
    choices.put("draws", Integer.toString(draws()));
    choices.put("sequence_length", Integer.toString(subject.config().longest()));
    long all = Math.ceilDiv(tokens.tokens(), subject.config().longest());
    choices.put(
        "sequences",
        "%d of %d".formatted(Math.min(all, text.sequences().orElse(Integer.MAX_VALUE)), all));
    choices.putAll(
        Map.of("split", word(text.split()), "field", text.field(), "cleaner", text.cleaner()));
    return new Identity(
        Fingerprints.ofReading(laboratory, subject, Names.of(text.files()), tokens), choices);
  }

  /** As many as {@code anneal evaluate} draws, if the study does not say. */
  private int draws() {
    return switch (way.estimate()) {
      case EXACT -> text.draws().orElse(1);
      case MASKED -> text.draws().orElse(MASKED_DRAWS);
      case CHAIN_RULE -> 1;
    };
  }

  private TokenFile tokens(Subject subject) throws IOException {
    var documents = new Documents(text.files(), text.split(), text.field(), cleaner(text));
    TokenFile tokens =
        TokenFile.prepare(laboratory.tokens(), documents, subject.tokenizer(), Progress.silent());
    if (tokens.tokens() == 0) {
      throw new IOException(
          "%s: no text in it: expected at least one document".formatted(Names.of(text.files())));
    }
    return tokens;
  }

  @Override
  public Optional<EvaluationReport> measure(Model loaded, Subject subject, BooleanSupplier stopped)
      throws IOException {
    Instant started = Instant.now();
    if (way.hyperschedule(subject).isEmpty() && loaded.network().reading() != Reading.GUESS) {
      var absent = new Absent("the model gives scores, it does not guess what is masked");
      SequencedMap<String, Figure> figures = new LinkedHashMap<>(Map.of("nats_per_token", absent));
      return Optional.of(report(subject, figures, Optional.empty(), started));
    }
    var rng = new Rng(SEED);
    var passages =
        new Passages(
            tokens(subject),
            subject.tokenizer(),
            Passages.Cut.ALL,
            subject.config().longest(),
            rng);
    int count = Math.min(passages.count(), text.sequences().orElse(Integer.MAX_VALUE));
    SequenceEstimator estimator =
        way.hyperschedule(subject)
            .map(chosen -> exact(loaded, chosen, count, rng))
            .orElseGet(() -> masked(loaded, rng));
    var measurement = new TextMeasurement(passages, count, estimator);
    var tally = new LossTally(measurement, subject.tokenizer(), LossTally.Denominator.MEASURED);
    while (tally.count() < count) {
      if (stopped.getAsBoolean()) {
        return Optional.empty();
      }
      int end = Math.min(count, tally.count() + estimator.together());
      measurement.measure(tally.count(), end, tally::add);
    }
    TextLikelihood likelihood = tally.likelihood();
    return Optional.of(
        report(subject, likelihood.figures(), Optional.of(likelihood.details()), started));
  }

  private EvaluationReport report(
      Subject subject,
      SequencedMap<String, Figure> figures,
      Optional<LikelihoodDetails> details,
      Instant started)
      throws IOException {
    Identity identity = identity(subject);
    return new EvaluationReport(
        EvaluationReport.FORMAT,
        identity.fingerprint(),
        identity.choices(),
        figures,
        details,
        Optional.empty(),
        new Timing(started, Names.seconds(started), 0));
  }

  private SequenceEstimator exact(Model loaded, Hyperschedule hyperschedule, int count, Rng rng) {
    var noising =
        new Noising(
                hyperschedule,
                Noising.Times.GRID,
                loaded.config().context(),
                loaded.config().noise(),
                new Corruption(loaded.tokenizer().size(), loaded.tokenizer().mask()))
            .withAlignment(loaded.config().alignment());
    return new ExactBound(
        loaded.network(),
        noising,
        new SequenceBound.Draws(rng, count, draws()),
        loaded.network().length());
  }

  private SequenceEstimator masked(Model loaded, Rng rng) {
    Masking masking =
        way.estimate() == TextRecipe.Likelihood.MASKED
            ? new RandomMasks(draws(), 0)
            : new ChainRule();
    return new MaskedLikelihood(loaded.network(), loaded.config().alignment(), masking, rng);
  }
}

package dev.anneal.study;

import dev.anneal.data.Chunks;
import dev.anneal.data.Documents;
import dev.anneal.data.Progress;
import dev.anneal.data.TextCleaner;
import dev.anneal.data.TokenFile;
import dev.anneal.evaluate.Absent;
import dev.anneal.evaluate.EvaluationReport;
import dev.anneal.evaluate.Figure;
import dev.anneal.evaluate.Fingerprint;
import dev.anneal.evaluate.MaskedLikelihood;
import dev.anneal.evaluate.RandomMasks;
import dev.anneal.evaluate.TextLikelihood;
import dev.anneal.evaluate.TextSize;
import dev.anneal.evaluate.Timing;
import dev.anneal.model.Reading;
import dev.anneal.noise.Corruption;
import dev.anneal.objective.BoundEstimate;
import dev.anneal.objective.Noising;
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
import java.util.function.IntFunction;

/**
 * The likelihood of a text: the exact bound under a hyperschedule, or the masked estimate.
 *
 * @param model the model's name
 * @param text what is measured
 * @param hyperschedule of the exact bound; absent for the masked estimate
 * @param laboratory where
 */
record TextMeasurement(
    String model, TextRecipe text, Optional<Choice> hyperschedule, Laboratory laboratory)
    implements Measurement {

  TextMeasurement {
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
    var chunks = new Chunks(tokens, subject.config().longest());
    int count =
        Math.toIntExact(Math.min(chunks.count(), text.sequences().orElse(Integer.MAX_VALUE)));
    SequencedMap<String, Figure> figures =
        figures(loaded, i -> chunks.sequence(i * chunks.count() / count), count);
    return Optional.of(
        new EvaluationReport(
            EvaluationReport.FORMAT,
            fingerprint(subject, tokens),
            choices(),
            figures,
            Optional.empty(),
            Optional.empty(),
            new Timing(started, Names.seconds(started), 0)));
  }

  private SequencedMap<String, Figure> figures(
      Model loaded, IntFunction<int[]> sequences, int count) {
    var figures = new LinkedHashMap<String, Figure>();
    if (hyperschedule.isEmpty() && loaded.network().reading() != Reading.GUESS) {
      figures.put("nats_per_token", new Absent("the model gives scores, it does not guess masks"));
      return figures;
    }
    TextSize size = TextSize.of(sequences, count, loaded.tokenizer());
    TextLikelihood likelihood =
        hyperschedule.isPresent()
            ? TextLikelihood.of(bound(loaded, hyperschedule.get(), sequences, count), size)
            : new TextLikelihood(
                new MaskedLikelihood(
                        loaded.network(),
                        loaded.config().alignment(),
                        new RandomMasks(text.draws()))
                    .measure(sequences, count, new Rng(SEED)),
                size);
    figures.put("nats_per_token", likelihood.nats());
    figures.put("perplexity", likelihood.perplexity());
    figures.put("bits_per_character", likelihood.bitsPerCharacter());
    figures.put("bits_per_byte", likelihood.bitsPerByte());
    return figures;
  }

  private static BoundEstimate bound(
      Model loaded, Choice choice, IntFunction<int[]> sequences, int count) {
    var noising =
        new Noising(
                Ingredients.hyperschedule(choice, loaded.config().longest()),
                Noising.Times.GRID,
                loaded.config().context(),
                loaded.config().noise(),
                new Corruption(loaded.tokenizer().size(), loaded.tokenizer().mask()))
            .withAlignment(loaded.config().alignment());
    return BoundEstimate.measure(loaded.network(), noising, sequences, count, new Rng(SEED));
  }
}

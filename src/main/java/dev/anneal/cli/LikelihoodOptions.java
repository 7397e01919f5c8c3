package dev.anneal.cli;

import dev.anneal.data.Chunks;
import dev.anneal.data.TokenFile;
import dev.anneal.evaluate.ChainRule;
import dev.anneal.evaluate.MaskedLikelihood;
import dev.anneal.evaluate.Masking;
import dev.anneal.evaluate.RandomMasks;
import dev.anneal.evaluate.TextLikelihood;
import dev.anneal.evaluate.TextSize;
import dev.anneal.noise.Corruption;
import dev.anneal.objective.BoundEstimate;
import dev.anneal.objective.Noising;
import dev.anneal.schedule.Hyperschedule;
import dev.anneal.store.Model;
import dev.anneal.tensor.Rng;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code anneal evaluate} that say how the likelihood of a text is measured. */
final class LikelihoodOptions {

  /** Ways to measure it, in the words of {@code --estimate}. */
  enum Way {
    EXACT,
    MASKED,
    CHAIN_RULE
  }

  @Option(
      names = "--estimate",
      paramLabel = "NAME",
      defaultValue = "exact",
      description =
          "exact: the bound under the hyperschedule; masked: that of masked diffusion, as papers"
              + " quote it; chain-rule: left to right with all later tokens masked (default:"
              + " ${DEFAULT-VALUE}).")
  private Way way = Way.EXACT;

  @Option(
      names = "--draws",
      paramLabel = "N",
      defaultValue = "16",
      description = "Masked copies of each sequence, for masked (default: ${DEFAULT-VALUE}).")
  private int draws;

  @Option(
      names = "--sequences",
      paramLabel = "N",
      description = "Measure N sequences spread over the text (default: all).")
  private @Nullable Integer sequences;

  /**
   * Measures the likelihood of texts.
   *
   * @throws IOException if the model or a text cannot be read
   */
  Report measure(
      TextOptions texts, ModelOptions model, HyperscheduleOptions hyperschedule, long seed)
      throws IOException {
    try (Model loaded = model.load()) {
      TokenFile tokens = TextOptions.tokens(texts.documents(), loaded.tokenizer());
      var chunks = new Chunks(tokens, loaded.config().longest());
      int count = count(chunks.count());
      IntFunction<int[]> chosen = i -> chunks.sequence(i * chunks.count() / count);
      var measurement = new Measurement(loaded, chosen, count, new Rng(seed));
      Report report =
          switch (way) {
            case EXACT -> measurement.exact(hyperschedule.forLength(chunks.length()));
            case MASKED -> measurement.masked(new RandomMasks(draws));
            case CHAIN_RULE -> measurement.masked(new ChainRule());
          };
      report.json().put("estimate", Words.of(way));
      report.json().put("cleaner", texts.cleaner());
      report.json().put("seed", seed);
      report.json().put("model_digest", model.digest());
      report.json().put("data_digest", tokens.sourceDigest());
      report.json().put("tokenizer_digest", tokens.tokenizerDigest());
      return report;
    }
  }

  private int count(long all) {
    if (sequences == null) {
      return Math.toIntExact(all);
    }
    if (sequences < 1) {
      throw new IllegalArgumentException("sequences %d: expected at least 1".formatted(sequences));
    }
    return (int) Math.min(sequences, all);
  }

  /** Some sequences and who measures them. */
  private record Measurement(Model model, IntFunction<int[]> sequences, int count, Rng rng) {

    Report exact(Hyperschedule hyperschedule) {
      var noising =
          new Noising(
                  hyperschedule,
                  Noising.Times.GRID,
                  model.config().context(),
                  model.config().noise(),
                  new Corruption(model.tokenizer().size(), model.tokenizer().mask()))
              .withAlignment(model.config().alignment());
      var bound = BoundEstimate.measure(model.network(), noising, sequences, count, rng);
      Report report = report(TextLikelihood.of(bound, size()), hyperschedule.described());
      report.json().put("hyperschedule", hyperschedule.name());
      return report;
    }

    Report masked(Masking masking) {
      var likelihood = new MaskedLikelihood(model.network(), model.config().alignment(), masking);
      Report report =
          report(
              new TextLikelihood(likelihood.measure(sequences, count, rng), size()),
              masking.described());
      report.json().put("masking", masking.described());
      return report;
    }

    private TextSize size() {
      return TextSize.of(sequences, count, model.tokenizer());
    }
  }

  private static Report report(TextLikelihood likelihood, String how) {
    var json = new LinkedHashMap<String, Object>();
    json.put("nats_per_token", likelihood.nats().value());
    likelihood.nats().standardError().ifPresent(error -> json.put("standard_error", error));
    json.put("perplexity", likelihood.perplexity().value());
    json.put("bits_per_character", likelihood.bitsPerCharacter().value());
    json.put("bits_per_byte", likelihood.bitsPerByte().value());
    json.put("sequences", likelihood.nats().count());
    json.put("tokens", likelihood.size().tokens());
    json.put("characters", likelihood.size().characters());
    json.put("bytes", likelihood.size().bytes());
    String line =
        String.format(
            Locale.ROOT,
            "%s: %s nats per token, perplexity %s, %s bits per character, on %,d tokens",
            how,
            likelihood.nats().described(),
            likelihood.perplexity().described(),
            likelihood.bitsPerCharacter().described(),
            likelihood.size().tokens());
    return new Report(json, List.of(line));
  }
}

package dev.anneal.cli;

import dev.anneal.evaluate.Batch;
import dev.anneal.evaluate.Fingerprint;
import dev.anneal.evaluate.LikelihoodProtocol;
import dev.anneal.evaluate.LikelihoodProtocol.Way;
import dev.anneal.evaluate.LossTally.Denominator;
import dev.anneal.evaluate.Passages.Cut;
import dev.anneal.evaluate.Protocol;
import dev.anneal.schedule.HyperscheduleChoice;
import dev.anneal.store.Model;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code anneal evaluate} that say how the likelihood of a text is measured. */
final class LikelihoodOptions {

  /** What a protocol fixes, and so refuses; the sampler's options do nothing for a text. */
  static final List<String> FIXED =
      List.of(
          "--estimate",
          "--draws",
          "--cut",
          "--sequences",
          "--hyperschedule",
          "--width",
          "--rate",
          "--levels");

  private static final int MASKED_DRAWS = 16;

  @Option(
      names = "--estimate",
      paramLabel = "NAME",
      description =
          "exact: the bound under the hyperschedule; masked: that of masked diffusion, as papers"
              + " quote it; chain-rule: left to right with all later tokens masked (default:"
              + " exact).")
  private @Nullable Way way;

  @Option(
      names = "--draws",
      paramLabel = "N",
      description = "Noised copies of each sequence (default: 1 for exact, 16 for masked).")
  private @Nullable Integer draws;

  @Option(
      names = "--cut",
      paramLabel = "NAME",
      description =
          "How documents become sequences as long as the model takes: all, one after the other;"
              + " whole, without the shorter rest at the end; wrapped, between end tokens; window,"
              + " one of each document (default: all).")
  private @Nullable Cut cut;

  @Option(
      names = "--sequences",
      paramLabel = "N",
      description = "Measure N sequences spread over the text (default: all).")
  private @Nullable Integer sequences;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description =
          "Copies of sequences that go through the model at once: a matter of speed, which changes"
              + " no number beyond the model's own rounding (default: 8, or what fits).")
  private @Nullable Integer batch;

  /**
   * Measures the likelihood of texts.
   *
   * @throws IOException if the model or a text cannot be read
   */
  Report measure(
      Evaluation evaluation,
      TextOptions texts,
      ModelOptions model,
      HyperscheduleOptions hyperschedule)
      throws IOException {
    try (Model loaded = model.load()) {
      return measurement(evaluation, loaded, model.source(), hyperschedule).measure(texts);
    }
  }

  /**
   * The measurement with a model, which stays the caller's.
   *
   * @param source what the model is
   */
  LikelihoodMeasurement measurement(
      Evaluation evaluation,
      Model model,
      Fingerprint.Source source,
      HyperscheduleOptions hyperschedule) {
    LikelihoodProtocol protocol =
        evaluation.protocol().map(Protocol::likelihood).orElseGet(this::own);
    if (sequences != null && sequences < 1) {
      throw new IllegalArgumentException("sequences %d: expected at least 1".formatted(sequences));
    }
    int length = model.config().longest();
    var asked =
        new LikelihoodMeasurement.Asked(
            protocol,
            evaluation.protocol().isPresent()
                ? HyperscheduleChoice.of("flat").forLength(length)
                : hyperschedule.forLength(length),
            sequences == null ? OptionalInt.empty() : OptionalInt.of(sequences),
            Optional.ofNullable(batch).map(Batch::new));
    return new LikelihoodMeasurement(evaluation, model, source, asked);
  }

  /** The user's own choices. */
  private LikelihoodProtocol own() {
    Way chosen = way == null ? Way.EXACT : way;
    int usual = chosen == Way.MASKED ? MASKED_DRAWS : 1;
    return new LikelihoodProtocol(
        chosen,
        draws == null ? usual : draws,
        0,
        cut == null ? Cut.ALL : cut,
        Denominator.MEASURED);
  }
}

package dev.anneal.cli;

import dev.anneal.evaluate.Protocol;
import dev.anneal.evaluate.SampleProtocol;
import dev.anneal.evaluate.SampleProtocol.Definition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code anneal evaluate} that name generated texts and who judges them. */
final class SampleOptions {

  /** What a protocol fixes, and so refuses; what is compared under it is left to the user. */
  static final List<String> FIXED =
      List.of(
          "--perplexity",
          "--mauve-length",
          "--prompt",
          "--length",
          "--temperature",
          "--top-p",
          "--guidance");

  private static final int MAUVE_LENGTH = 128;

  @Option(
      names = "--samples",
      paramLabel = "FILE",
      description =
          "Measure generated texts: a .json file that generate --json printed, or .jsonl, .txt or"
              + " .parquet with texts alone.")
  private @Nullable Path file;

  @Option(
      names = "--generate",
      paramLabel = "K",
      description = "Generate K texts, with the options of generate, and measure them.")
  private @Nullable Integer count;

  @Option(
      names = "--judge",
      paramLabel = "DIR",
      description = "The causal model, such as an imported GPT-2, that judges generated texts.")
  private @Nullable String judge;

  @Option(
      names = "--perplexity",
      paramLabel = "OF",
      description =
          "Which perplexity the judge is asked for: ids, each text's own on the tokens it was"
              + " generated as; texts, that of all texts together as the judge reads them; both"
              + " (default: both).")
  private @Nullable Definition definition;

  @Option(
      names = "--reference",
      paramLabel = "FILE",
      arity = "1..*",
      description = "Texts of people, to compare the generated ones with (MAUVE).")
  private List<Path> reference = List.of();

  @Option(
      names = "--mauve-length",
      paramLabel = "N",
      description =
          "How many of a text's tokens MAUVE looks at: 128 and 1024 are usual (default: 128).")
  private @Nullable Integer mauveLength;

  /**
   * Whether generated texts are to be measured.
   *
   * @throws IllegalArgumentException if two are named, or what needs others stands alone
   */
  boolean given() {
    if (file != null && count != null) {
      throw new IllegalArgumentException("--samples and --generate: expected one of them");
    }
    boolean given = file != null || count != null;
    if (judge != null && !given) {
      throw new IllegalArgumentException("--judge: expected --samples or --generate with it");
    }
    if (!reference.isEmpty() && judge == null) {
      throw new IllegalArgumentException("--reference: expected --judge with it");
    }
    return given;
  }

  /**
   * Measures the texts.
   *
   * @param model who writes those that are to be generated
   * @param reading how texts of people are read
   * @throws IOException if a model or the texts cannot be read
   */
  Report measure(
      Evaluation evaluation, ModelOptions model, GenerationOptions generation, TextOptions reading)
      throws IOException {
    SampleProtocol protocol = evaluation.protocol().map(Protocol::samples).orElseGet(this::own);
    if (count != null && count != protocol.texts()) {
      throw new IllegalArgumentException(
          "--generate %d with --protocol %s: expected --generate %d"
              .formatted(count, evaluation.protocolName(), protocol.texts()));
    }
    if (protocol.mauveLength().isEmpty() && !reference.isEmpty()) {
      throw new IllegalArgumentException(
          "--reference with --protocol %s, which has no MAUVE: expected one of the two"
              .formatted(evaluation.protocolName()));
    }
    var asked =
        new SampleMeasurement.Asked(
            Optional.ofNullable(file), protocol, Optional.ofNullable(judge), reference);
    return new SampleMeasurement(evaluation, model, generation, reading, asked).measure();
  }

  /** The user's own choices. */
  private SampleProtocol own() {
    if (count != null && count < 1) {
      throw new IllegalArgumentException("generate %d: expected at least 1".formatted(count));
    }
    return new SampleProtocol(
        count == null ? SampleProtocol.ANY_NUMBER : count,
        definition == null ? Definition.BOTH : definition,
        OptionalInt.of(mauveLength == null ? MAUVE_LENGTH : mauveLength));
  }
}

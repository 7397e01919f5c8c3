package dev.anneal.evaluate;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * What an evaluation found, the content of a {@link ReportFile}. Names in the file are those here
 * in snake case; members may be added, but keep their meaning.
 *
 * @param format {@value #FORMAT}
 * @param fingerprint what was measured: reports compare if theirs do
 * @param choices how it was measured, every choice by its name, such as "draws" → "16"
 * @param figures the results by their names, such as "nats_per_token" or "mauve"
 * @param likelihood where the nats of a text lie; absent if no text was measured
 * @param generation the generated texts one by one; absent if none were measured
 * @param timing how long it took; the only part that another run of the same does not repeat
 */
public record EvaluationReport(
    String format,
    Fingerprint fingerprint,
    SequencedMap<String, String> choices,
    SequencedMap<String, Figure> figures,
    Optional<LikelihoodDetails> likelihood,
    Optional<GenerationDetails> generation,
    Timing timing) {

  /** What {@link #format} says. */
  public static final String FORMAT = "anneal-report-1";

  /** Checks the format and keeps the order of the maps. */
  public EvaluationReport {
    if (!format.equals(FORMAT)) {
      throw new IllegalArgumentException(
          "report of the format %s: expected %s".formatted(format, FORMAT));
    }
    choices = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(choices));
    figures = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(figures));
  }
}

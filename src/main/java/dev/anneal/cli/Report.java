package dev.anneal.cli;

import dev.anneal.evaluate.EvaluationReport;
import dev.anneal.evaluate.Samples;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an evaluation found.
 *
 * @param json the JSON object that is printed
 * @param lines the same for a person
 * @param details all of it, for a report's folder
 * @param samples texts that were generated for it, which the folder keeps
 */
record Report(
    Map<String, Object> json,
    List<String> lines,
    EvaluationReport details,
    Optional<Samples> samples) {

  /** Without texts that were generated for it. */
  Report(Map<String, Object> json, List<String> lines, EvaluationReport details) {
    this(json, lines, details, Optional.empty());
  }

  /** The same with the texts that were generated for it. */
  Report withSamples(Optional<Samples> generated) {
    return new Report(json, lines, details, generated);
  }
}

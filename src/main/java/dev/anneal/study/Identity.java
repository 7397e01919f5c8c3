package dev.anneal.study;

import dev.anneal.evaluate.EvaluationReport;
import dev.anneal.evaluate.Fingerprint;
import java.util.SequencedMap;

/**
 * What decides every figure of a measurement, known before it is made.
 *
 * @param fingerprint what is measured with what
 * @param choices how, every choice by its name
 */
record Identity(Fingerprint fingerprint, SequencedMap<String, String> choices) {

  /** Whether a report is of the same measurement. */
  boolean isOf(EvaluationReport report) {
    return report.fingerprint().equals(fingerprint) && report.choices().equals(choices);
  }
}

package dev.anneal.study;

import dev.anneal.evaluate.EvaluationReport;
import dev.anneal.evaluate.GenerationDetails;
import dev.anneal.evaluate.GenerationDetails.Made;
import dev.anneal.evaluate.GenerationQuality;
import dev.anneal.evaluate.Timing;
import dev.anneal.store.Model;
import java.io.IOException;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** One thing that a study measures of one of its models, or of people. */
sealed interface Measurement permits ReadingMeasurement, WritingMeasurement, PeopleMeasurement {

  /** Of whatever is drawn, in every study: its rows compare best on the same draws. */
  long SEED = 1;

  /** The name of the model, or what people are called. */
  String model();

  /** The folder of its report, below the study's measurements. */
  String folder();

  /** What is measured, in words. */
  String described();

  /**
   * What decides its figures, without measuring them.
   *
   * @throws IOException if something cannot be read
   */
  Identity identity(Subject subject) throws IOException;

  /**
   * Measures.
   *
   * @param model loaded from the subject's folder
   * @param stopped asked now and then; true gives the measurement up
   * @return the report, or nothing if it was given up
   * @throws IOException if something cannot be read
   */
  Optional<EvaluationReport> measure(Model model, Subject subject, BooleanSupplier stopped)
      throws IOException;

  /** The report of texts that were judged. */
  static EvaluationReport ofTexts(
      Identity identity, GenerationQuality quality, Optional<Made> made, Timing timing) {
    return new EvaluationReport(
        EvaluationReport.FORMAT,
        identity.fingerprint(),
        identity.choices(),
        quality.figures(),
        Optional.empty(),
        Optional.of(new GenerationDetails(made, quality.texts())),
        timing);
  }
}

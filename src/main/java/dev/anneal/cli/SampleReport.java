package dev.anneal.cli;

import dev.anneal.evaluate.EvaluationReport;
import dev.anneal.evaluate.GenerationDetails;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** How the figures of generated texts are printed. */
final class SampleReport {
  private SampleReport() {}

  /**
   * The report with its lines and the object of {@code --json}.
   *
   * @param judge what the user calls it
   */
  static Report of(EvaluationReport report, Optional<String> judge) {
    GenerationDetails details = report.generation().orElseThrow();
    var json = new LinkedHashMap<String, Object>();
    var lines = new ArrayList<String>();
    json.put("samples", details.texts().size());
    judge.ifPresent(name -> json.put("judge", name));
    details.made().ifPresent(made -> json.put("generation", generation(made)));
    putNumber(json, report, "reference_texts");
    putNumber(json, report, "mauve_length");
    report
        .figures()
        .forEach(
            (name, figure) -> {
              json.put(name, figure.entry());
              lines.add(name.replace('_', ' ') + ": " + figure.described());
            });
    LikelihoodReport.putProvenance(json, report);
    lines.add(LikelihoodReport.choices(report));
    lines.add(LikelihoodReport.fingerprint(report.fingerprint()));
    return new Report(json, lines, report);
  }

  private static void putNumber(Map<String, Object> json, EvaluationReport report, String name) {
    if (report.choices().containsKey(name)) {
      json.put(name, Integer.parseInt(report.choices().get(name)));
    }
  }

  private static Map<String, Object> generation(GenerationDetails.Made made) {
    var generation = new LinkedHashMap<String, Object>();
    generation.put("length", made.length());
    generation.put("hyperschedule", made.hyperschedule());
    generation.put("calls", made.calls());
    generation.put("rate", made.rate());
    generation.put("sampler", made.sampler());
    generation.putAll(made.settings());
    generation.put("temperature", made.temperature());
    generation.put("top_p", made.topP());
    generation.put("guidance", made.guidance());
    return generation;
  }
}

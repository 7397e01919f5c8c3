package dev.anneal.study;

import dev.anneal.recipe.StudyModel;
import dev.anneal.train.RunFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a study leaves on the disk: a run of each model that it trains in {@code models/NAME} and
 * {@code judge}, a report of each measurement below {@code measurements}, and {@code report.html}
 * and {@code report.md} of them all.
 *
 * @param path the study's folder
 */
public record StudyFolder(Path path) {

  /** The run of one of the models that are compared. */
  RunFolder run(StudyModel.Trained model) {
    return new RunFolder(path.resolve("models").resolve(model.name()));
  }

  /** The run of the judge. */
  RunFolder judgeRun() {
    return new RunFolder(path.resolve("judge"));
  }

  /** The folder of a compared model. */
  Path model(StudyModel model) {
    return switch (model) {
      case StudyModel.Trained trained -> run(trained).model();
      case StudyModel.Existing existing -> existing.folder();
    };
  }

  /** The folder of the judge. */
  Path judge(StudyModel judge) {
    return switch (judge) {
      case StudyModel.Trained _ -> judgeRun().model();
      case StudyModel.Existing existing -> existing.folder();
    };
  }

  /** The folder of a measurement's report. */
  Path measurement(String name) {
    return path.resolve("measurements").resolve(name);
  }

  /** The page with tables and pictures. */
  public Path page() {
    return path.resolve("report.html");
  }

  /**
   * Writes the page, and its tables in Markdown.
   *
   * @param title of the page
   * @throws IOException if they cannot be written
   */
  public void write(String title, Evidence evidence) throws IOException {
    Files.createDirectories(path);
    Files.writeString(page(), ReportPage.html(title, evidence), StandardCharsets.UTF_8);
    Files.writeString(
        path.resolve("report.md"),
        "# " + title + "\n\n" + ReportPage.markdown(evidence),
        StandardCharsets.UTF_8);
  }
}

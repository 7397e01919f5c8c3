package dev.anneal.study;

import dev.anneal.recipe.StudyModel;
import dev.anneal.train.RunFolder;
import java.nio.file.Path;

/**
 * What a study leaves on the disk: a run of each model that it trains in {@code models/NAME} and
 * {@code judge}.
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
}

package dev.anneal.study;

import dev.anneal.evaluate.EvaluationReport;
import dev.anneal.evaluate.ReportFile;
import dev.anneal.recipe.StudyModel;
import dev.anneal.recipe.StudyRecipe;
import dev.anneal.train.RunFolder;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What tables and pictures are made of.
 *
 * @param trainings of models
 * @param reports of measurements
 */
public record Evidence(List<TrainingRecord> trainings, List<EvaluationReport> reports) {

  /** Copies the lists. */
  public Evidence {
    trainings = List.copyOf(trainings);
    reports = List.copyOf(reports);
  }

  /** What a study has so far, in its own order. */
  static Evidence of(StudyRecipe study, StudyFolder folder, List<Path> measurements)
      throws IOException {
    var trainings = new ArrayList<TrainingRecord>();
    for (StudyModel model : study.models()) {
      if (model instanceof StudyModel.Trained trained && folder.run(trained).exists()) {
        trainings.add(TrainingRecord.read(model.name(), folder.run(trained)));
      }
    }
    var reports = new ArrayList<EvaluationReport>();
    for (Path measurement : measurements) {
      if (hasReport(measurement)) {
        reports.add(ReportFile.read(measurement));
      }
    }
    return new Evidence(trainings, reports);
  }

  /**
   * What lies in some folders: training runs, reports, and studies with all of theirs.
   *
   * @throws IOException if a folder holds none of them, or one that cannot be read
   */
  public static Evidence in(List<Path> folders) throws IOException {
    var trainings = new ArrayList<TrainingRecord>();
    var reports = new ArrayList<EvaluationReport>();
    for (Path folder : folders) {
      if (!Files.isDirectory(folder)) {
        throw new NoSuchFileException(folder.toString(), null, "no such folder");
      }
      List<Path> runs = found(folder, "models", path -> new RunFolder(path).exists());
      List<Path> measurements = found(folder, "measurements", Evidence::hasReport);
      if (runs.isEmpty() && measurements.isEmpty()) {
        throw new FileSystemException(
            folder.toString(),
            null,
            "nothing to compare: expected a training run, a report or a study");
      }
      for (Path run : runs) {
        trainings.add(TrainingRecord.read(name(run), new RunFolder(run)));
      }
      for (Path measurement : measurements) {
        reports.add(ReportFile.read(measurement));
      }
    }
    return new Evidence(trainings, reports);
  }

  /** The folder itself if it fits, else those that fit in a folder within it. */
  private static List<Path> found(Path folder, String within, Predicate<Path> fits)
      throws IOException {
    if (fits.test(folder)) {
      return List.of(folder);
    }
    if (!Files.isDirectory(folder.resolve(within))) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(folder.resolve(within), 2)) {
      return all.filter(Files::isDirectory).filter(fits).sorted().toList();
    }
  }

  private static boolean hasReport(Path folder) {
    return Files.isRegularFile(folder.resolve(ReportFile.NAME));
  }

  /** The last word of a path. */
  static String name(Path folder) {
    Path name = folder.toAbsolutePath().normalize().getFileName();
    return name == null ? folder.toString() : name.toString();
  }
}

package dev.anneal.study;

import dev.anneal.evaluate.Mauve;
import dev.anneal.noise.Noise;
import dev.anneal.noise.NoiseProcess;
import dev.anneal.recipe.Choice;
import dev.anneal.recipe.Family;
import dev.anneal.recipe.StudyModel;
import dev.anneal.recipe.StudyRecipe;
import dev.anneal.recipe.SweepRecipe;
import dev.anneal.recipe.TextRecipe;
import dev.anneal.schedule.NoiseSchedule;
import dev.anneal.store.ModelConfig;
import dev.anneal.study.WritingMeasurement.Way;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which measurements a study asks for. */
final class Plan {
  private final StudyRecipe study;
  private final Laboratory laboratory;

  /**
   * The plan of a study; everything that does not need the models is checked.
   *
   * @throws IllegalArgumentException if a measurement cannot be made
   * @throws IOException if a model that should exist cannot be read
   */
  Plan(StudyRecipe study, Laboratory laboratory) throws IOException {
    this.study = study;
    this.laboratory = laboratory;
    for (TextRecipe text : study.texts()) {
      requireFiles("text " + text.name(), text.files());
    }
    for (StudyModel model : study.models()) {
      requireFit(model);
    }
    if (study.sweep().isPresent()) {
      requireFit(study.sweep().get());
    }
  }

  private static void requireFiles(String what, List<Path> files) throws NoSuchFileException {
    for (Path file : files) {
      if (!Files.isRegularFile(file)) {
        throw new NoSuchFileException(file.toString(), null, "no such file for " + what);
      }
    }
  }

  private void requireFit(StudyModel model) throws IOException {
    Noise noise = noise(model);
    int longest = longest(model);
    for (Measurement each : of(model, Optional.empty())) {
      if (each instanceof WritingMeasurement sweep) {
        sweep.way().requireFit(noise);
        if (sweep.way().length() > longest) {
          throw new IllegalArgumentException(
              "sweep.length %d is more than that of %s: expected at most %d"
                  .formatted(sweep.way().length(), model.name(), longest));
        }
      }
    }
  }

  private void requireFit(SweepRecipe sweep) throws IOException {
    if (sweep.reference().isEmpty()) {
      return;
    }
    requireFiles("sweep.reference", sweep.reference().get().files());
    if (study.judge().isEmpty()) {
      throw new IllegalArgumentException("sweep.reference without a judge: expected both");
    }
    if (sweep.samples() < Mauve.FEWEST) {
      throw new IllegalArgumentException(
          "sweep.samples %d: expected at least %d, to compare them with sweep.reference"
              .formatted(sweep.samples(), Mauve.FEWEST));
    }
  }

  private static int longest(StudyModel model) throws IOException {
    return switch (model) {
      case StudyModel.Existing existing -> ModelConfig.read(existing.folder()).longest();
      case StudyModel.Trained trained -> trained.recipe().model().longestText();
    };
  }

  private static Noise noise(StudyModel model) throws IOException {
    return switch (model) {
      case StudyModel.Existing existing -> ModelConfig.read(existing.folder()).noise();
      case StudyModel.Trained trained ->
          new Noise(
              Family.of(NoiseProcess.class).create(trained.recipe().noise()),
              Family.of(NoiseSchedule.class).create(trained.recipe().noiseSchedule()));
    };
  }

  /** What is measured of one of the models. */
  List<Measurement> of(StudyModel model, Optional<Jury> jury) {
    var measurements = new ArrayList<Measurement>();
    for (TextRecipe text : study.texts()) {
      for (TextRecipe.Likelihood estimate : text.estimates()) {
        if (estimate == TextRecipe.Likelihood.EXACT) {
          model
              .hyperschedules()
              .forEach(choice -> measurements.add(text(model, text, LikelihoodWay.exact(choice))));
        } else {
          measurements.add(text(model, text, LikelihoodWay.masks(estimate)));
        }
      }
    }
    study.sweep().ifPresent(sweep -> add(measurements, sweep, model, jury));
    return measurements;
  }

  /** What is measured of people, once there are texts of theirs. */
  Optional<Measurement> ofPeople(Optional<Jury> jury) {
    return study
        .sweep()
        .filter(sweep -> sweep.reference().isPresent())
        .map(sweep -> new PeopleMeasurement(sweep.samples(), jury, laboratory));
  }

  private Measurement text(StudyModel model, TextRecipe text, LikelihoodWay way) {
    return new ReadingMeasurement(model.name(), text, way, laboratory);
  }

  private void add(
      List<Measurement> measurements, SweepRecipe sweep, StudyModel model, Optional<Jury> jury) {
    for (SweepRecipe.Line line : sweep.lines()) {
      if (!line.models().contains(model.name())) {
        continue;
      }
      for (double rate : line.rates()) {
        for (Choice sampler : line.samplers()) {
          for (double temperature : line.temperatures()) {
            var way =
                new Way(
                    sweep.samples(),
                    sweep.length(),
                    line.hyperschedule(),
                    rate,
                    sampler,
                    temperature);
            measurements.add(new WritingMeasurement(model.name(), way, jury, laboratory));
          }
        }
      }
    }
  }
}

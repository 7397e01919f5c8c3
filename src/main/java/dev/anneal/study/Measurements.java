package dev.anneal.study;

import dev.anneal.evaluate.EvaluationReport;
import dev.anneal.evaluate.ReportFile;
import dev.anneal.recipe.StudyModel;
import dev.anneal.recipe.StudyRecipe;
import dev.anneal.store.Model;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.BooleanSupplier;

/**
 * All that a study measures, model after model. A report that exists is kept if the same
 * measurement of the same things would be made again; so a study that is started again measures
 * what is missing or changed.
 */
public final class Measurements {
  private final StudyRecipe study;
  private final StudyFolder folder;
  private final Laboratory laboratory;
  private final Plan plan;

  /** Hears how it goes. */
  @FunctionalInterface
  public interface Watcher {

    /** A measurement is finished. */
    void measured(Place place, EvaluationReport report);
  }

  /**
   * Which measurement of a study it is.
   *
   * @param number from 1, those that were kept included
   * @param all how many there are
   * @param described what is measured
   */
  public record Place(int number, int all, String described) {}

  /**
   * The measurements of a study. Everything that does not need the models is checked here, so that
   * a mistake does not come to light after hours of training.
   *
   * @throws IllegalArgumentException if a measurement cannot be made
   * @throws IOException if a model that should exist cannot be read
   */
  public Measurements(StudyRecipe study, StudyFolder folder, Laboratory laboratory)
      throws IOException {
    this.study = study;
    this.folder = folder;
    this.laboratory = laboratory;
    this.plan = new Plan(study, laboratory);
  }

  /**
   * Makes all measurements that are missing; the models must be there.
   *
   * @param stopped asked after every measurement, and within long ones; true ends
   * @return true if all are made, false if it was stopped
   * @throws IOException if something cannot be read or written
   */
  public boolean run(Watcher watcher, BooleanSupplier stopped) throws IOException {
    try (Judges judges = new Judges()) {
      var planned = new LinkedHashMap<Subject, List<Measurement>>();
      for (StudyModel model : study.models()) {
        Subject subject = Subject.of(model.name(), folder.model(model));
        planned.put(subject, plan.of(model, judges.jury));
      }
      Optional<Measurement> ofPeople = plan.ofPeople(judges.jury);
      if (ofPeople.isPresent()) {
        planned.put(judges.jury.orElseThrow().subject(), List.of(ofPeople.get()));
      }
      int all = planned.values().stream().mapToInt(List::size).sum();
      int number = 0;
      for (var each : planned.entrySet()) {
        if (!run(each.getKey(), each.getValue(), new Count(number, all), watcher, stopped)) {
          return false;
        }
        number += each.getValue().size();
      }
    }
    return true;
  }

  /**
   * What there is by now, in the study's order.
   *
   * @throws IOException if something cannot be read
   */
  public Evidence evidence() throws IOException {
    List<Path> folders = new ArrayList<>();
    for (StudyModel model : study.models()) {
      plan.of(model, Optional.empty())
          .forEach(each -> folders.add(folder.measurement(each.folder())));
    }
    plan.ofPeople(Optional.empty())
        .ifPresent(each -> folders.add(folder.measurement(each.folder())));
    return Evidence.of(study, folder, folders);
  }

  private record Count(int before, int all) {}

  /** The judge, if the study has one that is needed. */
  private final class Judges implements AutoCloseable {
    private final Optional<Jury> jury;

    Judges() throws IOException {
      if (study.judge().isEmpty() || study.sweep().isEmpty()) {
        jury = Optional.empty();
        return;
      }
      StudyModel judge = study.judge().get();
      jury =
          Optional.of(
              new Jury(
                  Subject.of("judge", folder.judge(judge)),
                  study.sweep().get().reference(),
                  laboratory));
    }

    @Override
    public void close() {
      jury.ifPresent(Jury::close);
    }
  }

  private boolean run(
      Subject subject,
      List<Measurement> measurements,
      Count count,
      Watcher watcher,
      BooleanSupplier stopped)
      throws IOException {
    SequencedMap<Integer, Measurement> missing = new LinkedHashMap<>();
    for (Measurement each : measurements) {
      if (!isMade(each, subject)) {
        missing.put(count.before + measurements.indexOf(each) + 1, each);
      }
    }
    if (missing.isEmpty()) {
      return true;
    }
    try (Model loaded = Model.load(subject.folder(), laboratory.placement())) {
      for (var each : missing.entrySet()) {
        Optional<EvaluationReport> report =
            stopped.getAsBoolean()
                ? Optional.empty()
                : each.getValue().measure(loaded, subject, stopped);
        if (report.isEmpty()) {
          return false;
        }
        ReportFile.write(folder.measurement(each.getValue().folder()), report.get());
        watcher.measured(
            new Place(each.getKey(), count.all, each.getValue().described()), report.get());
      }
    }
    return true;
  }

  private boolean isMade(Measurement measurement, Subject subject) throws IOException {
    Path where = folder.measurement(measurement.folder());
    if (!Files.exists(where.resolve(ReportFile.NAME))) {
      return false;
    }
    return measurement.identity(subject).isOf(ReportFile.read(where));
  }
}

package dev.anneal.study;

import dev.anneal.data.Progress;
import dev.anneal.recipe.Recipe;
import dev.anneal.recipe.StudyModel;
import dev.anneal.recipe.StudyRecipe;
import dev.anneal.train.BaseModel;
import dev.anneal.train.Collective;
import dev.anneal.train.Ingredients;
import dev.anneal.train.RunFolder;
import dev.anneal.train.TrainEvent;
import dev.anneal.train.TrainingRun;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The trainings of a study, one after another. What is finished stays, what was stopped goes on: a
 * study that is started again ends as one that never stopped.
 */
public final class Trainings {
  private final SequencedMap<RunFolder, Recipe> runs = new LinkedHashMap<>();
  private final Laboratory laboratory;

  /** Shows how trainings go. */
  public interface Watcher {

    /**
     * A training begins, or goes on.
     *
     * @param number of the run, from 1
     * @param all how many there are
     * @return what hears of its events
     */
    Consumer<TrainEvent> begins(RunFolder run, int number, int all);

    /** How far the text of the run is tokenized. */
    Progress tokenizing();
  }

  /** All models of a study that have to be trained; the judge comes last. */
  public Trainings(StudyRecipe study, StudyFolder folder, Laboratory laboratory) {
    this.laboratory = laboratory;
    for (StudyModel model : study.models()) {
      if (model instanceof StudyModel.Trained trained) {
        runs.put(folder.run(trained), trained.recipe());
      }
    }
    if (study.judge().orElse(null) instanceof StudyModel.Trained judge) {
      runs.put(folder.judgeRun(), judge.recipe());
    }
  }

  /**
   * Trains what is not trained yet. Before the first step all recipes are checked, so that a
   * mistake in the last one does not come to light after hours.
   *
   * @param stopped asked after every step; true saves and ends
   * @return true if all models are trained, false if it was stopped
   * @throws IllegalArgumentException if a recipe does not fit, or a folder holds another run
   * @throws IOException if something cannot be read or written
   */
  public boolean run(Watcher watcher, BooleanSupplier stopped) throws IOException {
    Map<RunFolder, Ingredients> waiting = waiting(watcher);
    int number = runs.size() - waiting.size();
    for (var each : waiting.entrySet()) {
      if (stopped.getAsBoolean()) {
        return false;
      }
      RunFolder run = each.getKey();
      run.beginOrGoOn(each.getValue().recipe());
      Consumer<TrainEvent> listener = watcher.begins(run, ++number, runs.size());
      new TrainingRun(
              each.getValue(), run, laboratory.placement(), listener, stopped, Collective.alone())
          .run();
    }
    return waiting.keySet().stream().allMatch(Trainings::isFinished);
  }

  private Map<RunFolder, Ingredients> waiting(Watcher watcher) throws IOException {
    var waiting = new LinkedHashMap<RunFolder, Ingredients>();
    for (var each : runs.entrySet()) {
      Recipe recipe = BaseModel.identified(each.getValue());
      if (each.getKey().exists()) {
        each.getKey().beginOrGoOn(recipe);
      }
      if (!isFinished(each.getKey())) {
        Ingredients ingredients =
            Ingredients.gather(recipe, laboratory.tokens(), watcher.tokenizing());
        BaseModel.requireFit(ingredients);
        waiting.put(each.getKey(), ingredients);
      }
    }
    return waiting;
  }

  private static boolean isFinished(RunFolder run) {
    return Files.isDirectory(run.model());
  }
}

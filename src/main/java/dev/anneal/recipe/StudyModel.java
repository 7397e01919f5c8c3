package dev.anneal.recipe;

import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** One of the models that a study compares. */
public sealed interface StudyModel {

  /** What it is called in the study's tables and folders. */
  String name();

  /** The same model with every path mapped. */
  StudyModel withPaths(UnaryOperator<Path> mapped);

  /**
   * A model that the study trains.
   *
   * @param recipe what all models share, with what is this one's own; named like the model
   */
  record Trained(Recipe recipe) implements StudyModel {

    @Override
    public String name() {
      return recipe.name();
    }

    @Override
    public Trained withPaths(UnaryOperator<Path> mapped) {
      return new Trained(recipe.withPaths(mapped));
    }
  }

  /**
   * A model that exists.
   *
   * @param name what the study calls it
   * @param folder its model folder
   */
  record Existing(String name, Path folder) implements StudyModel {

    @Override
    public Existing withPaths(UnaryOperator<Path> mapped) {
      return new Existing(name, mapped.apply(folder));
    }
  }
}

package dev.anneal.recipe;

import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/** One of the models that a study compares. */
public sealed interface StudyModel {

  /** What it is called in the study's tables and folders. */
  String name();

  /** The hyperschedules that its likelihoods are measured under. */
  List<Choice> hyperschedules();

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
    public List<Choice> hyperschedules() {
      return recipe.hyperschedules().stream().map(HyperscheduleRecipe::choice).toList();
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
   * @param hyperschedules which its likelihoods are measured under
   */
  record Existing(String name, Path folder, List<Choice> hyperschedules) implements StudyModel {

    public Existing {
      hyperschedules = List.copyOf(hyperschedules);
    }

    @Override
    public Existing withPaths(UnaryOperator<Path> mapped) {
      return new Existing(name, mapped.apply(folder), hyperschedules);
    }
  }
}

package dev.anneal.study;

import dev.anneal.recipe.Choice;
import dev.anneal.recipe.TextRecipe.Likelihood;
import dev.anneal.schedule.Hyperschedule;
import dev.anneal.train.Ingredients;
import java.util.Locale;
import java.util.Optional;

/**
 * A way to measure likelihoods.
 *
 * @param estimate what is measured
 * @param choice the hyperschedule of the exact bound; absent for the other estimates
 */
record LikelihoodWay(Likelihood estimate, Optional<Choice> choice) {

  /** The exact bound under a hyperschedule. */
  static LikelihoodWay exact(Choice choice) {
    return new LikelihoodWay(Likelihood.EXACT, Optional.of(choice));
  }

  /** An estimate that has no hyperschedule. */
  static LikelihoodWay masks(Likelihood estimate) {
    return new LikelihoodWay(estimate, Optional.empty());
  }

  /** The hyperschedule for texts as long as a model takes. */
  Optional<Hyperschedule> hyperschedule(Subject subject) {
    return choice.map(chosen -> Ingredients.hyperschedule(chosen, subject.config().longest()));
  }

  /** Fit for a file's name. */
  String file() {
    return choice.map(Names::file).orElse(word());
  }

  String described() {
    return choice.map(Names::words).orElse(word() + " estimate");
  }

  private String word() {
    return estimate.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

package dev.anneal.recipe;

/**
 * What training makes small.
 *
 * @param name the objective; by default {@code epsilon-cross-entropy}
 * @param lambda λ, the weight of tokens that are not masked against those that are; by default 1
 * @param ceiling the largest 1/(1−p), p the chance of the mask, that weighs a token which is not
 *     masked; by default 100, which touches only the noisiest hundredth of the times
 */
public record ObjectiveRecipe(
    @Default("epsilon-cross-entropy") String name,
    @Default("1.0") double lambda,
    @Default("100.0") double ceiling) {

  public ObjectiveRecipe {
    IllegalSetting.requireText("name", name);
    IllegalSetting.requireZeroOrMore("lambda", lambda);
    if (!(ceiling >= 1) || Double.isInfinite(ceiling)) {
      throw new IllegalSetting("ceiling", ceiling, "at least 1");
    }
  }
}

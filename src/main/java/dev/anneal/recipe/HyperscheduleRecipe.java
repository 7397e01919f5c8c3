package dev.anneal.recipe;

/**
 * One hyperschedule of the mixture a model is trained on: {@code {name: block, width: 16, levels:
 * 16, weight: 0.5}}.
 *
 * @param choice the hyperschedule; without {@code levels}, times are drawn from all of [0, 1]
 *     instead of from the levels' grid
 * @param weight its share of the training tokens, relative to the other weights; by default 1
 */
public record HyperscheduleRecipe(@Rest Choice choice, @Default("1.0") double weight) {

  public HyperscheduleRecipe {
    IllegalSetting.requireAboveZero("weight", weight);
  }
}

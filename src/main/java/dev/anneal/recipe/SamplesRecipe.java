package dev.anneal.recipe;

/**
 * The texts a run prints as it learns.
 *
 * @param every steps between samples
 * @param count texts at a time; by default 1
 * @param length positions of a text, the prompt among them
 * @param prompt what each text begins with; by default nothing
 * @param hyperschedule how it is generated, such as {@code {name: block, width: 16, levels: 16}}
 * @param sampler one update of the window; by default {@code ancestral}
 * @param temperature below 1 sharpens the guesses, above 1 flattens them; by default 1
 */
public record SamplesRecipe(
    int every,
    @Default("1") int count,
    int length,
    @Default("''") String prompt,
    Choice hyperschedule,
    @Default("ancestral") Choice sampler,
    @Default("1.0") double temperature) {

  public SamplesRecipe {
    IllegalSetting.requireAtLeast(1, "every", every);
    IllegalSetting.requireAtLeast(1, "count", count);
    IllegalSetting.requireAtLeast(1, "length", length);
    IllegalSetting.requireAboveZero("temperature", temperature);
  }
}

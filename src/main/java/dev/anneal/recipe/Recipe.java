package dev.anneal.recipe;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;

/**
 * Everything one training run is made of. {@link RecipeReader} reads it from YAML, {@link
 * RecipeWriter} writes it; keys are the components' names in snake_case:
 *
 * <pre>{@code
 * name: tiny
 * data: {train: [novel.txt]}
 * model: {layers: 4, heads: 4, channels: 128, length: 128}
 * noise: {name: epsilon-hybrid, epsilon: 0.01}
 * hyperschedules:
 *   - {name: block, width: 16, levels: 16}
 *   - {name: flat, weight: 0.5}
 * training: {steps: 1000, batch: 16, learning_rate: 1e-3}
 * }</pre>
 *
 * @param name of the run and of its folder: letters, digits, {@code .}, {@code _} and {@code -}
 * @param data what to learn from
 * @param model what learns
 * @param from the model it starts from, as {@code train --from} has it; by default none
 * @param noise the noise process, such as {@code {name: epsilon-hybrid, epsilon: 0.01}}
 * @param noiseSchedule how noise grows with diffusion time, such as {@code {name: log-linear,
 *     floor: 5e-3}}; by default {@code linear}
 * @param hyperschedules the mixture that training sequences follow; at least one
 * @param objective what training makes small, such as {@code {name: score-entropy}}; by default
 *     {@code epsilon-cross-entropy}
 * @param training how long and how fast
 * @param samples the texts printed meanwhile; by default none
 */
public record Recipe(
    String name,
    DataRecipe data,
    ModelRecipe model,
    Optional<BaseRecipe> from,
    Choice noise,
    @Default("linear") Choice noiseSchedule,
    List<HyperscheduleRecipe> hyperschedules,
    @Default("epsilon-cross-entropy") Choice objective,
    TrainingRecipe training,
    Optional<SamplesRecipe> samples) {

  public Recipe {
    hyperschedules = List.copyOf(hyperschedules);
    requireName(name);
    if (hyperschedules.isEmpty()) {
      throw new IllegalSetting("hyperschedules", "[]", "at least one");
    }
    if (samples.isPresent() && samples.get().length() > model.length()) {
      throw new IllegalSetting(
          "samples.length", samples.get().length(), "at most model.length, " + model.length());
    }
  }

  /** Refuses what cannot be the name of a folder everywhere. */
  static void requireName(String name) {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
      throw new IllegalSetting(
          "name", "'" + name + "'", "a letter or digit, then letters, digits, '.', '_' or '-'");
    }
  }

  /** Its settings by their keys, as recipes spell them; what is absent is left out. */
  public SequencedMap<String, String> settings() {
    return Settings.of(this);
  }

  /** The same recipe, started from a model. */
  public Recipe startedFrom(BaseRecipe base) {
    return with(data, Optional.of(base));
  }

  /** The same recipe with every path mapped. */
  Recipe withPaths(UnaryOperator<Path> mapped) {
    return with(data.withPaths(mapped), from.map(base -> base.withPath(mapped)));
  }

  private Recipe with(DataRecipe otherData, Optional<BaseRecipe> otherFrom) {
    return new Recipe(
        name,
        otherData,
        model,
        otherFrom,
        noise,
        noiseSchedule,
        hyperschedules,
        objective,
        training,
        samples);
  }
}

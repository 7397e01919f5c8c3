package dev.anneal.recipe;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Several models that are trained one after another, and measured alike. {@link StudyReader} reads
 * it from YAML:
 *
 * <pre>{@code
 * name: masks-or-mistakes
 * recipe:                        # what all models share, as a training recipe has it
 *   data: {train: [novel.txt], valid: [other.txt]}
 *   model: {layers: 4, heads: 4, channels: 128, length: 128}
 *   training: {steps: 1000, batch: 16, learning_rate: 1e-3}
 * models:                        # what is each one's own
 *   mdlm: {noise: absorb, hyperschedules: [flat]}
 *   epsilon: {noise: {name: epsilon-hybrid, epsilon: 0.01}, hyperschedules: [flat]}
 *   earlier: {folder: ../runs/earlier/model}
 * judge: {data: {train: [third.txt]}, noise: absorb, hyperschedules: [quenched]}
 * }</pre>
 *
 * A model's keys are laid over the shared ones: keys and values are merged; lists, and whatever
 * names a member of a family, are replaced as a whole.
 *
 * @param name of the study and of its folder
 * @param models what is compared, at least one
 * @param judge who judges their texts; absent if nobody does
 */
public record StudyRecipe(String name, List<StudyModel> models, Optional<StudyModel> judge) {

  public StudyRecipe {
    models = List.copyOf(models);
    Recipe.requireName(name);
    if (models.isEmpty()) {
      throw new IllegalSetting("models", "{}", "at least one");
    }
  }

  /** The same study with every path mapped. */
  StudyRecipe withPaths(UnaryOperator<Path> mapped) {
    return new StudyRecipe(
        name,
        models.stream().map(model -> model.withPaths(mapped)).toList(),
        judge.map(model -> model.withPaths(mapped)));
  }
}

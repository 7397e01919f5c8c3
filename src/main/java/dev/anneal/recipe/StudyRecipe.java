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
 *   earlier: {folder: ../runs/earlier/model, hyperschedules: [flat]}
 * judge: {data: {train: [third.txt]}, noise: absorb, hyperschedules: [quenched]}
 * texts:
 *   - {name: other, files: [other.txt]}
 * sweep:
 *   samples: 100
 *   length: 128
 *   lines:
 *     - {models: [epsilon], hyperschedule: flat, rates: [1, 4], samplers: [ancestral, acs]}
 * }</pre>
 *
 * A model's keys are laid over the shared ones: keys and values are merged; lists, and whatever
 * names a member of a family, are replaced as a whole.
 *
 * @param name of the study and of its folder
 * @param models what is compared, at least one
 * @param judge who judges the texts they write; absent if nobody does
 * @param texts whose likelihood each of them measures
 * @param sweep what they write; absent if they write nothing
 */
public record StudyRecipe(
    String name,
    List<StudyModel> models,
    Optional<StudyModel> judge,
    List<TextRecipe> texts,
    Optional<SweepRecipe> sweep) {

  public StudyRecipe {
    models = List.copyOf(models);
    texts = List.copyOf(texts);
    Recipe.requireName(name);
    if (models.isEmpty()) {
      throw new IllegalSetting("models", "{}", "at least one");
    }
    if (texts.stream().map(TextRecipe::name).distinct().count() < texts.size()) {
      throw new IllegalSetting("texts", "a list with a name twice", "a name of its own for each");
    }
    if (!texts.isEmpty()) {
      models.forEach(StudyRecipe::requireHyperschedules);
    }
    List<String> names = models.stream().map(StudyModel::name).toList();
    sweep.ifPresent(swept -> requireKnown(swept, names));
  }

  private static void requireHyperschedules(StudyModel model) {
    if (model.hyperschedules().isEmpty()) {
      throw new IllegalSetting(
          "models." + model.name() + ".hyperschedules", "[]", "at least one, to measure texts");
    }
  }

  private static void requireKnown(SweepRecipe sweep, List<String> names) {
    for (SweepRecipe.Line line : sweep.lines()) {
      for (String model : line.models()) {
        if (!names.contains(model)) {
          throw new IllegalSetting(
              "sweep", "of the model '" + model + "'", "one of " + String.join(", ", names));
        }
      }
    }
  }

  /** The same study with every path mapped. */
  StudyRecipe withPaths(UnaryOperator<Path> mapped) {
    return new StudyRecipe(
        name,
        models.stream().map(model -> model.withPaths(mapped)).toList(),
        judge.map(model -> model.withPaths(mapped)),
        texts.stream().map(text -> text.withPaths(mapped)).toList(),
        sweep.map(swept -> swept.withPaths(mapped)));
  }
}

package dev.anneal.train;

import dev.anneal.data.Digest;
import dev.anneal.data.Tokenizers;
import dev.anneal.model.Parameters;
import dev.anneal.recipe.BaseRecipe;
import dev.anneal.recipe.Recipe;
import dev.anneal.store.ExactMatch;
import dev.anneal.store.Model;
import dev.anneal.store.ModelConfig;
import dev.anneal.store.RefusedFileException;
import dev.anneal.store.SafeTensors;
import dev.anneal.tensor.Device;
import dev.anneal.tensor.Rng;
import dev.anneal.tensor.Scope;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The model that a run starts from. Its weights become the run's, but for those that the recipe
 * calls new, which begin as they do in a run from nothing. Optimizer, averages and steps are the
 * run's own; noise, hyperschedules, outputs and length may be others than the model was trained on.
 */
public final class BaseModel {
  private final BaseRecipe from;
  private final Ingredients ingredients;

  private BaseModel(BaseRecipe from, Ingredients ingredients) {
    this.from = from;
    this.ingredients = ingredients;
  }

  /** The one that a run's recipe names, if it names one. */
  static Optional<BaseModel> of(Ingredients ingredients) {
    return ingredients.recipe().from().map(from -> new BaseModel(from, ingredients));
  }

  /**
   * A recipe that knows its model again: one that starts from a model, with the digest of the
   * model's weights.
   *
   * @throws RefusedFileException if the recipe has the digest of other weights
   * @throws IOException if there is no such model
   */
  public static Recipe identified(Recipe recipe) throws IOException {
    if (recipe.from().isEmpty()) {
      return recipe;
    }
    BaseRecipe from = recipe.from().get();
    return recipe.startedFrom(new BaseRecipe(from.model(), Optional.of(verifiedDigest(from))));
  }

  private static String verifiedDigest(BaseRecipe from) throws IOException {
    Path weights = from.model().resolve(Model.WEIGHTS);
    String digest = Digest.of(weights);
    if (!from.digest().orElse(digest).equals(digest)) {
      throw new RefusedFileException(
          weights,
          "its SHA-256 is %s; the recipe starts from %s".formatted(digest, from.digest().get()));
    }
    return digest;
  }

  /** How a model card names it: the end of its path, and the digest. */
  static String name(BaseRecipe from) {
    Path path = from.model();
    Path end = path.subpath(Math.max(0, path.getNameCount() - 2), path.getNameCount());
    return "`%s`%s"
        .formatted(
            end,
            from.digest().map(digest -> " (SHA-256 of its weights: " + digest + ")").orElse(""));
  }

  /**
   * Refuses a model that does not fit what a run learns, before anything is written; reads no
   * weights.
   *
   * @throws RefusedFileException listing every tensor of the recipe's network that the model lacks
   *     or has in another shape, and every other tensor of the model, unless the recipe calls them
   *     new
   * @throws IllegalArgumentException if the tokenizers or the attention heads differ, or the recipe
   *     calls tensors new that there are not, or without a model to start from
   * @throws IOException if the model cannot be read
   */
  public static void requireFit(Ingredients ingredients) throws IOException {
    Optional<BaseModel> base = of(ingredients);
    List<String> newTensors = ingredients.recipe().training().newTensors();
    if (base.isPresent()) {
      base.get().requireFit();
    } else if (!newTensors.isEmpty()) {
      throw new IllegalArgumentException(
          "training.new_tensors is %s, but all are new; expected a model to start from, --from MODEL"
              .formatted(newTensors));
    }
  }

  private void requireFit() throws IOException {
    ModelConfig config = ModelConfig.read(from.model());
    Path tokenizer = from.model().resolve(Tokenizers.FILE);
    if (!Tokenizers.load(from.model()).digest().equals(ingredients.tokenizer().digest())) {
      throw new IllegalArgumentException(
          "data.tokenizer is %s; expected that of the model, %s"
              .formatted(ingredients.recipe().data().tokenizer(), tokenizer));
    }
    Path file = from.model().resolve(Model.WEIGHTS);
    Map<String, List<Long>> stored = Parameters.shapes(config.shape());
    try (SafeTensors weights = SafeTensors.open(file)) {
      weights.requireExactly(stored);
    }
    requireTensors(file, stored, Parameters.shapes(ingredients.config().shape()));
    int heads = ingredients.config().shape().heads();
    if (config.shape().heads() != heads) {
      throw new IllegalArgumentException(
          "model.heads is %d; expected %d, as many as %s has"
              .formatted(heads, config.shape().heads(), from.model()));
    }
  }

  private void requireTensors(
      Path file, Map<String, List<Long>> stored, Map<String, List<Long>> wanted)
      throws RefusedFileException {
    for (String name : ingredients.recipe().training().newTensors()) {
      if (Stream.of(stored, wanted)
          .flatMap(shapes -> shapes.keySet().stream())
          .noneMatch(tensor -> isNamed(tensor, name))) {
        throw new IllegalArgumentException(
            "training.new_tensors has '%s'; expected tensors of the recipe's network or of %s"
                .formatted(name, from.model()));
      }
    }
    String faults = ExactMatch.faults(taken(wanted), taken(stored));
    if (!faults.isEmpty()) {
      throw new RefusedFileException(
          file,
          "does not fit the recipe's network: %s (training.new_tensors says what starts anew)"
              .formatted(faults));
    }
  }

  /** Those of some tensors that are not new. */
  private <T> Map<String, T> taken(Map<String, T> tensors) {
    var taken = new LinkedHashMap<>(tensors);
    ingredients
        .recipe()
        .training()
        .newTensors()
        .forEach(name -> taken.keySet().removeIf(tensor -> isNamed(tensor, name)));
    return taken;
  }

  /** Whether a tensor has a name in which {@code *} stands for any characters. */
  private static boolean isNamed(String tensor, String name) {
    String pattern =
        Stream.of(name.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
    return tensor.matches(pattern);
  }

  /**
   * The weights that the run starts with, on the CPU.
   *
   * @throws IOException if the model cannot be read, does not fit, or has become another
   */
  Parameters weights(Rng rng) throws IOException {
    verifiedDigest(from);
    requireFit();
    try (Model model = Model.load(from.model(), Device.CPU);
        Scope scope = Scope.withoutGradient()) {
      Parameters weights = Parameters.initial(ingredients.config().shape(), rng);
      taken(weights.all()).forEach((name, tensor) -> tensor.copy_(model.parameters().get(name)));
      return weights;
    }
  }
}

package dev.anneal.train;

import dev.anneal.model.Architecture;
import dev.anneal.model.Parameters;
import dev.anneal.recipe.DataRecipe;
import dev.anneal.recipe.Recipe;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** The first draft of a model's card: what it is, what it was trained on, how it measured. */
final class ModelCard {
  private ModelCard() {}

  static String of(Ingredients ingredients, List<JsonNode> metrics) {
    Recipe recipe = ingredients.recipe();
    Architecture shape = ingredients.config().shape();
    long sequences = (long) recipe.training().steps() * recipe.training().batch();
    var card = new StringBuilder();
    card.append("# ").append(recipe.name()).append("\n\n");
    card.append(
        String.format(
            Locale.ROOT,
            "A network of %,d parameters, %d layers, %d channels, texts of up to %d of %d"
                + " tokens; trained by Anneal on %,d tokens.%n%n",
            Parameters.count(shape),
            shape.layers(),
            shape.channels(),
            shape.length(),
            shape.tokens(),
            sequences * shape.length()));
    metrics.stream()
        .filter(line -> line.has("valid_nats"))
        .reduce((first, last) -> last)
        .ifPresent(line -> table(card, line.path("valid_nats")));
    recipe
        .from()
        .ifPresent(
            base -> card.append("Started from ").append(BaseModel.name(base)).append(".\n\n"));
    card.append(source(recipe.data()));
    return card.toString();
  }

  private static String source(DataRecipe data) {
    return data.task().isPresent()
        ? "Task: %s %s.\n".formatted(data.task().get().name(), data.task().get().settings())
        : "Text: %s.\n".formatted(names(data.train()));
  }

  private static String names(List<Path> files) {
    return files.stream()
        .map(file -> String.valueOf(file.getFileName()))
        .collect(Collectors.joining(", "));
  }

  private static void table(StringBuilder card, JsonNode nats) {
    card.append("Exact bound on held-out text, averaged weights:\n\n");
    card.append("| hyperschedule | nats per token | perplexity |\n|---|---|---|\n");
    nats.propertyStream()
        .forEach(
            each ->
                card.append(
                    String.format(
                        Locale.ROOT,
                        "| %s | %.3f | %.1f |%n",
                        each.getKey(),
                        each.getValue().asDouble(),
                        Math.exp(each.getValue().asDouble()))));
    card.append('\n');
  }
}

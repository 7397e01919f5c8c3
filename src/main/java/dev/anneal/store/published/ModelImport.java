package dev.anneal.store.published;

import dev.anneal.data.GptTokenizer;
import dev.anneal.data.Tokenizer;
import dev.anneal.data.Tokenizers;
import dev.anneal.model.Parameters;
import dev.anneal.store.AtomicWrite;
import dev.anneal.store.Model;
import dev.anneal.store.ModelConfig;
import dev.anneal.store.SafeTensors;
import dev.anneal.store.SafeTensorsWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A model brought into an Anneal folder: a published one is translated, number for number, one of
 * Anneal's is checked and copied.
 *
 * @param family what it was
 * @param config what it is
 * @param tokenizer its text; absent where the vocabulary fits no tokenizer at hand, and then the
 *     model can be checked and measured, but not talk
 */
public record ModelImport(String family, ModelConfig config, Optional<Tokenizer> tokenizer) {

  private static final String OWN = "Anneal";

  /**
   * Imports a folder.
   *
   * @param source the folder
   * @param origin where the model comes from, for its card
   * @param target a folder that does not exist yet
   * @throws IOException if the model is refused or cannot be read or written; then there is no
   *     target
   */
  public static ModelImport run(Path source, String origin, Path target) throws IOException {
    return ModelConfig.isIn(source) ? copy(source, target) : translate(source, origin, target);
  }

  private static ModelImport translate(Path source, String origin, Path target) throws IOException {
    try (PublishedModel model = PublishedModel.open(source)) {
      ModelConfig config = model.config();
      Optional<Tokenizer> tokenizer = tokenizer(source, config.shape().tokens());
      var imported = new ModelImport(model.family(), config, tokenizer);
      AtomicWrite.folder(
          target,
          draft -> {
            config.write(draft);
            if (tokenizer.isPresent()) {
              tokenizer.get().save(draft);
            }
            SafeTensorsWriter.write(
                draft.resolve(Model.WEIGHTS), Map.of(), model.weights().tensors().values());
            Files.writeString(
                draft.resolve(Model.CARD), imported.card(origin), StandardCharsets.UTF_8);
          });
      return imported;
    }
  }

  /** GPT-2's own where the vocabulary has its size, else the folder's where that fits. */
  private static Optional<Tokenizer> tokenizer(Path source, int tokens) throws IOException {
    var gpt = new GptTokenizer();
    if (tokens == gpt.size()) {
      return Optional.of(gpt);
    }
    if (!Files.exists(source.resolve(Tokenizers.FILE))) {
      return Optional.empty();
    }
    Tokenizer found = Tokenizers.load(source);
    return found.size() == tokens ? Optional.of(found) : Optional.empty();
  }

  private static ModelImport copy(Path source, Path target) throws IOException {
    ModelConfig config = ModelConfig.read(source);
    Optional<Tokenizer> tokenizer =
        Files.exists(source.resolve(Tokenizers.FILE))
            ? Optional.of(Model.tokenizer(source, config))
            : Optional.empty();
    try (SafeTensors weights = SafeTensors.open(source.resolve(Model.WEIGHTS))) {
      weights.requireExactly(Parameters.shapes(config.shape()));
      weights.requireFloating();
    }
    AtomicWrite.folder(
        target,
        draft -> {
          for (String file :
              List.of(ModelConfig.FILE, Tokenizers.FILE, Model.WEIGHTS, Model.CARD)) {
            if (Files.exists(source.resolve(file))) {
              Files.copy(source.resolve(file), draft.resolve(file));
            }
          }
        });
    return new ModelImport(OWN, config, tokenizer);
  }

  /** How many numbers the model learned. */
  public long parameters() {
    return Parameters.count(config.shape());
  }

  private String card(String origin) {
    String text =
        tokenizer.isPresent()
            ? ""
            : " It has no tokenizer: none at hand has a vocabulary of this size.";
    return String.format(
        Locale.ROOT,
        "# %s%n%n%s network of %,d parameters, imported by Anneal: the numbers are those published"
            + " there, and so is the licence.%s%n",
        origin,
        family,
        parameters(),
        text);
  }
}

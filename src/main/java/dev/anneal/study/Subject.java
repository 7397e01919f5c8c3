package dev.anneal.study;

import dev.anneal.data.Digest;
import dev.anneal.data.Tokenizer;
import dev.anneal.evaluate.Fingerprint;
import dev.anneal.store.Model;
import dev.anneal.store.ModelConfig;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A model that is measured, known without its weights.
 *
 * @param folder where it is
 * @param source its name in the study, and the digest of its weights
 * @param config what it is
 * @param tokenizer its text
 */
record Subject(Path folder, Fingerprint.Source source, ModelConfig config, Tokenizer tokenizer) {

  /** Looks into a model folder. */
  static Subject of(String name, Path folder) throws IOException {
    ModelConfig config = ModelConfig.read(folder);
    return new Subject(
        folder,
        new Fingerprint.Source(name, Digest.of(folder.resolve(Model.WEIGHTS))),
        config,
        Model.tokenizer(folder, config));
  }
}

package dev.anneal.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of {@code anneal generate} for many prompts. */
final class PromptOptions {

  @Option(
      names = "--prompts",
      paramLabel = "FILE",
      description =
          "A .jsonl file of objects with a prompt and perhaps a seed: a text for each (default seed:"
              + " --seed and the number of lines before).")
  private @Nullable Path file;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where the texts of --prompts go: its lines, with seed, text and ids.")
  private @Nullable Path out;

  @Mixin private final EngineOptions engine = new EngineOptions();

  /** Whether there are prompts, or what only makes sense with them. */
  boolean given() {
    return file != null || out != null || engine.given();
  }

  /** Where the work is done. */
  EngineOptions engine() {
    return engine;
  }

  /**
   * The job of generating a text for each prompt.
   *
   * @throws IOException if the prompts cannot be read
   */
  Divided job(ModelOptions model, GenerationOptions generation, long seed) throws IOException {
    if (file == null || out == null || !generation.prompt().isEmpty()) {
      throw new IllegalArgumentException(
          "generating for many prompts: expected --prompts FILE and --out FILE, and no --prompt");
    }
    return new PromptJob(Prompts.read(file, seed), out, model, generation);
  }
}

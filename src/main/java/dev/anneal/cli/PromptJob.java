package dev.anneal.cli;

import dev.anneal.sample.Generator;
import dev.anneal.sample.Listener;
import dev.anneal.sample.Request;
import dev.anneal.store.AtomicWrite;
import dev.anneal.store.Model;
import dev.anneal.tensor.Rng;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/** A text for each of many prompts, the one that {@code generate} makes of it alone. */
final class PromptJob implements Divided {

  /** Prompts of a part: few, as each takes its calls of the model. */
  private static final int TOGETHER = 8;

  private final Prompts prompts;
  private final Path out;
  private final ModelOptions options;
  private final GenerationOptions generation;
  private final LazyModel model;

  PromptJob(Prompts prompts, Path out, ModelOptions options, GenerationOptions generation) {
    this.prompts = prompts;
    this.out = out;
    this.options = options;
    this.generation = generation;
    this.model = new LazyModel(options);
  }

  @Override
  public List<String> inputs() throws IOException {
    return List.of(prompts.digest(), options.digest());
  }

  @Override
  public void check() throws IOException {
    if (!Files.isDirectory(out.toAbsolutePath().resolveSibling(""))) {
      throw new NoSuchFileException(out.toString(), null, "its folder does not exist");
    }
    for (Prompts.Line line : prompts.lines()) {
      try {
        model.use(loaded -> request(line, loaded));
      } catch (IllegalArgumentException e) {
        throw prompts.refused(line, String.valueOf(e.getMessage()));
      }
    }
  }

  @Override
  public int parts() {
    return Math.ceilDiv(prompts.lines().size(), TOGETHER);
  }

  @Override
  public void write(int number, Path target) throws IOException {
    int first = number * TOGETHER;
    int end = Math.min(first + TOGETHER, prompts.lines().size());
    var written = new StringBuilder();
    for (Prompts.Line line : prompts.lines().subList(first, end)) {
      ObjectNode completed = model.use(loaded -> completed(line, loaded));
      written.append(completed).append('\n');
    }
    ByteBuffer bytes = StandardCharsets.UTF_8.encode(written.toString());
    AtomicWrite.file(
        target,
        channel -> {
          while (bytes.hasRemaining()) {
            channel.write(bytes);
          }
        });
  }

  private Request request(Prompts.Line line, Model loaded) {
    return generation.requestFor(loaded, line.prompt(), new Rng(line.seed()));
  }

  private ObjectNode completed(Prompts.Line line, Model loaded) {
    int[] ids =
        new Generator(loaded.network())
            .generate(request(line, loaded), Listener.NONE)
            .texts()
            .getFirst();
    ObjectNode completed = line.fields().deepCopy();
    completed.put("text", loaded.tokenizer().decode(ids));
    completed.putPOJO("ids", ids);
    return completed;
  }

  /** Puts all texts into one file. */
  Outcome join(List<Path> results) throws IOException {
    AtomicWrite.file(
        out.toAbsolutePath(),
        channel -> {
          OutputStream stream = Channels.newOutputStream(channel);
          for (Path result : results) {
            Files.copy(result, stream);
          }
        });
    var json = new LinkedHashMap<String, Object>();
    json.put("file", out.toString());
    json.put("texts", prompts.lines().size());
    String line = String.format(Locale.ROOT, "%s: %,d texts", out, prompts.lines().size());
    return new Outcome(json, List.of(line));
  }

  @Override
  public void close() {
    model.close();
  }
}

package dev.anneal.cli;

import dev.anneal.data.Documents;
import dev.anneal.data.TokenFile;
import dev.anneal.data.TokenOrigin;
import dev.anneal.data.Tokenizer;
import dev.anneal.data.Tokenizers;
import dev.anneal.tensor.Libtorch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code anneal prepare}: tokenizes a corpus before it is needed. */
@Command(
    name = "prepare",
    description = {
      "Tokenize texts, once: train and evaluate find the tokens where this leaves them.",
      "On Spark each file is a part of its own; the token file is the same, byte for byte."
    })
final class Prepare implements Callable<Integer>, DividedCommand {

  @Spec private @Nullable CommandSpec spec;

  @Mixin private final TextOptions texts = new TextOptions();

  @Option(
      names = "--tokenizer",
      paramLabel = "NAME",
      required = true,
      description = "byte, gpt2 or the path of a tokenizer.json, such as a model folder's.")
  private String tokenizer = "";

  @Option(
      names = "--tokens",
      paramLabel = "DIR",
      description = "Where the token file goes (default: in the cache, where others look).")
  private @Nullable Path folder;

  @Mixin private final EngineOptions engine = new EngineOptions();

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Outcome outcome = engine.run(spec, Tokenizing.class, Tokenizing::join);
    if (json) {
      outcome.printJson(Streams.of(spec));
    } else {
      outcome.print(Streams.of(spec));
    }
    return 0;
  }

  @Override
  public Divided job() throws IOException {
    Path tokens = folder == null ? Libtorch.cacheFolder().resolve("tokens") : folder;
    Documents documents = texts.documents();
    Tokenizer chosen = Tokenizers.named(tokenizer);
    var origin = TokenOrigin.of(documents, chosen);
    return new Tokenizing(documents, chosen, origin, origin.file(tokens));
  }

  /**
   * The job: a text file is a part, unless all are tokenized already.
   *
   * @param file where the tokens go
   */
  private record Tokenizing(Documents documents, Tokenizer tokenizer, TokenOrigin origin, Path file)
      implements Divided {

    @Override
    public List<String> inputs() {
      return List.of(origin.documents(), origin.tokenizer());
    }

    @Override
    public int parts() {
      return Files.exists(file) ? 0 : documents.files().size();
    }

    @Override
    public void write(int number, Path target) throws IOException {
      Path text = documents.files().get(number);
      var alone =
          new Documents(List.of(text), documents.split(), documents.field(), documents.cleaner());
      TokenFile.write(target, alone, tokenizer);
    }

    /** Puts the tokens of all text files together. */
    Outcome join(List<Path> results) throws IOException {
      TokenFile tokens =
          results.isEmpty()
              ? TokenFile.open(file)
              : TokenFile.join(file, origin, tokenizer, results);
      var json = new LinkedHashMap<String, Object>();
      json.put("file", file.toString());
      json.put("tokens", tokens.tokens());
      json.put("documents", tokens.documents());
      json.put("data_digest", tokens.sourceDigest());
      json.put("tokenizer_digest", tokens.tokenizerDigest());
      String line =
          String.format(
              Locale.ROOT,
              "%s: %,d tokens of %,d documents",
              file,
              tokens.tokens(),
              tokens.documents());
      return new Outcome(json, List.of(line));
    }

    @Override
    public void close() {}
  }
}

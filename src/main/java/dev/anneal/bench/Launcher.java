package dev.anneal.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Starts the launcher, {@code ./anneal}, in the environment of this process.
 *
 * @param file the launcher
 */
public record Launcher(Path file) implements Program {

  @Override
  public JsonNode report(List<String> words) throws IOException, InterruptedException {
    try (Running running = start(words)) {
      String out = new String(running.output().readAllBytes(), StandardCharsets.UTF_8);
      running.end();
      return JsonMapper.shared().readTree(out);
    } catch (JacksonException e) {
      throw new IOException("%s printed no JSON".formatted(String.join(" ", words)), e);
    }
  }

  @Override
  public Duration untilOutput(List<String> words) throws IOException, InterruptedException {
    long start = System.nanoTime();
    try (Running running = start(words)) {
      int first = running.output().read();
      var taken = Duration.ofNanos(System.nanoTime() - start);
      running.output().readAllBytes();
      running.end();
      if (first < 0) {
        throw new IOException("%s printed nothing".formatted(String.join(" ", words)));
      }
      return taken;
    }
  }

  private Running start(List<String> words) throws IOException {
    Path errors = Files.createTempFile("anneal-bench", ".err");
    var line = new ArrayList<String>();
    line.add(file.toString());
    line.addAll(words);
    Process process =
        new ProcessBuilder(line)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectError(errors.toFile())
            .start();
    return new Running(process, errors);
  }

  /**
   * A process and where its complaints go.
   *
   * @param errors a file, which goes with the process
   */
  private record Running(Process process, Path errors) implements AutoCloseable {

    InputStream output() {
      return process.getInputStream();
    }

    void end() throws IOException, InterruptedException {
      int exitCode = process.waitFor();
      if (exitCode != 0) {
        List<String> words = Files.readAllLines(errors).stream().filter(l -> !l.isBlank()).toList();
        throw new IOException(
            words.isEmpty() ? "it ended with exit code " + exitCode : words.getLast());
      }
    }

    @Override
    public void close() throws IOException {
      process.destroy();
      Files.deleteIfExists(errors);
    }
  }
}

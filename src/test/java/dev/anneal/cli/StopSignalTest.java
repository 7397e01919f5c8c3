package dev.anneal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anneal.store.Checkpoints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training in a process of its own, which is told to stop. */
final class StopSignalTest {
  private static final String RECIPE =
      """
      name: endless
      data: {train: [text.txt]}
      model: {layers: 1, heads: 2, channels: 16, length: 16}
      noise: absorb
      hyperschedules: [{name: flat}]
      training: {steps: 1000000, batch: 2, learning_rate: 1e-3, save_every: 1000000,
        log_every: 500}
      """;

  @TempDir private Path folder;

  private Process start() throws IOException {
    Files.writeString(folder.resolve("text.txt"), "words and words ".repeat(20));
    Files.writeString(folder.resolve("endless.yaml"), RECIPE);
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.anneal.cli.Main",
            "train",
            folder.resolve("endless.yaml").toString(),
            "--run",
            folder.resolve("run").toString())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("log").toFile())
        .start();
  }

  private void waitForSteps(Process process) throws IOException, InterruptedException {
    Path metrics = folder.resolve("run").resolve("metrics.jsonl");
    while (process.isAlive() && !(Files.exists(metrics) && Files.size(metrics) > 0)) {
      Thread.sleep(50);
    }
  }

  @Test
  void aTrainingThatIsToldToStopSavesAndExitsWithZero() throws Exception {
    Process process = start();
    try {
      waitForSteps(process);
      process.destroy();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(Files.readString(folder.resolve("log"))).isZero();
    assertThat(new Checkpoints(folder.resolve("run")).newest()).isPresent();
  }

  @Test
  void aTrainingThatCannotSaveSaysSoInsteadOfExitingWithZero() throws Exception {
    Process process = start();
    try {
      waitForSteps(process);
      // A checkpoint cannot be made where its run has gone; the next line of metrics is far.
      Path run = folder.resolve("run");
      Files.move(run, folder.resolve("elsewhere"));
      Files.writeString(run, "a file");
      process.destroy();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).isEqualTo(2);
    assertThat(folder.resolve("log")).content().contains("anneal: ");
  }
}

package dev.anneal.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.anneal.store.Checkpoints;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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

  private static final int CONTROL_C = 3;

  /** The signal it stands for. */
  private static final int INTERRUPT = 2;

  @TempDir private Path folder;

  private List<String> command() throws IOException {
    Files.writeString(folder.resolve("text.txt"), "words and words ".repeat(20));
    Files.writeString(folder.resolve("endless.yaml"), RECIPE);
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        System.getProperty("java.class.path"),
        "dev.anneal.cli.Main",
        "train",
        folder.resolve("endless.yaml").toString(),
        "--run",
        folder.resolve("run").toString());
  }

  private Process start() throws IOException {
    return start(command());
  }

  private Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("log").toFile())
        .start();
  }

  private static Optional<Path> found(String program) {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
        .map(each -> Path.of(each, program))
        .filter(Files::isExecutable)
        .findFirst();
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
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(Files.readString(folder.resolve("log"))).isZero();
    assertThat(new Checkpoints(folder.resolve("run")).newest()).isPresent();
  }

  /** What a shell starts in the background is born deaf to the key, and so are its children. */
  private static boolean ignoresTheKey() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.isReadable(status)) {
      return false;
    }
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("SigIgn:"))
          .mapToLong(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16))
          .anyMatch(mask -> (mask >> (INTERRUPT - 1) & 1) == 1);
    }
  }

  /** The terminal turns the key into a signal, unless a program has taken the terminal over. */
  @Test
  void controlCOnATerminalSavesAndExitsWithZero() throws Exception {
    Optional<Path> script = found("script"); // runs a command on a terminal of its own
    assumeTrue(script.isPresent(), "no program named script: skipped");
    assumeFalse(ignoresTheKey(), "tests in the background, whose programs ignore Ctrl-C: skipped");
    // Without exec the exit code may be that of a shell, to which the key is a signal too.
    String line = "exec '" + String.join("' '", command()) + "'";
    Process terminal =
        start(List.of(script.get().toString(), "-q", "-e", "-f", "-c", line, "/dev/null"));
    try {
      waitForSteps(terminal);
      terminal.getOutputStream().write(CONTROL_C);
      terminal.getOutputStream().flush();
      assertThat(terminal.waitFor(120, TimeUnit.SECONDS)).isTrue();
    } finally {
      terminal.descendants().forEach(ProcessHandle::destroyForcibly);
      terminal.destroyForcibly();
    }
    assertThat(terminal.exitValue()).as(Files.readString(folder.resolve("log"))).isZero();
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
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).isEqualTo(2);
    assertThat(folder.resolve("log")).content().contains("anneal: ");
  }
}

package dev.anneal.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.anneal.store.Checkpoints;
import dev.anneal.train.RunFolder;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainings of two processes that Open MPI's launcher starts. */
final class MpiTest {
  private static final String RECIPE =
      """
      name: shared
      data: {train: [text.txt], valid: [text.txt]}
      model: {layers: 1, heads: 2, channels: 16, length: 16}
      noise: {name: epsilon-hybrid, epsilon: 0.1}
      hyperschedules: [quenched, flat]
      training: {steps: STEPS, batch: 4, micro_batches: 2, learning_rate: 1e-2, log_every: 1,
        save_every: 5, evaluate_every: 5}
      """;

  @TempDir private Path folder;

  @BeforeEach
  void needsALauncher() {
    assumeTrue(
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
            .anyMatch(each -> Files.isExecutable(Path.of(each, "mpirun"))),
        "no mpirun: skipped");
  }

  private Process start(String run, int processes, int steps, String... more) throws IOException {
    Files.writeString(folder.resolve("text.txt"), "words and words ".repeat(20));
    Path recipe = folder.resolve(run + ".yaml");
    Files.writeString(recipe, RECIPE.replace("STEPS", Integer.toString(steps)));
    var command = new ArrayList<String>();
    if (processes > 1) {
      command.addAll(List.of("mpirun", "-n", Integer.toString(processes), "--oversubscribe"));
    }
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.anneal.cli.Main",
            "train"));
    command.addAll(more.length > 0 ? List.of(more) : List.of(recipe.toString()));
    command.addAll(List.of("--run", folder.resolve(run).toString()));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("OMPI_ALLOW_RUN_AS_ROOT", "1");
    builder.environment().put("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1");
    builder.environment().put("OMP_NUM_THREADS", "1");
    // A busy machine needs more than the second that Open MPI leaves for the last state.
    builder.environment().put("OMPI_MCA_odls_base_sigkill_timeout", "30");
    return builder.redirectOutput(log(run).toFile()).start();
  }

  private Path log(String run) {
    return folder.resolve(run + ".log");
  }

  private int end(Process process) throws InterruptedException {
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return process.exitValue();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private List<Double> losses(String run) throws IOException {
    return new RunFolder(folder.resolve(run))
        .metrics().stream()
            .filter(line -> line.has("nats"))
            .map(line -> line.get("nats").asDouble())
            .toList();
  }

  @Test
  void twoProcessesLearnWhatOneDoesWithAllMicroBatches() throws Exception {
    assertThat(end(start("one", 1, 8))).as(Files.readString(log("one"))).isZero();
    assertThat(end(start("two", 2, 8))).as(Files.readString(log("two"))).isZero();
    List<Double> expected = losses("one");
    assertThat(losses("two")).hasSize(8).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(losses("two").get(i)).isCloseTo(expected.get(i), offset(1e-5));
    }
    assertThat(log("two"))
        .content()
        .containsOnlyOnce("the model is in " + folder.resolve("two/model"));
  }

  @Test
  void theLossOfAProcessIsToldAndTheRunGoesOnFromWhereItWas() throws Exception {
    Process process = start("lost", 2, 1_000_000);
    Path metrics = folder.resolve("lost/metrics.jsonl");
    while (process.isAlive() && !(Files.exists(metrics) && Files.size(metrics) > 0)) {
      Thread.sleep(50);
    }
    process
        .descendants()
        .filter(each -> environment(each).contains("OMPI_COMM_WORLD_RANK=1"))
        .forEach(ProcessHandle::destroyForcibly);
    assertThat(end(process)).isNotZero();
    assertThat(log("lost")).content().contains("process 1 of 2 waited for others that are gone");
    long saved = new Checkpoints(folder.resolve("lost")).newest().orElseThrow().step();
    assertThat(saved).isPositive();
    assertThat(log("lost")).content().contains("checkpoint-%06d".formatted(saved));
  }

  private static List<String> environment(ProcessHandle process) {
    try {
      return List.of(
          Files.readString(Path.of("/proc/%d/environ".formatted(process.pid()))).split("\0"));
    } catch (IOException _) {
      return List.of();
    }
  }

  @Test
  void microBatchesThatCannotBeSharedAreRefusedByTheFirstProcess() throws Exception {
    assertThat(end(start("three", 3, 8))).isEqualTo(2);
    assertThat(log("three"))
        .content()
        .containsOnlyOnce(
            "anneal: training.micro_batches 2: expected a multiple of the 3 processes");
    assertThat(folder.resolve("three")).doesNotExist();
  }
}

package dev.anneal.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anneal.cli.Engine;
import dev.anneal.cli.Main;
import dev.anneal.cli.Task;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Spark in local mode, with the bundled model. */
class SparkEngineTest {
  private static final Path STARTER = Path.of("../../models/starter").toAbsolutePath();

  @TempDir private Path folder;

  private static Engine engine() {
    return ServiceLoader.load(Engine.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(found -> found.name().equals("spark"))
        .findFirst()
        .orElseThrow();
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private Path prompts(int count) throws IOException {
    return file(
        "prompts.jsonl",
        IntStream.range(0, count)
            .mapToObj("{\"prompt\": \"It was the year %d\"}\n"::formatted)
            .collect(Collectors.joining()));
  }

  private List<String> generate(Path prompts, int length) {
    return List.of(
        "generate",
        "--model",
        STARTER.toString(),
        "--prompts",
        prompts.toString(),
        "--out",
        folder.resolve("texts.jsonl").toString(),
        "--length",
        String.valueOf(length),
        "--work",
        folder.resolve("work").toString());
  }

  private List<Task> tasks(String name, int parts, List<String> words) {
    return IntStream.range(0, parts)
        .mapToObj(part -> new Task(words, folder.resolve(name + part).toString(), part))
        .toList();
  }

  /** Does the parts of a job on Spark, and by themselves, and compares the files. */
  private void areTheSameAsHere(int parts, List<String> words) throws IOException {
    List<Task> there = tasks("there", parts, words);
    List<Task> here = tasks("here", parts, words);
    var done = new AtomicInteger();
    engine().run(there, "", done::incrementAndGet);
    assertThat(done).hasValue(parts);
    for (int part = 0; part < parts; part++) {
      here.get(part).run();
      assertThat(Path.of(there.get(part).file()))
          .isNotEmptyFile()
          .hasSameBinaryContentAs(Path.of(here.get(part).file()));
    }
  }

  @Test
  void tokensAreTheSameBytes() throws IOException {
    var words = new ArrayList<>(List.of("prepare", "--tokenizer", "byte"));
    for (String name : List.of("a.txt", "b.txt", "c.txt")) {
      words.add(file(name, (name + " says it was so.\n").repeat(500)).toString());
    }
    areTheSameAsHere(3, words);
  }

  @Test
  void textsAreTheSame() throws IOException {
    areTheSameAsHere(2, generate(prompts(10), 12));
  }

  @Test
  void lossesAreTheSame() throws IOException {
    Path text = file("a.txt", "It was a bright cold day, and the clocks struck.\n".repeat(400));
    areTheSameAsHere(
        2,
        List.of(
            "evaluate",
            text.toString(),
            "--model",
            STARTER.toString(),
            "--sequences",
            "9",
            "--batch",
            "1"));
  }

  @Test
  void whatATaskThrowsIsThrownAsItIs() throws IOException {
    List<Task> tasks = tasks("part", 1, generate(prompts(1), 3));
    assertThatThrownBy(() -> engine().run(tasks, "", () -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("prompt length 5 is outside 0 … length 3");
  }

  @Test
  void aMasterThatIsNoneIsNamed() throws IOException {
    List<Task> tasks = tasks("part", 1, generate(prompts(1), 3));
    assertThatThrownBy(() -> engine().run(tasks, "local[some]", () -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("--master local[some]: ")
        .hasMessageContainingAll("parse", "local[some]");
  }

  @Test
  void partsThatWereDoneBeforeAKillAreNotDoneAgain() throws Exception {
    List<String> words = generate(prompts(24), 12);
    Process first = start(words);
    Path done = firstPart(first);
    first.destroyForcibly().waitFor();
    // A mark in the finished part shows that it is taken as it is.
    Files.writeString(done, Files.readString(done).replaceFirst("\"text\":\"", "\"text\":\"MARK"));
    Process second = start(words);
    String told = new String(second.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(second.waitFor()).as(told).isZero();
    assertThat(told).containsPattern("going on after [12] of 3 parts");
    List<String> texts = Files.readAllLines(folder.resolve("texts.jsonl"));
    assertThat(texts).hasSize(24).filteredOn(text -> text.contains("MARK")).hasSize(1);
    assertThat(folder.resolve("work")).isEmptyDirectory();
  }

  private Process start(List<String> words) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add(Main.class.getName());
    command.addAll(words);
    command.addAll(List.of("--engine", "spark"));
    return new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
  }

  /** Waits until a part is done. */
  private Path firstPart(Process process) throws Exception {
    Optional<Path> part = Optional.empty();
    while (part.isEmpty()) {
      assertThat(process.isAlive()).as("it is still at work").isTrue();
      Thread.sleep(20);
      if (Files.exists(folder.resolve("work"))) {
        try (Stream<Path> files = Files.walk(folder.resolve("work"))) {
          part = files.filter(file -> file.getFileName().toString().matches("part-\\d+")).findAny();
        }
      }
    }
    return part.get();
  }
}

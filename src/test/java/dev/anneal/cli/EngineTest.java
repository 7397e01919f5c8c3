package dev.anneal.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anneal.data.ByteTokenizer;
import dev.anneal.data.Documents;
import dev.anneal.data.Progress;
import dev.anneal.data.TokenFile;
import dev.anneal.noise.EpsilonHybrid;
import dev.anneal.noise.Noise;
import dev.anneal.recipe.Split;
import dev.anneal.schedule.Linear;
import dev.anneal.store.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Jobs in parts, on the engine that is always there. */
class EngineTest {
  @TempDir private Path folder;

  private Path work;

  @BeforeEach
  void nameTheFolderForParts() {
    work = folder.resolve("work");
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private Path model() throws IOException {
    Path model = folder.resolve("tiny");
    if (!Files.exists(model)) {
      TinyModel.save(model, 24, new Noise(new EpsilonHybrid(0.01), new Linear()));
    }
    return model;
  }

  private static List<JsonNode> lines(Path file) throws IOException {
    return Files.readAllLines(file).stream().map(JsonMapper.shared()::readTree).toList();
  }

  /** The files that wait for the rest of their job. */
  private List<Path> parts() throws IOException {
    try (Stream<Path> files = Files.walk(work)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  @Test
  void theTokensOfSeveralFilesAreThoseThatOthersFind() throws Exception {
    Path first = file("a.txt", "One.\n\nTwo.\n");
    Path second = file("b.jsonl", "{\"text\": \"Thrée.\"}\n{\"text\": \"Four.\"}\n");
    Path empty = file("c.txt", "\n");
    JsonNode report =
        Ran.command(
                "prepare",
                first,
                second,
                empty,
                "--tokenizer",
                "byte",
                "--split",
                "line",
                "--json",
                "--tokens",
                folder.resolve("mine"),
                "--work",
                work)
            .succeeds()
            .json();
    assertThat(report.path("documents").asInt()).isEqualTo(4);
    var documents = new Documents(List.of(first, second, empty), Split.LINE, "text");
    Path theirs = folder.resolve("theirs");
    TokenFile.prepare(theirs, documents, new ByteTokenizer(), Progress.silent());
    Path mine = Path.of(report.path("file").asString());
    assertThat(theirs.resolve(mine.getFileName())).hasSameBinaryContentAs(mine);
    assertThat(parts()).isEmpty();
  }

  @Test
  void whatIsTokenizedAlreadyIsLeftAlone() throws Exception {
    Path text = file("a.txt", "One.\n");
    Object[] command = {
      "prepare",
      text,
      "--tokenizer",
      "byte",
      "--tokens",
      folder.resolve("tokens"),
      "--json",
      "--work",
      work
    };
    Path tokens = Path.of(Ran.command(command).succeeds().json().path("file").asString());
    var time = Files.getLastModifiedTime(tokens);
    assertThat(Ran.command(command).succeeds().json().path("tokens").asInt()).isEqualTo(5);
    assertThat(Files.getLastModifiedTime(tokens)).isEqualTo(time);
  }

  @Test
  void aLineOfPromptsHasTheTextThatItHasAlone() throws Exception {
    Path prompts =
        file(
            "p.jsonl",
            """
            {"id": "first", "prompt": "ab"}

            {"prompt": "c{{3}}d", "seed": 40}
            {"prompt": "e"}
            """);
    Path out = folder.resolve("texts.jsonl");
    List<Object> how = List.of("--model", model(), "--length", 9, "--rate", 2);
    Ran.command(
            words(how, "generate", "--prompts", prompts, "--out", out, "--seed", 7, "--work", work))
        .succeeds();
    List<JsonNode> lines = lines(out);
    assertThat(lines).hasSize(3);
    assertThat(lines.getFirst().path("id").asString()).isEqualTo("first");
    List<String> alone = List.of("ab", "c{{3}}d", "e");
    int[] seeds = {7, 40, 9};
    for (int i = 0; i < seeds.length; i++) {
      JsonNode sample =
          Ran.command(
                  words(how, "generate", "--prompt", alone.get(i), "--seed", seeds[i], "--json"))
              .succeeds()
              .json()
              .at("/samples/0");
      assertThat(lines.get(i).path("seed").asInt()).isEqualTo(seeds[i]);
      assertThat(lines.get(i).path("text")).isEqualTo(sample.path("text"));
      assertThat(lines.get(i).path("ids")).isEqualTo(sample.path("ids"));
    }
  }

  private static Object[] words(List<Object> last, Object... first) {
    return Stream.concat(Stream.of(first), last.stream()).toArray();
  }

  private Object[] seventeenTexts() throws IOException {
    String prompts =
        IntStream.range(0, 17)
            .mapToObj("{\"prompt\": \"%d\"}\n"::formatted)
            .collect(Collectors.joining());
    return new Object[] {
      "generate",
      "--prompts",
      file("p.jsonl", prompts),
      "--out",
      folder.resolve("texts.jsonl"),
      "--model",
      model(),
      "--length",
      5,
      "--work",
      work
    };
  }

  @Test
  void partsThatAreDoneAreNotDoneAgain() throws Exception {
    Object[] command = seventeenTexts();
    Breaking.after(2);
    Ran.command(words(List.of("--engine", "breaking"), command)).isRefused("the power went out");
    Path out = folder.resolve("texts.jsonl");
    assertThat(out).doesNotExist();
    List<Path> done = parts();
    assertThat(done).hasSize(2);
    // A mark in a finished part shows that it is taken as it is, by another engine too.
    String marked = Files.readString(done.getFirst()).replaceFirst("text\":\"", "text\":\"MARK");
    Files.writeString(done.getFirst(), marked);
    Ran again = Ran.command(command).succeeds();
    assertThat(again.err()).isEqualTo("working, going on after 2 of 3 parts\n");
    assertThat(Files.readString(out)).startsWith(marked);
    assertThat(lines(out)).hasSize(17);
    assertThat(parts()).isEmpty();
  }

  @Test
  void anotherFileOrOptionIsAnotherJob() throws Exception {
    Object[] breaking = words(List.of("--engine", "breaking"), seventeenTexts());
    Breaking.after(0);
    Ran.command(breaking).isRefused("the power went out");
    Ran.command(words(List.of("--seed", 2), breaking)).isRefused("the power went out");
    file("p.jsonl", "{\"prompt\": \"ab\"}\n");
    Ran.command(breaking).isRefused("the power went out");
    try (Stream<Path> jobs = Files.list(work)) {
      assertThat(jobs).hasSize(3);
    }
  }

  /** Does some parts of whatever it is given, and then no more. */
  public static final class Breaking implements Engine {
    private static int left;

    static void after(int parts) {
      left = parts;
    }

    @Override
    public String name() {
      return "breaking";
    }

    @Override
    public void run(List<Task> tasks, String master, Runnable done) throws IOException {
      for (Task task : tasks) {
        if (left == 0) {
          throw new IOException("the power went out");
        }
        left--;
        task.run();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"exact", "masked"})
  void aTextMeasuredInPartsHasTheNumbersOfOneProcess(String estimate) throws Exception {
    // Sequences of 24 tokens, eight batches a part.
    Path text = file("a.txt", "One said no, and the other said so.\n\n".repeat(100));
    List<Object> how =
        List.of(
            "evaluate",
            text,
            "--model",
            model(),
            "--split",
            "blank-line",
            "--estimate",
            estimate,
            "--draws",
            3,
            "--json");
    JsonNode whole = Ran.command(how.toArray()).succeeds().json();
    Breaking.after(1);
    Object[] parts = words(List.of("--work", work), how.toArray());
    Ran.command(words(List.of("--engine", "breaking"), parts)).isRefused("the power went out");
    Ran divided = Ran.command(parts).succeeds();
    assertThat(divided.err()).matches("working, going on after 1 of ([3-9]|10) parts\n");
    assertThat(divided.json()).isEqualTo(whole);
    assertThat(whole.path("sequences").asInt()).isGreaterThan(2 * 64);
    assertThat(whole.path("documents").asInt()).isEqualTo(100);
  }

  @Test
  void whatCannotBeDoneIsSaidOnOneLine() throws Exception {
    Path text = file("a.txt", "One.\n");
    Ran.command("prepare", text, "--tokenizer", "byte", "--engine", "flink")
        .isRefused("unknown engine 'flink': expected here or spark");
    Ran.command("prepare", text, "--tokenizer", "byte", "--engine", "spark")
        .isRefused("engine spark is not on the class path", "modules/spark", "./anneal");
    Ran.command("prepare", text, "--tokenizer", "byte", "--master", "local[4]")
        .isRefused("--master local[4]: expected --engine spark with it");
    Ran.command("generate", "--engine", "spark").isRefused("engine spark is not on the class path");
    Ran.command("evaluate", "--generate", 2, "--work", work)
        .isRefused("--engine, --master or --work with --samples or --generate");
    Path prompts = file("p.jsonl", "{\"prompt\": \"ab\"}\n{\"prompt\": 3}\n");
    Ran.command("generate", "--prompts", prompts).isRefused("--prompts FILE and --out FILE");
    Ran.command("generate", "--prompts", prompts, "--out", folder.resolve("o"), "--prompt", "x")
        .isRefused("no --prompt");
    Ran.command("generate", "--prompts", prompts, "--out", folder.resolve("o"), "--samples", 2)
        .isRefused("--prompts with --samples");
    Ran.command("generate", "--prompts", prompts, "--out", folder.resolve("o"), "--correct", "x")
        .isRefused("--correct", "--prompts alone");
    Ran.command("generate", "--prompts", prompts, "--out", folder.resolve("o"))
        .isRefused("p.jsonl", "line 2", "prompt");
    file("p.jsonl", "{\"prompt\": \"ab\"}\n\n{\"prompt\": \"" + "a".repeat(50) + "\"}\n");
    Ran.command("generate", "--prompts", prompts, "--out", folder.resolve("o"), "--model", model())
        .isRefused("p.jsonl", "line 3", "the prompt has 50 tokens");
    Ran.command(
            "generate", "--prompts", prompts, "--out", folder.resolve("no/o"), "--model", model())
        .isRefused("no/o", "its folder does not exist");
  }

  @Test
  void onlyACommandWhoseWorkCanBeDividedIsATask() {
    var task = new Task(List.of("inspect"), folder.resolve("part").toString(), 0);
    assertThatThrownBy(task::run)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("anneal inspect: its work cannot be divided");
  }
}

package dev.anneal.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The table of all comparisons. */
final class SuiteTest {

  /** An Anneal that answers what it is told to. */
  private record Told(List<String> answers, List<String> asked) implements Program {

    static Told by(String... answers) {
      return new Told(new ArrayList<>(List.of(answers)), new ArrayList<>());
    }

    @Override
    public JsonNode report(List<String> words) throws IOException {
      asked.add(String.join(" ", words));
      if (answers.isEmpty()) {
        throw new IOException("no answer is left");
      }
      return JsonMapper.shared().readTree(answers.removeFirst());
    }

    @Override
    public Duration untilOutput(List<String> words) {
      asked.add(String.join(" ", words));
      return Duration.ofMillis(asked.size() * 500L);
    }
  }

  private static List<Row> rows(Program program, int rounds, Part... parts)
      throws InterruptedException {
    return Suite.of(List.of(parts), rounds).run(program, _ -> {});
  }

  @Test
  void aRoundMeasuresOursAndTheRivalAndTheTableHasTheRatioOfEachRound()
      throws InterruptedException {
    var program =
        Told.by(
            step(300, 100),
            step(100, 400),
            step(400, 100),
            step(100, 400),
            step(100, 100),
            step(100, 400));
    var part = new TrainingPart("flat", List.of("--length", "8"), List.of("--width", "2"));
    List<Row> rows = rows(program, 3, part);
    assertThat(program.asked().subList(0, 2))
        .containsExactly(
            "bench training --json --way anneal --length 8 --width 2",
            "bench training --json --way dense --length 8 --width 2");
    assertThat(rows.getFirst().ratio()).contains(new Spread(3, 1, 4));
    assertThat(rows.getFirst().reached()).contains(true);
    assertThat(rows.getLast().ratio()).contains(new Spread(0.25, 0.25, 0.25));
    assertThat(rows.getLast().reached()).isEmpty();
    assertThat(Table.lines(rows))
        .satisfiesExactly(
            head -> assertThat(head).contains("ratio (least, most)"),
            speed ->
                assertThat(speed.split(" {2,}"))
                    .containsExactly(
                        "training, flat",
                        "tokens/s",
                        "300",
                        "100",
                        "3.00 (1.00, 4.00)",
                        "≥ 2 times, reached",
                        "dense way"),
            memory -> assertThat(memory).startsWith("training, flat, peak memory"));
  }

  private static String step(int tokensPerSecond, int megabytes) {
    return "{\"tokens_per_second\": %d, \"peak_mb\": %d}".formatted(tokensPerSecond, megabytes);
  }

  @Test
  void whatTheSystemDoesNotTellIsNoNumber() throws InterruptedException {
    var part = new TrainingPart("flat", List.of(), List.of());
    List<Row> rows = rows(Told.by(step(3, -1), step(2, 9)), 1, part);
    assertThat(rows.getLast().reason()).contains("the system does not tell it");
    assertThat(rows.getLast().json()).containsOnlyKeys("what", "unit", "not_measured");
    assertThat(rows.getFirst().reached()).contains(false);
  }

  @Test
  void aPartThatFailsSaysWhyAndTheOthersGoOn() throws InterruptedException {
    var program = Told.by();
    List<Row> rows = rows(program, 2, new ServicePart(List.of()), new StartPart(1));
    assertThat(Table.lines(rows).get(1).split(" {2,}"))
        .containsExactly("service", "not measured: no answer is left");
    assertThat(program.asked().stream().filter(words -> words.startsWith("bench"))).hasSize(1);
    assertThat(rows.getLast().ours()).containsExactly(1.0, 1.5);
    assertThat(rows.getLast().ratio()).isEmpty();
    assertThat(rows.getLast().reached()).contains(true);
  }

  @Test
  void generationHasARowForEachHyperscheduleAndForTheGrowth() throws InterruptedException {
    var program =
        Told.by(
            """
            {"contests": [
               {"hyperschedule": "flat, levels 8", "batch": 1, "against": "as published",
                "tokens_per_second": 30, "rival_tokens_per_second": 10},
               {"hyperschedule": "quenched", "batch": 8, "against": "without the cache",
                "tokens_per_second": 5, "rival_tokens_per_second": 10}],
             "growth": [{"length": 256, "block_ms": 2, "slide_ms": 4},
                        {"length": 512, "block_ms": 3, "slide_ms": 5}]}
            """);
    List<Row> rows = rows(program, 1, new GenerationPart(List.of("--quick")));
    assertThat(program.asked()).containsExactly("bench generate --json --quick");
    assertThat(rows.stream().map(row -> row.contest().what()))
        .containsExactly(
            "generation, batch 1, flat, levels 8",
            "generation, batch 8, quenched",
            "a token at length 512, block",
            "a token at length 512, slide");
    assertThat(rows.stream().map(row -> row.ratio().orElseThrow().median()))
        .containsExactly(3.0, 0.5, 1.5, 1.25);
    assertThat(rows.stream().map(Row::reached))
        .containsExactly(Optional.of(true), Optional.empty(), Optional.empty(), Optional.empty());
  }

  @Test
  void theCalibrationComparesThreadsWithOne() throws InterruptedException {
    Row row = rows(Told.by(), 1, new Calibration()).getFirst();
    assertThat(row.contest().rival()).isEqualTo("one thread");
    assertThat(row.ratio().orElseThrow().median()).isPositive();
  }

  @Test
  void aProgramThatFailsIsToldByItsLastWords() throws InterruptedException {
    var launcher = new Launcher(Path.of("/bin/cat"));
    assertThat(rows(launcher, 1, new ServicePart(List.of())).getFirst().reason())
        .get()
        .asString()
        .contains("cat");
  }

  @Test
  void noRoundsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Suite.quick(0))
        .withMessage("rounds 0: expected at least 1");
  }
}

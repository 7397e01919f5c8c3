package dev.anneal.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.anneal.attention.CausalContext;
import dev.anneal.model.Denoiser;
import dev.anneal.model.GptShape;
import dev.anneal.model.Parameters;
import dev.anneal.noise.EpsilonHybrid;
import dev.anneal.noise.Noise;
import dev.anneal.sample.AdaptiveCorrection;
import dev.anneal.sample.Ancestral;
import dev.anneal.sample.Confidence;
import dev.anneal.sample.Decoding;
import dev.anneal.sample.Draft;
import dev.anneal.sample.Generator;
import dev.anneal.sample.Listener;
import dev.anneal.sample.Request;
import dev.anneal.sample.Sampler;
import dev.anneal.sample.TokenChoice;
import dev.anneal.schedule.BlockAnnealing;
import dev.anneal.schedule.Flat;
import dev.anneal.schedule.Hyperschedule;
import dev.anneal.schedule.Linear;
import dev.anneal.schedule.Quenched;
import dev.anneal.task.Example;
import dev.anneal.task.Sudoku;
import dev.anneal.task.Task;
import dev.anneal.tensor.Rng;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class SolvingTest {
  private static final Sudoku TASK = new Sudoku(55, 58);
  private static final List<Example> EXAMPLES =
      LongStream.range(0, 7)
          .mapToObj(number -> TASK.example(Task.Part.UNSEEN, number, new Rng(4)))
          .toList();

  private static Decoding decoding(Hyperschedule hyperschedule, Sampler sampler) {
    return new Decoding(
        hyperschedule,
        new CausalContext(),
        new Noise(new EpsilonHybrid(0.1), new Linear()),
        sampler,
        TokenChoice.PLAIN);
  }

  private static int[][] answers(Denoiser denoiser, Decoding decoding, int batch) {
    return new Solving(denoiser, _ -> decoding, new Rng(2), batch).answers(EXAMPLES, _ -> {});
  }

  static List<Decoding> decodings() {
    var decodings = new ArrayList<Decoding>();
    List<Sampler> samplers =
        List.of(new Ancestral(), new AdaptiveCorrection(1), new Confidence(0.9));
    for (Sampler sampler : samplers) {
      decodings.add(decoding(new Quenched(), sampler));
      decodings.add(decoding(new Flat(4), sampler));
      decodings.add(decoding(new BlockAnnealing(8, 2), sampler));
    }
    return decodings;
  }

  @ParameterizedTest
  @MethodSource("decodings")
  void anOracleSolvesEveryPuzzle(Decoding decoding) {
    SolvedShare share = SolvedShare.of(TASK, EXAMPLES, answers(new SudokuOracle(), decoding, 3));
    assertThat(share.solved().value()).isEqualTo(1);
    assertThat(share.solved().standardError()).isEmpty();
    assertThat(share.solved().count()).isEqualTo(7);
    assertThat(share.tokens().value()).isEqualTo(1);
  }

  @Test
  void theBatchAnAnswerIsMadeInDoesNotChangeIt() {
    var shape = new GptShape(10, 1, 2, 16, 81);
    try (Parameters parameters = Parameters.initial(shape, new Rng(1));
        var network = shape.network(parameters)) {
      Decoding decoding = decoding(new Flat(6), new AdaptiveCorrection(0.5));
      int[][] alone = answers(network, decoding, 1);
      assertThat(answers(network, decoding, 7)).isDeepEqualTo(alone);
      assertThat(answers(network, decoding, 2)).isDeepEqualTo(alone);
      for (int i = 0; i < alone.length; i++) {
        for (int cell = 0; cell < 81; cell++) {
          if (EXAMPLES.get(i).isKnown(cell)) {
            assertThat(alone[i][cell]).isEqualTo(EXAMPLES.get(i).token(cell));
          }
        }
      }
    }
  }

  @Test
  void anAnswerIsWhatFillingTheGapsOfTheTextGives() {
    var shape = new GptShape(10, 2, 2, 16, 81);
    try (Parameters parameters = Parameters.initial(shape, new Rng(1));
        var network = shape.network(parameters)) {
      var likeliest =
          new Decoding(
              new Quenched(),
              new CausalContext(),
              new Noise(new EpsilonHybrid(0.1), new Linear()),
              new Ancestral(),
              new TokenChoice(0, 1));
      int[][] answers = answers(network, likeliest, 7);
      for (int i = 0; i < answers.length; i++) {
        Example example = EXAMPLES.get(i);
        int[] gaps =
            IntStream.range(0, 81)
                .map(cell -> example.isKnown(cell) ? example.token(cell) : Draft.BLANK)
                .toArray();
        var request =
            new Request(Draft.infill(gaps, 1), likeliest, new Rng(2), 0, Request.Caching.UNCACHED);
        assertThat(answers[i])
            .isEqualTo(new Generator(network).generate(request, Listener.NONE).texts().getFirst());
      }
    }
  }

  @Test
  void aBrokenAnswerCountsAsUnsolved() {
    List<Example> four = EXAMPLES.subList(0, 4);
    int[][] answers = four.stream().map(Example::tokens).toArray(int[][]::new);
    int cell = four.get(2).known().nextClearBit(0);
    answers[2][cell] = (answers[2][cell] + 1) % 9;
    SolvedShare share = SolvedShare.of(TASK, four, answers);
    assertThat(share.solved().value()).isEqualTo(0.75);
    assertThat(share.solved().standardError().orElseThrow())
        .isCloseTo(Math.sqrt(0.75 * 0.25 / 4), within(1e-12));
    int filled = four.stream().mapToInt(Example::unknown).sum();
    assertThat(share.tokens().value()).isCloseTo(1 - 1.0 / filled, within(1e-12));
  }

  @Test
  void progressEndsWithAllExamples() {
    var heard = new ArrayList<Integer>();
    new Solving(new SudokuOracle(), _ -> decoding(new Quenched(), new Ancestral()), new Rng(2), 3)
        .answers(EXAMPLES, heard::add);
    assertThat(heard).isSorted().doesNotHaveDuplicates().endsWith(7);
  }

  @Test
  void anEmptyBatchIsRefused() {
    assertThatThrownBy(() -> answers(new SudokuOracle(), decodings().getFirst(), 0))
        .hasMessage("batch 0: expected at least 1");
  }
}

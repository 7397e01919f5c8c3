package dev.anneal.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.anneal.attention.AttentionPattern;
import dev.anneal.attention.CausalContext;
import dev.anneal.model.Window;
import dev.anneal.noise.Corruption;
import dev.anneal.noise.EpsilonHybrid;
import dev.anneal.noise.Noise;
import dev.anneal.schedule.BlockAnnealing;
import dev.anneal.schedule.Flat;
import dev.anneal.schedule.Hyperschedule;
import dev.anneal.schedule.Linear;
import dev.anneal.schedule.Quenched;
import dev.anneal.schedule.SettlingOrder;
import dev.anneal.schedule.SlideAnnealing;
import dev.anneal.task.Example;
import dev.anneal.tensor.Rng;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Training on texts of which only the gaps are unknown. */
class InfillNoisingTest {

  private static final int LENGTH = 12;
  private static final int TOKENS = 50;

  static Hyperschedule[] hyperschedules() {
    return new Hyperschedule[] {
      new Quenched(), new Flat(5), new BlockAnnealing(3, 2), new SlideAnnealing(4, 4)
    };
  }

  private static Noising noising(Hyperschedule hyperschedule, double infill) {
    return new Noising(
            hyperschedule,
            Noising.Times.GRID,
            new CausalContext(),
            new Noise(new EpsilonHybrid(0.1), new Linear()),
            new Corruption(TOKENS, TOKENS))
        .withInfill(infill);
  }

  private static NoisedBatch draw(Noising noising, int count) {
    var sequences = new int[count][];
    for (int i = 0; i < count; i++) {
      int sequence = i;
      sequences[i] = IntStream.range(0, LENGTH).map(p -> (31 * sequence + p) % TOKENS).toArray();
    }
    return noising.draw(sequences, new Noising.Draws(new Rng(3), 9, 0, count));
  }

  /** The places in the window of noised rows. */
  private static Set<Integer> asked(NoisedBatch batch) {
    return batch.rows().stream().map(NoisedRow::flat).collect(Collectors.toSet());
  }

  @ParameterizedTest
  @MethodSource("hyperschedules")
  void aTokenOfAGapSeesTheTextOnBothSidesOfItAndEarlierGaps(Hyperschedule hyperschedule) {
    NoisedBatch batch = draw(noising(hyperschedule, 1), 200);
    Window window = batch.window();
    Set<Integer> asked = asked(batch);
    for (int sequence = 0; sequence < window.batch(); sequence++) {
      Set<Integer> unknown = new HashSet<>();
      for (NoisedRow row : batch.rows()) {
        if (row.flat() / window.width() == sequence) {
          unknown.add(window.positions(sequence)[row.flat() % window.width()]);
        }
      }
      AttentionPattern pattern = window.pattern(sequence);
      for (NoisedRow row : batch.rows()) {
        if (row.flat() / window.width() != sequence) {
          continue;
        }
        int query = row.flat() % window.width();
        Map<Integer, Integer> seen = new HashMap<>(); // position to key
        for (int key = 0; key < pattern.rows(); key++) {
          if (pattern.sees(query, key)) {
            assertThat(seen.put(window.positions(sequence)[key], key)).isNull();
          }
        }
        int position = window.positions(sequence)[query];
        assertThat(seen).containsEntry(position, query); // and not its clean twin
        for (int other = 0; other < LENGTH; other++) {
          if (!unknown.contains(other) || other <= position) {
            assertThat(seen).containsKey(other);
          } else if (seen.containsKey(other)) {
            assertThat(asked).contains(window.flat(sequence, seen.get(other)));
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("hyperschedules")
  void whatIsKnownIsCleanAndNotAskedFor(Hyperschedule hyperschedule) {
    NoisedBatch batch = draw(noising(hyperschedule, 1), 200);
    assertThat(batch.rows()).hasSize(Math.toIntExact(batch.tokens()));
    assertThat(batch.tokens()).isBetween(200L, 200L * LENGTH - 1);
    Window window = batch.window();
    Set<Integer> asked = asked(batch);
    for (int sequence = 0; sequence < window.batch(); sequence++) {
      for (int row = 0; row < window.ids(sequence).length; row++) {
        if (!asked.contains(window.flat(sequence, row))) {
          assertThat(window.ids(sequence)[row])
              .isEqualTo((31 * sequence + window.positions(sequence)[row]) % TOKENS);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("hyperschedules")
  void anExampleKeepsItsOwnGaps(Hyperschedule hyperschedule) {
    int[] tokens = IntStream.range(0, LENGTH).toArray();
    List<BitSet> known =
        List.of(BitSet.valueOf(new long[] {0b101}), BitSet.valueOf(new long[] {0b1001100}));
    List<Example> examples = known.stream().map(each -> new Example(tokens, each)).toList();
    NoisedBatch batch =
        noising(hyperschedule, 1).draw(examples, new Noising.Draws(new Rng(3), 9, 0, 2));
    assertThat(batch.tokens()).isEqualTo(2 * LENGTH - 5);
    Window window = batch.window();
    for (NoisedRow row : batch.rows()) {
      int sequence = row.flat() / window.width();
      int position = window.positions(sequence)[row.flat() % window.width()];
      assertThat(known.get(sequence).get(position)).isFalse();
      assertThat(row.clean()).isEqualTo(position);
    }
    assertThat(batch.rows()).hasSize(2 * LENGTH - 5);
  }

  @Test
  void theShareOfInfillIsAsAskedFor() {
    int texts = 2000;
    NoisedBatch batch = draw(noising(new Flat(5), 0.25), texts);
    int[] asked = new int[texts];
    batch.rows().forEach(row -> asked[row.flat() / batch.window().width()]++);
    long whole = IntStream.of(asked).filter(count -> count == LENGTH).count();
    // A drawn gap can be the whole text: one in 3 · C(13, 2) of the infill.
    assertThat(whole / (double) texts).isCloseTo(0.75, within(0.03));
  }

  @Test
  void gapsFitTextsOfAnyLength() {
    var rng = new Rng(5);
    for (int length = 1; length < 20; length++) {
      for (int draw = 0; draw < 200; draw++) {
        SettlingOrder order = GapDraw.order(length, rng.stream(Rng.Purpose.KNOWN, draw, length));
        assertThat(order.length()).isEqualTo(length);
        assertThat(order.unknown()).isBetween(1, length);
      }
    }
  }

  @Test
  void aShareBeyondOneIsRefused() {
    assertThatThrownBy(() -> noising(new Quenched(), 1.5)).hasMessage("infill 1.5: expected 0 … 1");
  }
}

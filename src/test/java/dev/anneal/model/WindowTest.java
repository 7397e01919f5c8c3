package dev.anneal.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anneal.attention.AttentionPattern;
import dev.anneal.attention.CausalContext;
import dev.anneal.tensor.InScope;
import dev.anneal.tensor.Rng;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InScope.class)
final class WindowTest {
  private static final AttentionPattern THREE = AttentionPattern.everything(3);

  @Test
  void aRaggedWindowIsAsWideAsItsWidestSequence() {
    var window =
        new Window(
            new int[][] {{4, 5, 6}, {7}},
            new int[][] {{0, 1, 2}, {9}},
            List.of(THREE, AttentionPattern.everything(1)),
            0);
    assertThat(window.width()).isEqualTo(3);
    assertThat(window.flat(1, 0)).isEqualTo(3);
    int[] flat = new int[7];
    window.putIds(flat, 1);
    assertThat(flat).containsExactly(0, 4, 5, 6, 7, 0, 0);
    window.putPositions(flat, 1);
    assertThat(flat).containsExactly(0, 0, 1, 2, 9, 0, 0);
    assertThat(window.mask().orElseThrow().toLongs())
        .containsExactly(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1);
  }

  @Test
  void aWindowInWhichAllSeeAllNeedsNoMask() {
    assertThat(window(THREE, 0).mask()).isEmpty();
    assertThat(window(AttentionPattern.settledActive(new CausalContext(), 4, 4, 3), 0).mask())
        .isEmpty();
    assertThat(window(AttentionPattern.settledActive(new CausalContext(), 3, 4, 2), 0).mask())
        .isPresent();
  }

  @Test
  void partsThatDoNotFitAreRefused() {
    var ids = new int[][] {{1, 2, 3}};
    assertThatThrownBy(() -> new Window(new int[0][], new int[0][], List.of(), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("window of 0 sequences");
    assertThatThrownBy(() -> new Window(ids, ids, List.of(THREE, THREE), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 patterns");
    assertThatThrownBy(() -> new Window(ids, new int[][] {{0, 1}}, List.of(THREE), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("sequence 0 has 3 ids and 2 positions: expected 3");
  }

  @Test
  void moreSettlingRowsThanThereAreAreRefused() {
    assertThatThrownBy(() -> window(THREE, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("settling 4 rows of sequence 0: expected 0 … 3");
    assertThatThrownBy(() -> window(THREE, -1)).hasMessageStartingWith("settling -1 rows");
  }

  @Test
  void sequencesWithDifferentCachesAreRefused() {
    var ids = new int[][] {{1, 2, 3}, {1, 2, 3}};
    var cached = AttentionPattern.settledActive(new CausalContext(), 1, 1, 3);
    assertThatThrownBy(() -> new Window(ids, ids, List.of(THREE, cached), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("sequence 1 counts on 1 cached tokens: expected 0, as the others");
  }

  @Test
  void idsAndPositionsThatTheNetworkDoesNotKnowAreRefused() {
    var shape = new TransformerShape(5, 1, 1, 2, 4);
    try (Parameters parameters = Parameters.initial(shape, new Rng(1));
        var network = new Transformer(shape, parameters)) {
      int[] rows = {0};
      assertThatThrownBy(() -> network.logits(single(6, 0), KvCache.none(), rows))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("id 6 in sequence 0: expected 0 … 5");
      assertThatThrownBy(() -> network.logits(single(-1, 0), KvCache.none(), rows))
          .hasMessage("id -1 in sequence 0: expected 0 … 5");
      assertThatThrownBy(() -> network.logits(single(0, 4), KvCache.none(), rows))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("position 4 in sequence 0: expected 0 … 3");
    }
  }

  private static Window single(int id, int position) {
    return new Window(
        new int[][] {{id}}, new int[][] {{position}}, List.of(AttentionPattern.everything(1)), 0);
  }

  private static Window window(AttentionPattern pattern, int settling) {
    var ids = new int[1][pattern.rows()];
    return new Window(ids, ids, List.of(pattern), settling);
  }
}

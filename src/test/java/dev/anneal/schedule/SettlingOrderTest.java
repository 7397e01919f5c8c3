package dev.anneal.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class SettlingOrderTest {

  @Example
  void gapsSettleAfterAllThatIsKnown() {
    SettlingOrder order = SettlingOrder.infill(bits(1, 4), 6);
    assertThat(IntStream.range(0, 6).map(order::position)).containsExactly(1, 4, 0, 2, 3, 5);
    assertThat(order.known()).isEqualTo(2);
    assertThat(order.unknown()).isEqualTo(4);
    assertThat(order.length()).isEqualTo(6);
  }

  @Property(tries = 100)
  void orderAndPositionAreInverse(@ForAll Set<@IntRange(max = 19) Integer> known) {
    SettlingOrder order = SettlingOrder.infill(bits(known.stream().mapToInt(i -> i).toArray()), 20);
    for (int i = 0; i < 20; i++) {
      assertThat(order.order(order.position(i))).isEqualTo(i);
      assertThat(order.order(i) < order.known()).isEqualTo(known.contains(i));
    }
  }

  @Property(tries = 20)
  void aPromptLeavesThePositionsAsTheyAre(@ForAll @IntRange(max = 7) int known) {
    SettlingOrder order = SettlingOrder.prompt(7, known);
    assertThat(order.known()).isEqualTo(known);
    assertThat(IntStream.range(0, 7).map(order::position)).containsExactly(0, 1, 2, 3, 4, 5, 6);
  }

  @Example
  void whatIsKnownAndNotThereIsRefused() {
    assertThatThrownBy(() -> SettlingOrder.prompt(5, 6))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("prompt length 6 is outside 0 … length 5");
    assertThatThrownBy(() -> SettlingOrder.prompt(5, -1)).hasMessageContaining("-1");
    assertThatThrownBy(() -> SettlingOrder.infill(bits(2, 9), 5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("known position 9 is beyond length 5");
    assertThatThrownBy(() -> SettlingOrder.prompt(0, 0)).hasMessageContaining("length 0");
  }

  private static BitSet bits(int... set) {
    var bits = new BitSet();
    for (int bit : set) {
      bits.set(bit);
    }
    return bits;
  }
}

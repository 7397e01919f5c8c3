package dev.anneal.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anneal.tensor.Device;
import dev.anneal.tensor.InScope;
import dev.anneal.tensor.Rng;
import dev.anneal.tensor.Scope;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What rows ask, offer and hold in attention. */
@ExtendWith(InScope.class)
final class HeadsTest {
  private static final int HEADS = 3;
  private static final int CHANNELS = 10;

  private final int[] positions = {4, 0, 6, 5};

  /** Queries, keys and values of four rows. */
  private Tensor joint() {
    Rng.Stream random = new Rng(3).stream(Rng.Purpose.WEIGHTS, 0, 0);
    float[] numbers = new float[positions.length * 3 * HEADS * CHANNELS];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (float) random.uniform(i) - 0.5f;
    }
    return Tensors.of(numbers, positions.length, 3L * HEADS * CHANNELS);
  }

  private List<float[]> numbers(Optional<Rotary> rotary) {
    Optional<Rotary.Angles> angles =
        rotary.map(table -> table.at(Tensors.of(positions, positions.length)));
    Heads heads = Heads.of(joint(), HEADS, angles, Precision.FLOAT32);
    assertThat(heads.queries().shape()).containsExactly(1, HEADS, positions.length, CHANNELS);
    return List.of(heads.queries().toFloats(), heads.keys().toFloats(), heads.values().toFloats());
  }

  private void assertTheSameInPlace(Optional<Rotary> rotary) {
    List<float[]> recorded = numbers(rotary);
    try (Scope scope = Scope.withoutGradient()) {
      assertThat(joint().isOpenToJava()).isTrue();
      List<float[]> inPlace = numbers(rotary);
      for (int part = 0; part < recorded.size(); part++) {
        assertThat(inPlace.get(part)).containsExactly(recorded.get(part));
      }
    }
  }

  @Test
  void queriesAndKeysTurnedInPlaceAreTheSameToTheBit() {
    try (var rotary = new Rotary(7, CHANNELS, Device.CPU)) {
      assertTheSameInPlace(Optional.of(rotary));
    }
  }

  @Test
  void headsThatAreNotTurnedAreTheSame() {
    assertTheSameInPlace(Optional.empty());
  }
}

package dev.anneal.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReplayTest {
  @TempDir private Path folder;

  /** Walks some steps, the i-th of which gives i + 1 numbers, and tells which were made. */
  private List<Integer> walk(int steps) throws IOException {
    var made = new ArrayList<Integer>();
    var heard = new ArrayList<Integer>();
    try (KeptRows rows = KeptRows.open(folder.resolve("steps"), 4)) {
      Replay replay = Replay.of(rows, heard::add);
      for (int step = 0; step < steps; step++) {
        int number = step;
        double[] result =
            replay.next(
                () -> {
                  made.add(number);
                  return new double[number + 1];
                });
        assertThat(result).hasSize(number + 1);
      }
    }
    assertThat(heard).hasSize(steps);
    return made;
  }

  @Test
  void whatWasMadeBeforeIsNotMadeAgain() throws IOException {
    assertThat(walk(2)).containsExactly(0, 1);
    assertThat(walk(3)).containsExactly(2);
    assertThat(walk(3)).isEmpty();
  }
}

package dev.anneal.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KeptRowsTest {
  @TempDir private Path folder;

  private Path file() {
    return folder.resolve("new/kept.rows");
  }

  private void write(double[]... rows) throws IOException {
    try (KeptRows kept = KeptRows.open(file(), 3)) {
      for (double[] row : rows) {
        kept.add(row);
      }
    }
  }

  @Test
  void rowsOutliveWhoWroteThemToTheLastBit() throws IOException {
    double[] first = {1.0 / 3, -0.0, Double.MIN_VALUE};
    write(first, new double[] {7});
    write(new double[] {Double.NaN, Double.POSITIVE_INFINITY, 1});
    try (KeptRows kept = KeptRows.open(file(), 3)) {
      assertThat(kept.count()).isEqualTo(3);
      assertThat(kept.row(0)).containsExactly(first);
      assertThat(kept.row(1)).containsExactly(7, 0, 0);
      assertThat(kept.row(2)).containsExactly(Double.NaN, Double.POSITIVE_INFINITY, 1);
      kept.truncate(1);
      assertThat(kept.count()).isEqualTo(1);
      kept.discard();
    }
    assertThat(file()).doesNotExist();
  }

  @Test
  void aRowThatWasCutOffOrDamagedIsNotThere() throws IOException {
    write(new double[] {1, 2, 3}, new double[] {4, 5, 6});
    byte[] whole = Files.readAllBytes(file());
    byte[] damaged = whole.clone();
    damaged[whole.length / 2 + 5]++;
    byte[] empty = Arrays.copyOf(whole, whole.length);
    Arrays.fill(empty, whole.length / 2, whole.length, (byte) 0);
    for (byte[] content : new byte[][] {Arrays.copyOf(whole, whole.length - 1), damaged, empty}) {
      Files.write(file(), content);
      try (KeptRows kept = KeptRows.open(file(), 3)) {
        assertThat(kept.count()).isEqualTo(1);
        kept.add(new double[] {4, 5, 6});
      }
      assertThat(Files.readAllBytes(file())).isEqualTo(whole);
    }
  }

  @Test
  void whoComesSecondIsRefused() throws IOException {
    try (KeptRows kept = KeptRows.open(file(), 3)) {
      assertThat(kept.count()).isZero();
      assertThatIOException()
          .isThrownBy(() -> KeptRows.open(file(), 3))
          .withMessageContainingAll("kept.rows", "another process");
    }
  }
}

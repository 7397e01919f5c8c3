package dev.anneal.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class BucketTest {

  @Test
  void aBucketHoldsItsRowsAndWastesAtMostAQuarter() {
    for (int rows = 2; rows < 5_000; rows++) {
      assertThat(Bucket.of(rows)).isBetween(rows, rows + rows / 4);
    }
    assertThat(Bucket.of(1)).isEqualTo(2);
  }

  @Test
  void thereAreFewBuckets() {
    assertThat(IntStream.rangeClosed(1, 2_048).map(Bucket::of).distinct().count()).isLessThan(45);
  }
}

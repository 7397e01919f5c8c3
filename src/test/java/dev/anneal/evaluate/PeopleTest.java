package dev.anneal.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anneal.data.Chunks;
import dev.anneal.data.Corpus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PeopleTest {

  /** A corpus whose n-th token is n. */
  private record Counted(long tokens) implements Corpus {

    @Override
    public void copy(long from, int[] target) {
      Arrays.setAll(target, i -> (int) from + i);
    }
  }

  @ParameterizedTest
  @CsvSource({"100, 20, 20", "41, 20, 20", "40, 20, 20", "39, 20, 19", "1000, 7, 7"})
  void twoHalvesShareNoText(int chunks, int most, int half) {
    var all = new Chunks(new Counted(3L * chunks + 2), 3);
    List<Integer> starts = new ArrayList<>();
    People.of(all, half).texts().forEach(text -> starts.add(text[0]));
    People.others(all, most).texts().forEach(text -> starts.add(text[0]));
    assertThat(starts).hasSize(2 * half).doesNotHaveDuplicates().allMatch(first -> first % 3 == 0);
  }
}

package dev.anneal.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anneal.data.ByteTokenizer;
import dev.anneal.data.Tokenizer;
import dev.anneal.evaluate.Passages.Cut;
import dev.anneal.evaluate.Passages.Passage;
import dev.anneal.tensor.Rng;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Cuts of a text of three documents, of 5, 1 and 3 tokens, the last of each the end token. */
final class PassagesTest {
  private static final Tokenizer BYTES = new ByteTokenizer();
  private static final int END = BYTES.end();
  private static final int[] TEXT = {'a', 'b', 'c', 'd', END, END, 'x', 'y', END};

  private static Passages passages(Cut cut, int length) {
    return new Passages(new ArrayCorpus(TEXT), BYTES, cut, length, new Rng(3));
  }

  private static List<int[]> all(Passages passages) {
    return IntStream.range(0, passages.count()).mapToObj(passages::ids).toList();
  }

  @Test
  void allIsEveryTokenOnce() {
    for (int length = 1; length < 12; length++) {
      List<int[]> cut = all(passages(Cut.ALL, length));
      assertThat(cut.stream().flatMapToInt(Arrays::stream).toArray()).containsExactly(TEXT);
      int most = length;
      assertThat(cut.subList(0, cut.size() - 1)).allMatch(ids -> ids.length == most);
    }
  }

  @Test
  void wholeDropsTheRestAtTheEnd() {
    assertThat(all(passages(Cut.WHOLE, 4)))
        .containsExactly(Arrays.copyOf(TEXT, 4), Arrays.copyOfRange(TEXT, 4, 8));
  }

  @Test
  void wrappedStandsBetweenEndTokens() {
    assertThat(all(passages(Cut.WRAPPED, 6)))
        .containsExactly(
            new int[] {END, 'a', 'b', 'c', 'd', END}, new int[] {END, END, END, 'x', 'y', END});
  }

  @Test
  void aWindowShowsADocumentOrARandomPartOfIt() {
    List<int[]> windows = all(passages(Cut.WINDOW, 3));
    assertThat(windows).hasSize(3);
    assertThat(windows.get(1)).containsExactly(END);
    assertThat(windows.get(2)).containsExactly('x', 'y', END);
    var starts = new HashSet<Integer>();
    for (int seed = 0; seed < 50; seed++) {
      int[] window =
          new Passages(new ArrayCorpus(TEXT), BYTES, Cut.WINDOW, 3, new Rng(seed)).ids(0);
      int start = window[0] - 'a';
      assertThat(window).containsExactly(Arrays.copyOfRange(TEXT, start, start + 3));
      starts.add(start);
    }
    assertThat(starts).containsExactlyInAnyOrder(0, 1, 2);
  }

  @Test
  void eachTokenBelongsToItsDocument() {
    int[] documents = {0, 0, 0, 0, 0, 1, 2, 2, 2};
    for (Cut cut : List.of(Cut.ALL, Cut.WHOLE)) {
      Passages passages = passages(cut, 4);
      for (int i = 0; i < passages.count(); i++) {
        Passage passage = passages.passage(i);
        for (int position = 0; position < passage.ids().length; position++) {
          assertThat(passages.document(passage, position)).isEqualTo(documents[4 * i + position]);
        }
      }
    }
    Passages wrapped = passages(Cut.WRAPPED, 6);
    assertThat(
            IntStream.range(0, 6)
                .mapToLong(position -> wrapped.document(wrapped.passage(1), position)))
        .containsExactly(0L, 0L, 1L, 2L, 2L, 2L);
    Passages windows = passages(Cut.WINDOW, 2);
    assertThat(windows.document(windows.passage(2), 1)).isEqualTo(2);
  }

  @Test
  void aTextWithoutASequenceIsRefused() {
    assertThatThrownBy(() -> passages(Cut.WHOLE, 10)).hasMessageContaining("9 tokens");
    assertThatThrownBy(() -> passages(Cut.WRAPPED, 12)).hasMessageContaining("at least 10");
    assertThatThrownBy(() -> new Passages(new ArrayCorpus(), BYTES, Cut.ALL, 4, new Rng(1)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}

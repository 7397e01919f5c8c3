package dev.anneal.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anneal.schedule.BlockAnnealing;
import dev.anneal.schedule.Partition;
import dev.anneal.schedule.Quenched;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** The masks of the paper cell by cell, and the mask against its definition. */
class AttentionPatternTest {

  private static final int[] NO_SLICES = {};

  @Provide
  Arbitrary<SettledContext> contexts() {
    return SettledContextTest.contexts();
  }

  @Provide
  Arbitrary<AttentionPattern> patterns() {
    Arbitrary<Integer> counts = Arbitraries.integers().between(0, 12);
    Arbitrary<AttentionPattern> calls =
        Combinators.combine(contexts(), counts, counts, counts)
            .as(
                (context, cached, settled, active) ->
                    AttentionPattern.settledActive(
                        context, Math.min(cached, context.cacheable(settled)), settled, active));
    Arbitrary<AttentionPattern> training =
        Combinators.combine(contexts(), counts, counts.list().ofMaxSize(4), counts)
            .as(AttentionPatternTest::trainingPairs);
    return Arbitraries.oneOf(calls, training, counts.map(AttentionPattern::everything));
  }

  @Example
  void causalContextAtInference() {
    assertThat(draw(AttentionPattern.settledActive(new CausalContext(), 0, 4, 4)))
        .isEqualTo(
            """
            1.......
            11......
            111.....
            1111....
            11111111
            11111111
            11111111
            11111111
            """);
  }

  @Example
  void blockCausalContextAtInference() {
    assertThat(draw(AttentionPattern.settledActive(new BlockCausalContext(2), 0, 4, 2)))
        .isEqualTo(
            """
            11....
            11....
            1111..
            1111..
            111111
            111111
            """);
  }

  @Example
  void twoStreamTrainingWithCausalContext() {
    int[] starts = {0, 2, 4};
    int[] ends = {2, 4, 6};
    assertThat(draw(AttentionPattern.trainingPairs(new CausalContext(), 6, starts, ends)))
        .isEqualTo(
            """
            1...........
            11..........
            111.........
            1111........
            11111.......
            111111......
            ......11....
            ......11....
            11......11..
            11......11..
            1111......11
            1111......11
            """);
  }

  @Example
  void twoStreamTrainingWithBlockCausalContext() {
    int[] starts = {0, 2};
    int[] ends = {2, 4};
    assertThat(draw(AttentionPattern.trainingPairs(new BlockCausalContext(2), 4, starts, ends)))
        .isEqualTo(
            """
            11......
            11......
            1111....
            1111....
            ....11..
            ....11..
            11....11
            11....11
            """);
  }

  @Example
  void twoStreamTrainingOfASlide() {
    int[] starts = {0, 1};
    int[] ends = {1, 3};
    assertThat(draw(AttentionPattern.trainingPairs(new CausalContext(), 3, starts, ends)))
        .isEqualTo(
            """
            1.....
            11....
            111...
            ...1..
            1...11
            1...11
            """);
  }

  @Example
  void inTwoStreamsOfWidthOneATokenSeesOnlyItselfAndTheCleanPrefix() {
    int[] starts = {0, 1, 2};
    int[] ends = {1, 2, 3};
    assertThat(draw(AttentionPattern.trainingPairs(new CausalContext(), 2, starts, ends)))
        .isEqualTo(
            """
            1....
            11...
            ..1..
            1..1.
            11..1
            """);
  }

  /** The start, three settled tokens, and the fourth, which emits the first of four active ones. */
  @Example
  void shiftedOutputsAtInference() {
    var outputs = new Shifted(0);
    Partition last = new BlockAnnealing(4, 2).partition(3, 8);
    assertThat(draw(call(outputs, last)))
        .isEqualTo(
            """
            1........
            11.......
            111......
            1111.....
            111111111
            111111111
            111111111
            111111111
            111111111
            """);
    Partition first = new BlockAnnealing(4, 2).partition(2, 8); // the last token is all noise
    assertThat(draw(call(outputs, first)).lines()).hasSize(8).endsWith("11111111");
    assertThat(outputs.slots(first, Alignment.TopLevel.SHOWN)).isEqualTo(5);
    Partition autoregressive = new Quenched().partition(3, 8);
    assertThat(draw(call(outputs, autoregressive)))
        .isEqualTo(draw(AttentionPattern.settledActive(new CausalContext(), 0, 4, 0)));
  }

  private static AttentionPattern call(Alignment outputs, Partition call) {
    var context = new CausalContext();
    int slots = outputs.slots(call, Alignment.TopLevel.BLANK);
    return AttentionPattern.settledActive(context, 0, call.settled(), slots);
  }

  @Example
  void everythingSeesEverything() {
    assertThat(draw(AttentionPattern.everything(2))).isEqualTo("11\n11\n");
  }

  @Property(tries = 300)
  void aCachedWindowIsTheLowerPartOfTheWholeOne(
      @ForAll("contexts") SettledContext context,
      @ForAll @IntRange(max = 15) int settled,
      @ForAll @IntRange(max = 6) int active) {
    int cached = context.cacheable(settled);
    String whole = draw(AttentionPattern.settledActive(context, 0, settled, active));
    AttentionPattern window = AttentionPattern.settledActive(context, cached, settled, active);
    assertThat(window.cached()).isEqualTo(cached);
    assertThat(window.keys()).isEqualTo(settled + active);
    assertThat(draw(window).lines()).containsExactlyElementsOf(whole.lines().skip(cached).toList());
  }

  @Property(tries = 500)
  void theMaskIsWhatTheRowsSee(@ForAll("patterns") AttentionPattern pattern) {
    byte[] mask = pattern.mask();
    assertThat(mask).hasSize(pattern.rows() * pattern.keys());
    for (int query = 0; query < pattern.rows(); query++) {
      for (int key = 0; key < pattern.keys(); key++) {
        assertThat(mask[query * pattern.keys() + key])
            .as("query %d, key %d", query, key)
            .isEqualTo((byte) (pattern.sees(query, key) ? 1 : 0));
      }
    }
  }

  @Property(tries = 300)
  void paddingSeesOnlyItselfAndIsSeenByNobody(
      @ForAll("patterns") AttentionPattern pattern,
      @ForAll @IntRange(max = 5) int moreCached,
      @ForAll @IntRange(max = 5) int moreRows) {
    int cachedRoom = pattern.cached() + moreCached;
    int rowRoom = pattern.rows() + moreRows;
    int stride = cachedRoom + rowRoom;
    byte[] mask = new byte[rowRoom * stride];
    Arrays.fill(mask, (byte) 7);
    pattern.fill(MemorySegment.ofArray(mask), cachedRoom, Stripe.whole(rowRoom));
    for (int query = 0; query < rowRoom; query++) {
      for (int column = 0; column < stride; column++) {
        assertThat(mask[query * stride + column])
            .as("query %d, column %d", query, column)
            .isEqualTo((byte) (seesPadded(pattern, query, column, cachedRoom) ? 1 : 0));
      }
    }
  }

  @Property(tries = 500)
  void stripesHoldAllThatTheirRowsSee(
      @ForAll("patterns") AttentionPattern pattern,
      @ForAll @IntRange(min = 1, max = 7) int height,
      @ForAll @IntRange(max = 5) int moreRows) {
    int rowRoom = pattern.rows() + moreRows;
    for (int first = 0; first < rowRoom; first += height) {
      Stripe stripe = pattern.stripe(first, Math.min(first + height, rowRoom));
      var keys =
          IntStream.concat(
                  IntStream.range(0, pattern.cached() + stripe.prefix()),
                  IntStream.range(stripe.from(), stripe.to()).map(row -> pattern.cached() + row))
              .toArray();
      byte[] mask = new byte[stripe.rows() * keys.length];
      long seen = pattern.fill(MemorySegment.ofArray(mask), pattern.cached(), stripe);
      assertThat(IntStream.range(0, mask.length).filter(cell -> mask[cell] == 1))
          .hasSize((int) seen);
      for (int query = first; query < stripe.end(); query++) {
        byte[] row =
            Arrays.copyOfRange(
                mask, (query - first) * keys.length, (query - first + 1) * keys.length);
        assertThat(IntStream.range(0, keys.length).filter(k -> row[k] == 1).map(k -> keys[k]))
            .as("query %d", query)
            .containsExactlyElementsOf(seen(pattern, query, rowRoom));
      }
    }
  }

  private static List<Integer> seen(AttentionPattern pattern, int query, int rowRoom) {
    return IntStream.range(0, pattern.cached() + rowRoom)
        .filter(key -> seesPadded(pattern, query, key, pattern.cached()))
        .boxed()
        .toList();
  }

  @Example
  void aStripeOfNarrowSlicesHasThePrefixAndItsOwnSlices() {
    int[] starts = {0, 2, 4, 6};
    int[] ends = {2, 4, 6, 8};
    AttentionPattern pairs = AttentionPattern.trainingPairs(new CausalContext(), 6, starts, ends);
    assertThat(pairs.stripe(0, 4)).isEqualTo(new Stripe(0, 4, 4, 4, 4));
    assertThat(pairs.stripe(6, 10)).isEqualTo(new Stripe(6, 10, 2, 6, 10));
    assertThat(pairs.stripe(10, 14)).isEqualTo(new Stripe(10, 14, 6, 10, 14));
    assertThat(pairs.stripe(9, 11)).isEqualTo(new Stripe(9, 11, 4, 8, 12));
  }

  @Property(tries = 200)
  void noRowSeesNothing(@ForAll("patterns") AttentionPattern pattern) {
    for (int row = 0; row < pattern.rows(); row++) {
      assertThat(pattern.sees(row, pattern.cached() + row)).isTrue();
    }
  }

  @Example
  void rowsKnowTheirOrder() {
    AttentionPattern window = AttentionPattern.settledActive(new CausalContext(), 3, 5, 2);
    assertThat(IntStream.range(0, window.rows()).map(window::order)).containsExactly(3, 4, 5, 6);
    AttentionPattern pairs =
        AttentionPattern.trainingPairs(new CausalContext(), 3, new int[] {1}, new int[] {3});
    assertThat(IntStream.range(0, pairs.rows()).map(pairs::order)).containsExactly(0, 1, 2, 1, 2);
  }

  @Example
  void aTokenThatIsNotFinalCannotBeCached() {
    assertThatThrownBy(() -> AttentionPattern.settledActive(new BlockCausalContext(4), 5, 6, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "firstSettled 5 is outside 0 … 4, the tokens that BlockCausalContext[width=4] can cache of 6 settled");
    assertThatThrownBy(() -> AttentionPattern.settledActive(new FullContext(), 1, 6, 2))
        .hasMessageContaining("firstSettled 1");
    assertThatThrownBy(() -> AttentionPattern.settledActive(new CausalContext(), -1, 6, 2))
        .hasMessageContaining("firstSettled -1");
    assertThatThrownBy(() -> AttentionPattern.settledActive(new CausalContext(), 0, -1, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("settled -1");
    assertThatThrownBy(() -> AttentionPattern.everything(-1)).hasMessageContaining("active -1");
  }

  @Example
  void aSliceWhoseAnswerWouldLeakIsRefused() {
    int[] start = {3};
    int[] end = {6};
    assertThatThrownBy(
            () -> AttentionPattern.trainingPairs(new BlockCausalContext(2), 6, start, end))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "slice start 3 cuts what BlockCausalContext[width=2] lets clean tokens see: expected a start such as 2");
    assertThatThrownBy(() -> AttentionPattern.trainingPairs(new FullContext(), 6, start, end))
        .hasMessageContaining("slice start 3");
  }

  @Example
  void slicesOutsideTheSequenceAreRefused() {
    assertThatThrownBy(() -> pairs(new int[] {7}, new int[] {8}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("slice 7 … 8 is empty or begins beyond the 6 clean tokens");
    assertThatThrownBy(() -> pairs(new int[] {2}, new int[] {2})).hasMessageContaining("2 … 2");
    assertThatThrownBy(() -> pairs(new int[] {-1}, new int[] {2})).hasMessageContaining("-1 … 2");
    assertThatThrownBy(() -> pairs(new int[] {2}, NO_SLICES))
        .hasMessage("1 slice starts and 0 slice ends: expected equally many");
  }

  @Example
  void roomThatIsTooSmallIsRefused() {
    AttentionPattern pattern = AttentionPattern.settledActive(new CausalContext(), 2, 3, 1);
    MemorySegment target = MemorySegment.ofArray(new byte[8]);
    assertThatThrownBy(() -> pattern.fill(target, 1, Stripe.whole(2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("room for 1 cached in 8 bytes: expected at least 2 cached");
    assertThatThrownBy(() -> pattern.fill(target, 2, Stripe.whole(3)))
        .hasMessageEndingWith("and 15 bytes");
    assertThatThrownBy(() -> pattern.fill(target, 3, new Stripe(0, 2, 0, 1, 2)))
        .hasMessage(
            "Stripe[first=0, end=2, prefix=0, from=1, to=2]: expected at least"
                + " Stripe[first=0, end=2, prefix=2, from=2, to=2]");
  }

  @Example
  void rowsAndKeysThatDoNotExistAreRefused() {
    AttentionPattern pattern = AttentionPattern.everything(3);
    assertThatThrownBy(() -> pattern.sees(0, 3)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> pattern.sees(3, 0)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  /** The wanted slices, each moved back to a start that leaks nothing. */
  private static AttentionPattern trainingPairs(
      SettledContext context, int clean, List<Integer> wanted, int width) {
    int[] starts =
        wanted.stream()
            .mapToInt(start -> context.cacheable(Math.min(start, clean)))
            .filter(start -> start < clean)
            .toArray();
    int[] ends = Arrays.stream(starts).map(start -> Math.min(clean, start + 1 + width)).toArray();
    return AttentionPattern.trainingPairs(context, clean, starts, ends);
  }

  private static AttentionPattern pairs(int[] starts, int[] ends) {
    return AttentionPattern.trainingPairs(new CausalContext(), 6, starts, ends);
  }

  private static boolean seesPadded(
      AttentionPattern pattern, int query, int column, int cachedRoom) {
    if (query >= pattern.rows()) {
      return column == cachedRoom + query;
    }
    if (column < cachedRoom) {
      return column < pattern.cached() && pattern.sees(query, column);
    }
    int row = column - cachedRoom;
    return row < pattern.rows() && pattern.sees(query, pattern.cached() + row);
  }

  /** One line a query: 1 where it sees the key, else a dot. */
  private static String draw(AttentionPattern pattern) {
    return IntStream.range(0, pattern.rows())
        .mapToObj(
            query ->
                IntStream.range(0, pattern.keys())
                    .mapToObj(key -> pattern.sees(query, key) ? "1" : ".")
                    .collect(Collectors.joining("", "", "\n")))
        .collect(Collectors.joining());
  }
}

package dev.anneal.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anneal.schedule.Flat;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

final class SettledPrefixTest {
  private static final int BLANK = Draft.BLANK;

  private static GenerationStep step(Draft draft, Change... changes) {
    var partition = new Flat(1).partition(0, draft.order().unknown());
    return new GenerationStep(draft.order(), partition, List.of(List.of(changes)));
  }

  private static Change settled(int position, int id) {
    return new Change(position, id, Change.Kind.SETTLED, 0, OptionalDouble.empty());
  }

  @Test
  void itGrowsToTheFirstTokenThatHasNotSettled() {
    Draft draft = Draft.infill(new int[] {5, 6, BLANK, BLANK, 7, BLANK}, 1);
    var prefix = new SettledPrefix(draft, 0);
    assertThat(prefix.grow()).containsExactly(5, 6);
    assertThat(prefix.grow()).isEmpty();
    prefix.add(step(draft, settled(3, 9)));
    assertThat(prefix.grow()).isEmpty();
    prefix.add(step(draft, settled(2, 8)));
    assertThat(prefix.grow()).containsExactly(8, 9, 7);
    prefix.add(step(draft, settled(5, 1)));
    assertThat(prefix.grow()).containsExactly(1);
    assertThat(prefix.grow()).isEmpty();
  }

  @Test
  void whatMayStillChangeIsNotInIt() {
    Draft draft = Draft.prompt(new int[0], 2, 1);
    var prefix = new SettledPrefix(draft, 0);
    prefix.add(step(draft, new Change(0, 3, Change.Kind.PROVISIONAL, 1, OptionalDouble.empty())));
    assertThat(prefix.grow()).isEmpty();
    prefix.add(step(draft, settled(0, 4)));
    assertThat(prefix.grow()).containsExactly(4);
  }
}

package dev.anneal.recipe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class SpellingTest {

  @Test
  void namesAreSplitBeforeCapitals() {
    assertThat(Spelling.snake("learningRate")).isEqualTo("learning_rate");
    assertThat(Spelling.snake("beta1")).isEqualTo("beta1");
    assertThat(Spelling.kebab("EpsilonHybrid")).isEqualTo("epsilon-hybrid");
    assertThat(Spelling.kebab(Split.BLANK_LINE)).isEqualTo("blank-line");
    assertThat(Spelling.words("NoiseProcess")).isEqualTo("noise process");
  }

  @Test
  void theNearestNameIsTheOneWithTheFewestEdits() {
    assertThat(Spelling.suggestion("lerning_rate", List.of("steps", "learning_rate", "clip")))
        .contains("'learning_rate'");
    assertThat(Spelling.suggestion("anything", List.of())).isEmpty();
  }

  @Property(tries = 300)
  void theDistanceIsTheShortestWayOfEdits(
      @ForAll @CharRange(from = 'a', to = 'b') @StringLength(max = 5) String from,
      @ForAll @CharRange(from = 'a', to = 'b') @StringLength(max = 5) String to) {
    assertThat(Spelling.distance(from, to)).isEqualTo(edits(from, to));
  }

  /** The definition, without a table: exponential, for short words. */
  private static int edits(String from, String to) {
    if (from.isEmpty() || to.isEmpty()) {
      return from.length() + to.length();
    }
    String fromRest = from.substring(1);
    String toRest = to.substring(1);
    if (from.charAt(0) == to.charAt(0)) {
      return edits(fromRest, toRest);
    }
    return 1
        + Math.min(edits(fromRest, toRest), Math.min(edits(fromRest, to), edits(from, toRest)));
  }
}

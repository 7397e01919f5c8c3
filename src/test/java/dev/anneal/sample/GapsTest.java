package dev.anneal.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anneal.data.ByteTokenizer;
import org.junit.jupiter.api.Test;

final class GapsTest {

  private static Gaps parse(String prompt, int longest) {
    return Gaps.parse(prompt, new ByteTokenizer(), longest);
  }

  @Test
  void aGapIsAsManyBlanks() {
    assertThat(parse("a{{2}}b{{1}}", 5).tokens())
        .containsExactly((int) 'a', Draft.BLANK, Draft.BLANK, (int) 'b', Draft.BLANK);
    assertThat(parse("a{{0}}b", 2).tokens()).containsExactly((int) 'a', (int) 'b');
    assertThat(parse("", 0).tokens()).isEmpty();
  }

  @Test
  void bracesWithoutANumberAreText() {
    for (String text : new String[] {"{{}}", "{{a}}", "{{-1}}", "{8}", "{{1234567}}"}) {
      assertThat(parse(text, 99).tokens()).hasSize(text.length()).doesNotContain(Draft.BLANK);
    }
  }

  @Test
  void gapsMakeTheLengthOfTheText() {
    assertThat(parse("a{{2}}b", 9).draft(7, 3).order().length()).isEqualTo(4);
    assertThat(parse("ab", 9).draft(7, 3).order().length()).isEqualTo(7);
  }

  @Test
  void aPromptThatIsTooLongIsRefusedBeforeItsGapsAreMade() {
    assertThatThrownBy(() -> parse("ab{{3}}c", 5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("6 tokens")
        .hasMessageContaining("at most 5");
    assertThatThrownBy(() -> parse("{{999999}}".repeat(100_000), 32))
        .hasMessageContaining("999999 tokens");
  }

  @Test
  void aTextToCorrectComesAfterAPromptThatStays() {
    Draft draft = parse("ab{{1}}", 9).before(parse("c{{2}}", 9), 6, 2);
    int blank = Draft.BLANK;
    assertThat(draft.tokens(1)).containsExactly('a', 'b', blank, 'c', blank, blank);
    assertThat(draft.order().known()).isEqualTo(2);
    assertThatThrownBy(() -> parse("abc", 9).before(parse("def", 9), 5, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("6 tokens")
        .hasMessageContaining("1 … 5");
    assertThatThrownBy(() -> parse("", 9).before(parse("", 9), 5, 1))
        .hasMessageContaining("0 tokens");
  }
}

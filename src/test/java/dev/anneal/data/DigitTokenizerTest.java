package dev.anneal.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DigitTokenizerTest {
  private final Tokenizer tokenizer = new DigitTokenizer();

  @Test
  void digitsAreTokensAndLayoutIsNot() {
    assertThat(tokenizer.encode("19\n 5")).containsExactly(0, 8, 4);
    assertThat(tokenizer.decode(new int[] {0, 8, tokenizer.end(), 4})).isEqualTo("195");
    assertThat(tokenizer.mask()).isEqualTo(10);
  }

  @Test
  void otherCharactersAreRefused() {
    assertThatThrownBy(() -> tokenizer.encode("12😀"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("character '😀': expected digits 1 … 9, the tokens of puzzles");
    assertThatThrownBy(() -> tokenizer.encode("0")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void itIsFoundByNameAndInAModelFolder(@TempDir Path folder) throws IOException {
    assertThat(Tokenizers.named("digits")).isEqualTo(tokenizer);
    tokenizer.save(folder);
    assertThat(Tokenizers.load(folder)).isEqualTo(tokenizer);
  }
}

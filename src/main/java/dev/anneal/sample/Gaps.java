package dev.anneal.sample;

import dev.anneal.data.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A prompt with gaps: {@code {{8}}} stands for eight tokens to fill.
 *
 * @param tokens real tokens, {@link Draft#BLANK} in the gaps
 */
public record Gaps(List<Integer> tokens) {
  private static final Pattern GAP = Pattern.compile("\\{\\{(\\d{1,6})}}");

  /** Copies the tokens. */
  public Gaps {
    tokens = List.copyOf(tokens);
  }

  /**
   * Reads a prompt.
   *
   * @param longest how many tokens it may have, those of its gaps included
   * @throws IllegalArgumentException if it has more
   */
  public static Gaps parse(String prompt, Tokenizer tokenizer, int longest) {
    var tokens = new ArrayList<Integer>();
    Matcher gap = GAP.matcher(prompt);
    int from = 0;
    while (gap.find()) {
      tokens.addAll(encoded(prompt.substring(from, gap.start()), tokenizer));
      tokens.addAll(Collections.nCopies(Integer.parseInt(gap.group(1)), Draft.BLANK));
      requireAtMost(longest, tokens.size());
      from = gap.end();
    }
    tokens.addAll(encoded(prompt.substring(from), tokenizer));
    requireAtMost(longest, tokens.size());
    return new Gaps(tokens);
  }

  private static List<Integer> encoded(String text, Tokenizer tokenizer) {
    return Arrays.stream(tokenizer.encode(text)).boxed().toList();
  }

  private static void requireAtMost(int longest, int length) {
    if (length > longest) {
      throw new IllegalArgumentException(
          "the prompt has %d tokens, its gaps included: expected at most %d"
              .formatted(length, longest));
    }
  }

  /**
   * The texts to complete.
   *
   * @param length of a prompt without gaps; with gaps, the length is what they make it
   * @throws IllegalArgumentException if the prompt is longer than the length, or samples is below 1
   */
  public Draft draft(int length, int samples) {
    int[] ids = tokens.stream().mapToInt(Integer::intValue).toArray();
    return tokens.contains(Draft.BLANK)
        ? Draft.infill(ids, samples)
        : Draft.prompt(ids, length, samples);
  }

  /**
   * Texts to be corrected that begin with this prompt, whose tokens stay; its gaps are filled.
   *
   * @param text to be corrected, and its gaps filled
   * @param longest how many tokens the two may have together
   * @throws IllegalArgumentException if they have more, or none, or samples is below 1
   */
  public Draft before(Gaps text, int longest, int samples) {
    var whole = new ArrayList<>(tokens);
    whole.addAll(text.tokens);
    if (whole.isEmpty() || whole.size() > longest) {
      throw new IllegalArgumentException(
          "the text to correct has %d tokens, its prompt included: expected 1 … %d"
              .formatted(whole.size(), longest));
    }
    var known = new BitSet();
    for (int position = 0; position < tokens.size(); position++) {
      known.set(position, tokens.get(position) != Draft.BLANK);
    }
    int[] ids = whole.stream().mapToInt(Integer::intValue).toArray();
    return Draft.given(known, ids, samples);
  }
}

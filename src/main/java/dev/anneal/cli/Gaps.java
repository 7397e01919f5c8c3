package dev.anneal.cli;

import dev.anneal.data.Tokenizer;
import dev.anneal.sample.Draft;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A prompt with gaps: {@code {{8}}} stands for eight tokens to fill.
 *
 * @param tokens real tokens, {@link Draft#BLANK} in the gaps
 */
record Gaps(List<Integer> tokens) {
  private static final Pattern GAP = Pattern.compile("\\{\\{(\\d{1,6})}}");

  /** Reads a prompt. */
  static Gaps parse(String prompt, Tokenizer tokenizer) {
    Matcher gap = GAP.matcher(prompt);
    IntStream tokens = IntStream.empty();
    int from = 0;
    while (gap.find()) {
      tokens = IntStream.concat(tokens, encoded(prompt.substring(from, gap.start()), tokenizer));
      int size = Integer.parseInt(gap.group(1));
      tokens = IntStream.concat(tokens, IntStream.generate(() -> Draft.BLANK).limit(size));
      from = gap.end();
    }
    tokens = IntStream.concat(tokens, encoded(prompt.substring(from), tokenizer));
    return new Gaps(tokens.boxed().toList());
  }

  private static IntStream encoded(String text, Tokenizer tokenizer) {
    return Arrays.stream(tokenizer.encode(text));
  }

  /**
   * The texts to complete.
   *
   * @param length of a prompt without gaps; with gaps, the length is what they make it
   */
  Draft draft(int length, int samples) {
    int[] ids = tokens.stream().mapToInt(Integer::intValue).toArray();
    return tokens.contains(Draft.BLANK)
        ? Draft.infill(ids, samples)
        : Draft.prompt(ids, length, samples);
  }
}

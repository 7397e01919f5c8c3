package dev.anneal.evaluate;

import dev.anneal.data.Chunks;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Texts of people to compare generated ones with.
 *
 * @param texts ids of each, in the judge's tokens
 * @param length tokens of a text
 */
public record People(List<int[]> texts, int length) {

  /** At most so many chunks, spread over all. */
  public static People of(Chunks chunks, int most) {
    long count = Math.min(most, chunks.count());
    return new People(
        LongStream.range(0, count)
            .mapToObj(i -> chunks.sequence(i * chunks.count() / count))
            .toList(),
        chunks.length());
  }

  /** Other texts than those of {@link #of}, as many, if there are twice as many chunks. */
  public static People others(Chunks chunks, int most) {
    long count = Math.clamp(chunks.count() / 2, 1, most);
    return new People(
        LongStream.range(0, count)
            .mapToObj(i -> chunks.sequence((2 * i + 1) * chunks.count() / (2 * count)))
            .toList(),
        chunks.length());
  }
}

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
}

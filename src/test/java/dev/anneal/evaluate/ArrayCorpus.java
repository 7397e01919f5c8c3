package dev.anneal.evaluate;

import dev.anneal.data.Corpus;

/** A text in memory. */
final class ArrayCorpus implements Corpus {
  private final int[] ids;

  ArrayCorpus(int... ids) {
    this.ids = ids;
  }

  @Override
  public long tokens() {
    return ids.length;
  }

  @Override
  public void copy(long from, int[] target) {
    if (from < 0 || from + target.length > ids.length) {
      throw new IndexOutOfBoundsException(from + " … " + (from + target.length));
    }
    System.arraycopy(ids, (int) from, target, 0, target.length);
  }
}

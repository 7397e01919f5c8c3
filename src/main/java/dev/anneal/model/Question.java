package dev.anneal.model;

/** What is asked in a call that several questions may share. */
public final class Question {
  private final Window window;
  private final KvCache cache;
  private final int[] rows;

  /**
   * A question; the rows are not copied and must not change while it is used.
   *
   * @param window what to look at
   * @param cache what settled before, of this question alone; takes the window's {@link
   *     Window#settling()} rows in
   * @param rows the wanted rows, as {@link Window#flat}, in any order
   */
  public Question(Window window, KvCache cache, int[] rows) {
    this.window = window;
    this.cache = cache;
    this.rows = rows;
  }

  /** What to look at. */
  public Window window() {
    return window;
  }

  /** What settled before. */
  public KvCache cache() {
    return cache;
  }

  /** The wanted rows; do not change them. */
  public int[] rows() {
    return rows;
  }

  /** How many rows the window feeds to the network, padding of shorter sequences included. */
  public int fed() {
    return window.batch() * window.width();
  }
}

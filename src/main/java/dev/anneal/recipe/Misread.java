package dev.anneal.recipe;

/** Something in a recipe that cannot be meant: what, where in the tree, and on which line. */
final class Misread extends IllegalArgumentException {

  private final int line;
  private final String problem;

  Misread(int line, String problem) {
    this.line = line;
    this.problem = problem;
  }

  @Override
  public String getMessage() {
    return problem;
  }

  /** Counted from 1; 0 where no line is to blame. */
  int line() {
    return line;
  }
}

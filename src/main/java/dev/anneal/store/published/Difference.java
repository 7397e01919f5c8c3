package dev.anneal.store.published;

/**
 * How far a network's outputs lie from the expected ones.
 *
 * @param name of the case
 * @param rows how many were compared
 * @param absolute the largest difference of two numbers; not a number if one of them is none
 * @param relative the same as a share of the largest expected number
 */
public record Difference(String name, long rows, double absolute, double relative) {

  /** Whether no two numbers differ by more. */
  public boolean isWithin(double tolerance) {
    return absolute <= tolerance;
  }
}

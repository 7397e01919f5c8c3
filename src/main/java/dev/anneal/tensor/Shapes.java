package dev.anneal.tensor;

import java.util.Arrays;

/** Checks of shapes on the Java side, so that a mistake is an exception with both shapes in it. */
final class Shapes {
  private Shapes() {}

  static long count(long[] shape) {
    long count = 1;
    for (long size : shape) {
      count *= size;
    }
    return count;
  }

  static void checkBroadcast(String operation, long[] left, long[] right) {
    for (int i = 1; i <= Math.min(left.length, right.length); i++) {
      long first = left[left.length - i];
      long second = right[right.length - i];
      if (first != second && first != 1 && second != 1) {
        throw mismatch(operation, left, right);
      }
    }
  }

  static void checkReshape(long[] from, long[] to) {
    long known = 1;
    boolean free = false;
    for (long size : to) {
      if (size == -1 && !free) {
        free = true;
      } else {
        known *= size;
      }
    }
    long count = count(from);
    if (free ? known <= 0 || count % known != 0 : known != count) {
      throw mismatch("reshape", from, to);
    }
  }

  static void checkLast(String operation, long[] shape, long[] weight) {
    if (shape.length == 0 || shape[shape.length - 1] != weight[weight.length - 1]) {
      throw mismatch(operation, shape, weight);
    }
  }

  /** Refuses a view that reaches beyond the elements of a shape. */
  static void checkWithin(String operation, long[] shape, long[] sizes, long[] steps, long first) {
    long last = first;
    for (int i = 0; i < sizes.length; i++) {
      last += (sizes[i] - 1) * steps[i];
    }
    if (sizes.length != steps.length || first < 0 || (count(sizes) > 0 && last >= count(shape))) {
      throw mismatch(operation, shape, sizes);
    }
  }

  static IllegalArgumentException mismatch(String operation, long[] left, long[] right) {
    return new IllegalArgumentException(
        operation + ": " + Arrays.toString(left) + " does not fit " + Arrays.toString(right));
  }
}

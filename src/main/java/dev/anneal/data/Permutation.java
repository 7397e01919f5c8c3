package dev.anneal.data;

import dev.anneal.tensor.Rng;

/**
 * A random order of 0 … size − 1, computed where it is asked for.
 *
 * <p>A Feistel network permutes the numbers of an even number of bits; where one lies beyond the
 * size, the network is applied again until it falls within (cycle walking: fewer than four times on
 * average).
 *
 * @param size how many numbers are permuted, 1 or more
 * @param epoch which of the orders
 * @param rng the run's chance
 */
record Permutation(long size, long epoch, Rng rng) {

  /** Four rounds make it pseudo-random (Luby and Rackoff 1988); two more cost little. */
  static final int ROUNDS = 6;

  long at(long index) {
    int half = halfBits();
    long permuted = index;
    do {
      permuted = network(permuted, half);
    } while (permuted >= size);
    return permuted;
  }

  private long network(long number, int half) {
    long low = (1L << half) - 1;
    long left = number >>> half;
    long right = number & low;
    for (int round = 0; round < ROUNDS; round++) {
      long mixed = left ^ (rng.stream(Rng.Purpose.ORDER, epoch, round).bits(right) & low);
      left = right;
      right = mixed;
    }
    return (left << half) | right;
  }

  /** The smallest h with 4^h ≥ size, but at least one bit for each half. */
  private int halfBits() {
    int bits = Long.SIZE - Long.numberOfLeadingZeros(size - 1);
    return Math.max(1, (bits + 1) / 2);
  }
}

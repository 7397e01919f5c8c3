package dev.anneal.model;

import dev.anneal.attention.AttentionPattern;
import dev.anneal.attention.Stripe;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one call feeds to the network: for each sequence of a batch, the rows {@code [settled since
 * the last call ‖ active]}, or {@code [clean ‖ noised]} in training. Worthless tokens are never
 * fed.
 *
 * <p>Sequences may have different numbers of rows: the window is as wide as the widest, and what
 * lies behind a sequence's last row is padding, which nobody sees.
 */
public final class Window {
  private final int[][] ids; // [batch][row]
  private final int[][] positions; // [batch][row]
  private final List<AttentionPattern> patterns;
  private final int settling;
  private final int width;
  private final double @Nullable [][] sigmas; // [batch][row]
  private final double @Nullable [][] guessed; // [batch][row]

  /**
   * A window that does not tell the noise of its rows, for networks that do not ask.
   *
   * @see #Window(int[][], int[][], double[][], List, int)
   */
  public Window(int[][] ids, int[][] positions, List<AttentionPattern> patterns, int settling) {
    this(ids, positions, patterns, settling, null, null);
  }

  /**
   * A window of aligned outputs; the arrays are not copied and must not change while it is used.
   *
   * @param ids [batch][row]: tokens, masks included
   * @param positions [batch][row]: places in the text, from 0
   * @param sigmas [batch][row]: the noise each row has gone through, σ = −log α; 0 if it is settled
   * @param patterns for each sequence, who sees whom
   * @param settling how many of the leading rows, the same in each sequence, are final: their keys
   *     and values go into the cache
   * @throws IllegalArgumentException if they do not fit each other
   */
  public Window(
      int[][] ids,
      int[][] positions,
      double[][] sigmas,
      List<AttentionPattern> patterns,
      int settling) {
    this(ids, positions, patterns, settling, sigmas, sigmas);
  }

  /**
   * The same window, its outputs about other tokens than their rows': shifted ones, of which that
   * of a settled row may guess a noisy token.
   *
   * @param noises [batch][row]: the noise of the token that each row's output guesses
   */
  public Window guessing(double[][] noises) {
    return new Window(ids, positions, patterns, settling, sigmas, noises);
  }

  /**
   * The same window with its rows at other places of the text.
   *
   * @param others [batch][row]
   */
  public Window at(int[][] others) {
    return new Window(ids, others, patterns, settling, sigmas, guessed);
  }

  private Window(
      int[][] ids,
      int[][] positions,
      List<AttentionPattern> patterns,
      int settling,
      double @Nullable [][] sigmas,
      double @Nullable [][] guessed) {
    this.sigmas = sigmas;
    this.guessed = guessed;
    this.ids = ids;
    this.positions = positions;
    this.patterns = List.copyOf(patterns);
    this.settling = settling;
    int batch = ids.length;
    if (batch == 0 || positions.length != batch || patterns.size() != batch) {
      throw new IllegalArgumentException(
          "window of %d sequences, %d positions, %d patterns: expected one of each a sequence"
              .formatted(batch, positions.length, patterns.size()));
    }
    int widest = 0;
    for (int i = 0; i < batch; i++) {
      checkSequence(i);
      widest = Math.max(widest, ids[i].length);
    }
    this.width = widest;
  }

  private void checkSequence(int i) {
    int rows = patterns.get(i).rows();
    if (ids[i].length != rows || positions[i].length != rows) {
      throw new IllegalArgumentException(
          "sequence %d has %d ids and %d positions: expected %d, its pattern's rows"
              .formatted(i, ids[i].length, positions[i].length, rows));
    }
    requireForEachRow(sigmas, i, rows);
    requireForEachRow(guessed, i, rows);
    if (settling < 0 || settling > rows) {
      throw new IllegalArgumentException(
          "settling %d rows of sequence %d: expected 0 … %d".formatted(settling, i, rows));
    }
    if (patterns.get(i).cached() != cached()) {
      throw new IllegalArgumentException(
          "sequence %d counts on %d cached tokens: expected %d, as the others"
              .formatted(i, patterns.get(i).cached(), cached()));
    }
  }

  private void requireForEachRow(double @Nullable [][] noises, int i, int rows) {
    if (noises != null && (noises.length != ids.length || noises[i].length != rows)) {
      throw new IllegalArgumentException(
          "noise of %d sequences: expected one number for each row".formatted(noises.length));
    }
  }

  /**
   * Refuses what a network has no row for, where the native library would read beyond its tables.
   */
  void requireWithin(Architecture network) {
    requireBelow(network.vocabulary(), "id", ids);
    requireBelow(network.length(), "position", positions);
  }

  private static void requireBelow(int bound, String name, int[][] rows) {
    for (int i = 0; i < rows.length; i++) {
      for (int value : rows[i]) {
        if (value < 0 || value >= bound) {
          throw new IllegalArgumentException(
              "%s %d in sequence %d: expected 0 … %d".formatted(name, value, i, bound - 1));
        }
      }
    }
  }

  /** The number of sequences. */
  public int batch() {
    return ids.length;
  }

  /** The number of rows of the widest sequence. */
  public int width() {
    return width;
  }

  /** How many leading rows are final and go into the cache. */
  public int settling() {
    return settling;
  }

  /** The tokens of one sequence's rows; do not change them. */
  public int[] ids(int sequence) {
    return ids[sequence];
  }

  /** The places in the text of one sequence's rows; do not change them. */
  public int[] positions(int sequence) {
    return positions[sequence];
  }

  /**
   * The noise of one sequence's rows, σ = −log α; do not change it.
   *
   * @throws IllegalStateException if the window does not tell it
   */
  public double[] sigmas(int sequence) {
    return told(sigmas)[sequence];
  }

  /**
   * The noise of the tokens that rows' outputs guess, by the rows' places in the flattened window;
   * 0 for padding.
   */
  double[] guessedSigmas(int[] rows) {
    double[][] noises = told(guessed);
    return Arrays.stream(rows)
        .mapToDouble(flat -> sigma(noises[flat / width], flat % width))
        .toArray();
  }

  private static double sigma(double[] ofRows, int row) {
    return row < ofRows.length ? ofRows[row] : 0;
  }

  private static double[][] told(double @Nullable [][] noises) {
    if (noises == null) {
      throw new IllegalStateException(
          "the network asks for the noise of each row: give its sigmas");
    }
    return noises;
  }

  /** Who sees whom in one sequence. */
  public AttentionPattern pattern(int sequence) {
    return patterns.get(sequence);
  }

  /** How many cached tokens are keys in front of the rows. */
  public int cached() {
    return patterns.getFirst().cached();
  }

  /** The place of a row in the flattened [batch · width]. */
  public int flat(int sequence, int row) {
    return sequence * width + row;
  }

  /** Puts the ids from {@code first} on, [batch · width]; leaves out padding. */
  void putIds(int[] flat, int first) {
    put(ids, flat, first);
  }

  /** Puts the positions from {@code first} on, [batch · width]; leaves out padding. */
  void putPositions(int[] flat, int first) {
    put(positions, flat, first);
  }

  private void put(int[][] rows, int[] flat, int first) {
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, flat, first + i * width, rows[i].length);
    }
  }

  /**
   * Puts the noise of each row from {@code first} on, [batch · width]; leaves out padding.
   *
   * @throws IllegalArgumentException if one is not finite: no network can be told that
   */
  void putSigmas(float[] flat, int first) {
    for (int i = 0; i < batch(); i++) {
      double[] told = told(sigmas)[i];
      for (int row = 0; row < told.length; row++) {
        if (!(told[row] >= 0 && told[row] < Double.POSITIVE_INFINITY)) {
          throw new IllegalArgumentException(
              "noise %s in sequence %d: expected 0 or more, and finite; a schedule that ends with"
                      .formatted(told[row], i)
                  + " a survival of 0 has no finite noise there");
        }
        flat[first + i * width + row] = (float) told[row];
      }
    }
  }

  /** Who sees whom: bool [batch, 1, width, cached + width]; absent if everyone sees everyone. */
  Optional<Tensor> mask() {
    if (patterns.stream().allMatch(pattern -> pattern.rows() == width && pattern.isUnmasked())) {
      return Optional.empty();
    }
    return mask(Stripe.whole(width));
  }

  /**
   * Who of a stripe sees whom: bool [batch, 1, row, cached + key]; absent if all see all.
   *
   * @param stripe one of {@link #stripes}
   */
  Optional<Tensor> mask(Stripe stripe) {
    int keys = cached() + stripe.keys();
    long cells = (long) stripe.rows() * keys;
    long seen = 0;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment mask = arena.allocate(batch() * cells);
      for (int i = 0; i < batch(); i++) {
        seen += patterns.get(i).fill(mask.asSlice(i * cells, cells), cached(), stripe);
      }
      return seen == batch() * cells
          ? Optional.empty()
          : Optional.of(Tensors.mask(mask, batch(), 1, stripe.rows(), keys));
    }
  }

  /** The window in stripes of so many rows, each with the keys that any sequence sees in it. */
  List<Stripe> stripes(int height) {
    var stripes = new ArrayList<Stripe>();
    for (int first = 0; first < width; first += height) {
      int start = first;
      int end = Math.min(first + height, width);
      stripes.add(
          patterns.stream()
              .map(pattern -> pattern.stripe(start, end))
              .reduce(Stripe::and)
              .orElseThrow());
    }
    return stripes;
  }
}

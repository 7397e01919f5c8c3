package dev.anneal.store.published;

import dev.anneal.attention.AttentionPattern;
import dev.anneal.model.Network;
import dev.anneal.model.Reading;
import dev.anneal.model.Window;
import dev.anneal.store.StoredTensor;
import dev.anneal.tensor.Scope;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collections;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Inputs of a network, and the outputs another implementation computes from them.
 *
 * @param name of the case
 * @param ids int64 [batch, position]
 * @param sigma float32 [batch, position], the noise of every position
 * @param mayLook uint8 [batch, query, key], 1 where the query sees the key
 * @param rows uint8 [batch, position], 1 where the outputs mean something
 * @param output float32 [batch, position, vocab]
 */
public record ExpectedCase(
    String name,
    StoredTensor ids,
    Optional<StoredTensor> sigma,
    Optional<StoredTensor> mayLook,
    Optional<StoredTensor> rows,
    StoredTensor output) {

  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Who sees whom where a case does not say. */
  public enum Unmasked {
    EVERYTHING,
    /** A position sees itself and what is before it, as in GPT-2. */
    CAUSAL
  }

  /**
   * Runs the network and compares.
   *
   * @throws IllegalArgumentException if the case does not fit the network
   */
  Difference compare(Network network, Unmasked unmasked) {
    if (network.reading() == Reading.SCORE && sigma.isEmpty()) {
      throw new IllegalArgumentException("no sigma, which this network asks for");
    }
    try (Scope scope = Scope.withoutGradient()) {
      Tensor logits = network.allLogits(window(), mask(unmasked));
      if (vocabulary() != network.tokens() && vocabulary() != logits.size(2)) {
        throw new IllegalArgumentException(
            "outputs over %d tokens, the network has %d".formatted(vocabulary(), logits.size(2)));
      }
      // Some published networks have no output for the mask, which is the last.
      return difference(logits.narrow(2, 0, vocabulary()).contiguous().toFloats());
    }
  }

  private Difference difference(float[] found) {
    float[] expected = output.bytes().toArray(FLOAT);
    byte[] compared = rows.map(ExpectedCase::bytes).orElseGet(this::allRows);
    long count = 0;
    double absolute = 0;
    double largest = 0;
    for (int row = 0; row < compared.length; row++) {
      if (compared[row] == 0) {
        continue;
      }
      count++;
      for (int i = row * vocabulary(); i < (row + 1) * vocabulary(); i++) {
        absolute = Math.max(absolute, Math.abs(found[i] - (double) expected[i]));
        largest = Math.max(largest, Math.abs(expected[i]));
      }
    }
    return new Difference(name, count, absolute, largest == 0 ? absolute : absolute / largest);
  }

  private Window window() {
    int[][] tokens = new int[batch()][positions()];
    int[][] places = new int[batch()][];
    long[] flat = ids.bytes().toArray(LONG);
    for (int i = 0; i < batch(); i++) {
      places[i] = IntStream.range(0, positions()).toArray();
      for (int row = 0; row < positions(); row++) {
        tokens[i][row] = Math.toIntExact(flat[i * positions() + row]);
      }
    }
    var patterns = Collections.nCopies(batch(), AttentionPattern.everything(positions()));
    return sigma
        .map(noise -> new Window(tokens, places, sigmas(noise), patterns, 0))
        .orElseGet(() -> new Window(tokens, places, patterns, 0));
  }

  private double[][] sigmas(StoredTensor noise) {
    float[] flat = noise.bytes().toArray(FLOAT);
    double[][] sigmas = new double[batch()][positions()];
    for (int i = 0; i < flat.length; i++) {
      sigmas[i / positions()][i % positions()] = flat[i];
    }
    return sigmas;
  }

  /** Who sees whom; who sees nobody sees itself, as a softmax needs something. */
  private Optional<Tensor> mask(Unmasked unmasked) {
    if (mayLook.isEmpty() && unmasked == Unmasked.EVERYTHING) {
      return Optional.empty();
    }
    byte[] mask = mayLook.map(ExpectedCase::bytes).orElseGet(this::causal);
    for (int row = 0; row < batch() * positions(); row++) {
      boolean sees = false;
      for (int i = row * positions(); i < (row + 1) * positions(); i++) {
        mask[i] = (byte) (mask[i] == 0 ? 0 : 1);
        sees |= mask[i] == 1;
      }
      if (!sees) {
        mask[row * positions() + row % positions()] = 1;
      }
    }
    return Optional.of(
        Tensors.mask(MemorySegment.ofArray(mask), batch(), 1, positions(), positions()));
  }

  private byte[] causal() {
    byte[] mask = new byte[batch() * positions() * positions()];
    for (int row = 0; row < batch() * positions(); row++) {
      int first = row * positions();
      Arrays.fill(mask, first, first + row % positions() + 1, (byte) 1);
    }
    return mask;
  }

  private byte[] allRows() {
    byte[] all = new byte[batch() * positions()];
    Arrays.fill(all, (byte) 1);
    return all;
  }

  private static byte[] bytes(StoredTensor tensor) {
    return tensor.bytes().toArray(ValueLayout.JAVA_BYTE);
  }

  private int batch() {
    return Math.toIntExact(ids.shape().getFirst());
  }

  private int positions() {
    return Math.toIntExact(ids.shape().getLast());
  }

  private int vocabulary() {
    return Math.toIntExact(output.shape().getLast());
  }
}

package dev.anneal.sample;

import dev.anneal.attention.AttentionPattern;
import dev.anneal.attention.SettledContext;
import dev.anneal.model.Denoiser;
import dev.anneal.model.KvCache;
import dev.anneal.model.Window;
import dev.anneal.schedule.Partition;
import dev.anneal.schedule.SettlingOrder;
import dev.anneal.tensor.Tensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Asks the model for the guesses of tokens, given the texts as they are. Owns the cache. */
final class Guesser implements AutoCloseable {
  private final Denoiser denoiser;
  private final Request request;
  private final SettlingOrder order;
  private final KvCache cache;
  private int calls;

  Guesser(Denoiser denoiser, Request request) {
    this.denoiser = denoiser;
    this.request = request;
    this.order = request.draft().order();
    this.cache =
        switch (request.caching()) {
          case CACHED -> denoiser.newCache(request.draft().sequences(), order.length());
          case UNCACHED -> KvCache.none();
        };
  }

  /** How often the model was called. */
  int calls() {
    return calls;
  }

  /** N: the real tokens are 0 … N − 1, and N is the mask. */
  int realTokens() {
    return denoiser.tokens();
  }

  /**
   * The logits of guesses.
   *
   * @param partition the call
   * @param texts [sequence][position]
   * @param wanted active tokens
   * @return [wanted, vocab]
   */
  Tensor logits(Partition partition, int[][] texts, List<Pending> wanted) {
    Window window = window(partition, texts);
    int[] rows =
        wanted.stream()
            .mapToInt(
                token ->
                    window.flat(token.sequence(), order.order(token.position()) - window.cached()))
            .toArray();
    calls++;
    return guessLogits(denoiser.logits(window, cache, rows));
  }

  /** The one place where outputs of the network become logits of the guess, [row, vocab]. */
  private Tensor guessLogits(Tensor outputs) {
    return switch (denoiser.reading()) {
      case GUESS -> outputs;
      case SCORE ->
          throw new IllegalArgumentException(
              "the model's outputs are scores: expected a model that guesses the clean token");
    };
  }

  /** What the call sees: {@code [settled but not cached ‖ active]}, in settling order. */
  private Window window(Partition partition, int[][] texts) {
    SettledContext context = request.decoding().context();
    int cached = cache.settled();
    int settled = order.known() + partition.settled();
    var pattern = AttentionPattern.settledActive(context, cached, settled, partition.active());
    int[] positions = new int[pattern.rows()];
    Arrays.setAll(positions, row -> order.position(cached + row));
    int[][] ids = new int[texts.length][pattern.rows()];
    for (int sequence = 0; sequence < ids.length; sequence++) {
      int[] text = texts[sequence];
      Arrays.setAll(ids[sequence], row -> text[positions[row]]);
    }
    double[] sigmas = new double[pattern.rows()]; // 0 for the settled
    for (int rank = partition.settled(); rank < partition.end(); rank++) {
      sigmas[order.known() + rank - cached] =
          request.decoding().noise().schedule().sigma(partition.timeBefore(rank));
    }
    return new Window(
        ids,
        Collections.nCopies(texts.length, positions).toArray(int[][]::new),
        Collections.nCopies(texts.length, sigmas).toArray(double[][]::new),
        Collections.nCopies(texts.length, pattern),
        context.cacheable(settled) - cached);
  }

  @Override
  public void close() {
    cache.close();
  }
}

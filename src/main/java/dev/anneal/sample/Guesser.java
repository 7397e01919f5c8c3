package dev.anneal.sample;

import dev.anneal.attention.Alignment;
import dev.anneal.attention.AttentionPattern;
import dev.anneal.attention.SettledContext;
import dev.anneal.model.Denoiser;
import dev.anneal.model.KvCache;
import dev.anneal.model.Scores;
import dev.anneal.model.Window;
import dev.anneal.noise.Chances;
import dev.anneal.schedule.Partition;
import dev.anneal.schedule.SettlingOrder;
import dev.anneal.tensor.Tensor;
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
          case CACHED ->
              denoiser.newCache(
                  request.draft().sequences(),
                  request.decoding().alignment().slots(order.length()));
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
    Tensor outputs = denoiser.logits(window, cache, rows);
    return switch (denoiser.reading()) {
      case GUESS -> outputs;
      case SCORE -> Scores.guessLogits(outputs, ids(texts, wanted), chances(partition, wanted));
    };
  }

  private static int[] ids(int[][] texts, List<Pending> wanted) {
    return wanted.stream().mapToInt(token -> texts[token.sequence()][token.position()]).toArray();
  }

  private List<Chances> chances(Partition partition, List<Pending> wanted) {
    return wanted.stream()
        .mapToInt(token -> order.order(token.position()) - order.known())
        .mapToObj(rank -> request.decoding().noise().at(partition.timeBefore(rank)))
        .toList();
  }

  /** What the call sees: {@code [settled but not cached ‖ active]}, slot by slot. */
  private Window window(Partition partition, int[][] texts) {
    SettledContext context = request.decoding().context();
    Alignment alignment = request.decoding().alignment();
    int cached = cache.settled();
    int settled = order.known() + partition.settled();
    var pattern =
        AttentionPattern.settledActive(context, cached, settled, alignment.slots(partition));
    int[] places = new int[pattern.rows()];
    double[] sigmas = new double[pattern.rows()];
    int[][] ids = new int[texts.length][pattern.rows()];
    for (int row = 0; row < places.length; row++) {
      int slot = cached + row;
      int token = alignment.order(slot);
      places[row] = alignment.place(slot, order);
      sigmas[row] = token < settled ? 0 : sigma(partition, token);
      for (int sequence = 0; sequence < ids.length; sequence++) {
        ids[sequence][row] =
            token == Alignment.START ? alignment.start() : texts[sequence][order.position(token)];
      }
    }
    return new Window(
        ids,
        Collections.nCopies(texts.length, places).toArray(int[][]::new),
        Collections.nCopies(texts.length, sigmas).toArray(double[][]::new),
        Collections.nCopies(texts.length, pattern),
        context.cacheable(settled) - cached);
  }

  private double sigma(Partition partition, int token) {
    double time = partition.timeBefore(token - order.known());
    return request.decoding().noise().schedule().sigma(time);
  }

  @Override
  public void close() {
    cache.close();
  }
}

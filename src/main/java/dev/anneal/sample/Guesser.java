package dev.anneal.sample;

import dev.anneal.attention.Alignment;
import dev.anneal.attention.AttentionPattern;
import dev.anneal.model.Denoiser;
import dev.anneal.model.KvCache;
import dev.anneal.model.Question;
import dev.anneal.model.Scores;
import dev.anneal.model.Window;
import dev.anneal.noise.Chances;
import dev.anneal.schedule.Partition;
import dev.anneal.schedule.SettlingOrder;
import dev.anneal.tensor.Tensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Asks the model for the guesses of tokens, given the texts as they are; with guidance a second
 * time, with masks in place of the known tokens. Owns a cache for each of the two.
 */
final class Guesser implements AutoCloseable {
  private final Denoiser denoiser;
  private final Request request;
  private final SettlingOrder order;
  private final KvCache cache;
  private final KvCache unconditional;
  private final Trust trust;

  Guesser(Denoiser denoiser, Request request) {
    this.denoiser = denoiser;
    this.request = request;
    this.order = request.draft().order();
    this.cache = newCache();
    this.unconditional = guides() ? newCache() : KvCache.none();
    this.trust = Trust.of(denoiser, request.decoding().noise().process());
  }

  private KvCache newCache() {
    return switch (request.caching()) {
      case CACHED ->
          denoiser.newCache(
              request.draft().sequences(), request.decoding().alignment().slots(order.length()));
      case UNCACHED -> KvCache.none();
    };
  }

  /** Where nothing is known, guidance has nothing to add. */
  private boolean guides() {
    return request.decoding().choice().guidance() > 0 && order.known() > 0;
  }

  /** Whom it asks. */
  Denoiser denoiser() {
    return denoiser;
  }

  /** The memory of its caches. */
  long cacheBytes() {
    return cache.bytes() + unconditional.bytes();
  }

  /**
   * What to ask for the guesses of tokens; of real tokens that are weighed, those that the noise
   * implies.
   *
   * @param partition the call
   * @param texts [sequence][position]
   * @param wanted active tokens
   */
  Inquiry inquiry(Partition partition, int[][] texts, List<Pending> wanted) {
    var present = new Present(partition, texts, 0);
    Question question = question(present, cache, wanted);
    if (!guides()) {
      return new Inquiry(
          List.of(question),
          answers -> trust.in(logits(present, wanted, answers.getFirst()), wanted, texts));
    }
    double noise = request.decoding().noise().schedule().sigma(1);
    var hidden = new Present(partition, hidden(texts), noise);
    TokenChoice choice = request.decoding().choice();
    return new Inquiry(
        List.of(question, question(hidden, unconditional, wanted)),
        answers -> {
          Tensor conditional = logits(present, wanted, answers.getFirst());
          Tensor without = logits(hidden, wanted, answers.getLast());
          return trust.in(choice.guided(conditional, without), wanted, texts);
        });
  }

  /** The texts with masks in place of the known tokens. */
  private int[][] hidden(int[][] texts) {
    int[][] hidden = Arrays.stream(texts).map(int[]::clone).toArray(int[][]::new);
    for (int[] text : hidden) {
      for (int place = 0; place < order.known(); place++) {
        text[order.position(place)] = denoiser.tokens();
      }
    }
    return hidden;
  }

  /** What a call is made on: the texts as they are, and the noise of the known tokens. */
  private final class Present {
    private final Partition partition;
    private final int[][] texts;
    private final double knownSigma;

    Present(Partition partition, int[][] texts, double knownSigma) {
      this.partition = partition;
      this.texts = texts;
      this.knownSigma = knownSigma;
    }

    int settled() {
      return order.known() + partition.settled();
    }

    /** What a text has at a place of the settling order. */
    int id(int sequence, int token) {
      Alignment alignment = request.decoding().alignment();
      return token == Alignment.START ? alignment.start() : texts[sequence][order.position(token)];
    }

    /** The noise at a place of the settling order, 0 of what is settled. */
    double sigma(int token) {
      if (token == Alignment.START || (token >= order.known() && token < settled())) {
        return 0;
      }
      return token < order.known()
          ? knownSigma
          : request.decoding().noise().schedule().sigma(timeBefore(token));
    }

    /** The noise of the token that the output at a slot guesses; there is none behind the last. */
    double guessedSigma(int slot) {
      return slot < order.length() ? sigma(slot) : 0;
    }

    Chances chances(Pending token) {
      return request.decoding().noise().at(timeBefore(order.order(token.position())));
    }

    private double timeBefore(int token) {
      return partition.timeBefore(token - order.known());
    }
  }

  private Question question(Present present, KvCache keysValues, List<Pending> wanted) {
    Window window = window(present, keysValues);
    int[] rows =
        wanted.stream()
            .mapToInt(
                token ->
                    window.flat(token.sequence(), order.order(token.position()) - window.cached()))
            .toArray();
    return new Question(window, keysValues, rows);
  }

  /** The logits of guesses, [wanted, vocab], as the model's outputs have to be read. */
  private Tensor logits(Present present, List<Pending> wanted, Tensor outputs) {
    return switch (denoiser.reading()) {
      case GUESS -> outputs;
      case SCORE -> {
        int[] ids =
            wanted.stream()
                .mapToInt(token -> present.id(token.sequence(), order.order(token.position())))
                .toArray();
        yield Scores.guessLogits(outputs, ids, wanted.stream().map(present::chances).toList());
      }
    };
  }

  /** What the call sees: {@code [settled but not cached ‖ active]}, slot by slot. */
  private Window window(Present present, KvCache keysValues) {
    Alignment alignment = request.decoding().alignment();
    int cached = keysValues.settled();
    AttentionPattern pattern = pattern(present, cached);
    int batch = present.texts.length;
    int[] places = new int[pattern.rows()];
    double[] sigmas = new double[pattern.rows()];
    double[] guessed = new double[pattern.rows()];
    int[][] ids = new int[batch][pattern.rows()];
    for (int row = 0; row < places.length; row++) {
      int token = alignment.order(cached + row);
      places[row] = alignment.place(cached + row, order);
      sigmas[row] = present.sigma(token);
      guessed[row] = present.guessedSigma(cached + row);
      for (int sequence = 0; sequence < batch; sequence++) {
        ids[sequence][row] = present.id(sequence, token);
      }
    }
    return new Window(
            ids,
            Collections.nCopies(batch, places).toArray(int[][]::new),
            Collections.nCopies(batch, sigmas).toArray(double[][]::new),
            Collections.nCopies(batch, pattern),
            request.decoding().context().cacheable(present.settled()) - cached)
        .guessing(Collections.nCopies(batch, guessed).toArray(double[][]::new));
  }

  private AttentionPattern pattern(Present present, int cached) {
    Decoding decoding = request.decoding();
    int slots = decoding.alignment().slots(present.partition, decoding.topLevel());
    return AttentionPattern.settledActive(decoding.context(), cached, present.settled(), slots);
  }

  @Override
  public void close() {
    cache.close();
    unconditional.close();
  }
}

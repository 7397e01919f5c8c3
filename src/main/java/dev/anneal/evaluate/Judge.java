package dev.anneal.evaluate;

import dev.anneal.attention.Alignment;
import dev.anneal.attention.AttentionPattern;
import dev.anneal.attention.SettledContext;
import dev.anneal.data.Tokenizer;
import dev.anneal.model.KvCache;
import dev.anneal.model.Network;
import dev.anneal.model.Reading;
import dev.anneal.model.Window;
import dev.anneal.store.Model;
import dev.anneal.store.ModelConfig;
import dev.anneal.tensor.DType;
import dev.anneal.tensor.Nn;
import dev.anneal.tensor.Scope;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A quenched model that tells how surprising texts are: one token after the other, each given those
 * before it. No token stands in front of a text, as published perplexities have it, so its first
 * token is given and not judged.
 */
public final class Judge {
  private final Network network;
  private final Alignment alignment;
  private final SettledContext context;
  private final Tokenizer tokenizer;

  /**
   * A judge.
   *
   * @param network which stays with whoever made it
   * @param alignment which output guesses which token
   * @param context what settled tokens look at
   * @param tokenizer of the network's tokens
   * @throws IllegalArgumentException if one pass of the model does not give the likelihood
   */
  public Judge(Network network, Alignment alignment, SettledContext context, Tokenizer tokenizer) {
    this.network = network;
    this.alignment = alignment;
    this.context = context;
    this.tokenizer = tokenizer;
    if (network.reading() != Reading.GUESS) {
      throw new IllegalArgumentException(
          "a judge that gives scores: expected one that guesses tokens");
    }
    if (IntStream.range(1, network.length()).anyMatch(n -> context.cacheable(n) < n)) {
      throw new IllegalArgumentException(
          "a judge with %s: expected a causal one, which looks at earlier tokens only"
              .formatted(context));
    }
  }

  /** A model as a judge. */
  public static Judge of(Model model) {
    ModelConfig config = model.config();
    return new Judge(model.network(), config.alignment(), config.context(), model.tokenizer());
  }

  /** What it reads texts with. */
  public Tokenizer tokenizer() {
    return tokenizer;
  }

  /** The longest text it can judge at once, in tokens. */
  public int length() {
    return network.length();
  }

  /**
   * The surprise of each token but the first.
   *
   * @param ids 2 … length real tokens
   * @return −log p(token | those before it) in nats, one less than there are ids
   */
  public double[] nats(int[] ids) {
    if (ids.length < 2 || ids.length > length()) {
      throw new IllegalArgumentException(
          "a text of %d tokens: expected 2 … %d".formatted(ids.length, length()));
    }
    try (Scope scope = Scope.withoutGradient()) {
      int count = ids.length - 1;
      int first = guessesNext(alignment) ? 0 : count;
      int[] rows = IntStream.range(first, first + count).toArray();
      Window window = guessesNext(alignment) ? window(Arrays.copyOf(ids, count), 0) : masked(ids);
      Tensor logits = network.logits(window, KvCache.none(), rows).to(DType.FLOAT64);
      Tensor targets = Tensors.of(Arrays.copyOfRange(ids, 1, ids.length), count);
      return Nn.crossEntropy(logits, targets.to(logits.device())).toDoubles();
    }
  }

  /**
   * The longest text it can give a {@link #feature} of: the next token needs a place where it has a
   * mask of its own.
   */
  public int featureLength() {
    return length() - masksBehind(alignment);
  }

  /** The same of a model that is not loaded yet. */
  public static int featureLength(ModelConfig config) {
    return config.shape().length() - masksBehind(config.alignment());
  }

  /**
   * What the network makes of a text: the numbers in front of the output head where it guesses the
   * next token.
   *
   * @param ids 1 … featureLength real tokens
   * @return [channel]
   */
  public double[] feature(int[] ids) {
    if (ids.length < 1 || ids.length > featureLength()) {
      throw new IllegalArgumentException(
          "a text of %d tokens: expected 1 … %d".formatted(ids.length, featureLength()));
    }
    int[] shown = Arrays.copyOf(ids, ids.length + masksBehind(alignment));
    Arrays.fill(shown, ids.length, shown.length, network.tokens());
    try (Scope scope = Scope.withoutGradient()) {
      return network
          .features(window(shown, masksBehind(alignment)), new int[] {shown.length - 1})
          .to(DType.FLOAT64)
          .toDoubles();
    }
  }

  private static int masksBehind(Alignment alignment) {
    return guessesNext(alignment) ? 0 : 1;
  }

  /** Whether a token's slot holds the token before it. */
  private static boolean guessesNext(Alignment alignment) {
    return alignment.order(1) < 1;
  }

  /** Tokens that see those before them, the last {@code active} of which see each other. */
  private Window window(int[] ids, int active) {
    return new Window(
        new int[][] {ids},
        new int[][] {IntStream.range(0, ids.length).toArray()},
        List.of(AttentionPattern.settledActive(context, 0, ids.length - active, active)),
        0);
  }

  /** All tokens but the last, and a mask for each but the first that sees those before it. */
  private Window masked(int[] ids) {
    int count = ids.length - 1;
    int[] starts = IntStream.rangeClosed(1, count).toArray();
    int[] ends = IntStream.rangeClosed(2, count + 1).toArray();
    int[] shown = Arrays.copyOf(ids, 2 * count);
    Arrays.fill(shown, count, shown.length, network.tokens());
    return new Window(
        new int[][] {shown},
        new int[][] {IntStream.concat(IntStream.range(0, count), Arrays.stream(starts)).toArray()},
        List.of(AttentionPattern.trainingPairs(context, count, starts, ends)),
        0);
  }
}

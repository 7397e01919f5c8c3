package dev.anneal.evaluate;

import dev.anneal.attention.Alignment;
import dev.anneal.attention.AttentionPattern;
import dev.anneal.attention.SettledContext;
import dev.anneal.data.Tokenizer;
import dev.anneal.model.Denoiser;
import dev.anneal.model.KvCache;
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
  private final Denoiser denoiser;
  private final Alignment alignment;
  private final SettledContext context;
  private final Tokenizer tokenizer;

  /**
   * A judge.
   *
   * @param denoiser which stays with whoever made it
   * @param alignment which output guesses which token
   * @param context what settled tokens look at
   * @param tokenizer of the denoiser's tokens
   * @throws IllegalArgumentException if one pass of the model does not give the likelihood
   */
  public Judge(
      Denoiser denoiser, Alignment alignment, SettledContext context, Tokenizer tokenizer) {
    this.denoiser = denoiser;
    this.alignment = alignment;
    this.context = context;
    this.tokenizer = tokenizer;
    if (denoiser.reading() != Reading.GUESS) {
      throw new IllegalArgumentException(
          "a judge that gives scores: expected one that guesses tokens");
    }
    if (IntStream.range(1, denoiser.length()).anyMatch(n -> context.cacheable(n) < n)) {
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
    return denoiser.length();
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
      boolean clean = alignment.order(1) < 1; // a token's slot holds the token before it
      int[] rows = IntStream.range(clean ? 0 : ids.length - 1, rows(clean, ids)).toArray();
      Tensor logits =
          denoiser.logits(clean ? clean(ids) : masked(ids), KvCache.none(), rows).to(DType.FLOAT64);
      Tensor next = Tensors.of(Arrays.copyOfRange(ids, 1, ids.length), rows.length);
      return Nn.crossEntropy(logits, next.to(logits.device())).toDoubles();
    }
  }

  private static int rows(boolean clean, int[] ids) {
    return (clean ? 1 : 2) * (ids.length - 1);
  }

  /** All tokens but the last, each of which guesses the next one. */
  private Window clean(int[] ids) {
    int count = ids.length - 1;
    return new Window(
        new int[][] {Arrays.copyOf(ids, count)},
        new int[][] {IntStream.range(0, count).toArray()},
        List.of(AttentionPattern.settledActive(context, 0, count, 0)),
        0);
  }

  /** All tokens but the last, and a mask for each but the first that sees those before it. */
  private Window masked(int[] ids) {
    int count = ids.length - 1;
    int[] starts = IntStream.rangeClosed(1, count).toArray();
    int[] ends = IntStream.rangeClosed(2, count + 1).toArray();
    int[] shown = Arrays.copyOf(ids, 2 * count);
    Arrays.fill(shown, count, shown.length, denoiser.tokens());
    return new Window(
        new int[][] {shown},
        new int[][] {IntStream.concat(IntStream.range(0, count), Arrays.stream(starts)).toArray()},
        List.of(AttentionPattern.trainingPairs(context, count, starts, ends)),
        0);
  }
}

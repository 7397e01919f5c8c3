package dev.anneal.sample;

import dev.anneal.attention.AttentionPattern;
import dev.anneal.model.Denoiser;
import dev.anneal.model.KvCache;
import dev.anneal.model.Window;
import dev.anneal.noise.Chances;
import dev.anneal.noise.EpsilonHybrid;
import dev.anneal.noise.NoiseProcess;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Knows the {@link MarkovSource}: its guess for a row is the chance of each word there, given all
 * the row sees, summed over all texts. Settled tokens are clean; an active one has gone through the
 * process until its window's sigma.
 *
 * <p>So it is what training makes of a network. Under the ε-hybrid the loss weighs kept and
 * scattered tokens alike, and the guess of a real token takes it for scattered by half.
 */
final class ExactDenoiser implements Denoiser {
  private final NoiseProcess process;
  private final Map<String, Map<String, float[][]>> known = new HashMap<>();

  ExactDenoiser(NoiseProcess process) {
    this.process = process;
  }

  @Override
  public int tokens() {
    return MarkovSource.WORDS;
  }

  @Override
  public int length() {
    return MarkovSource.LENGTH;
  }

  @Override
  public KvCache newCache(int batch, int length) {
    return KvCache.none();
  }

  @Override
  public Tensor logits(Window window, KvCache cache, int[] rows) {
    float[] logits = new float[rows.length * MarkovSource.WORDS];
    var situations = new HashMap<Integer, Map<String, float[][]>>(); // by row
    for (int i = 0; i < rows.length; i++) {
      int sequence = rows[i] / window.width();
      int row = rows[i] % window.width();
      int[] ids = window.ids(sequence);
      float[] guess =
          situations.computeIfAbsent(row, _ -> situation(window, row))
              .computeIfAbsent(new String(ids, 0, ids.length), _ -> guesses(window, sequence, row))[
              window.positions(sequence)[row]];
      System.arraycopy(guess, 0, logits, i * MarkovSource.WORDS, MarkovSource.WORDS);
    }
    return Tensors.of(logits, rows.length, MarkovSource.WORDS);
  }

  /** What is known by the ids of a window, where a row looks from: the same in all sequences. */
  private Map<String, float[][]> situation(Window window, int row) {
    var seen = new StringBuilder();
    for (int other = 0; other < window.width(); other++) {
      if (window.pattern(0).sees(row, other)) {
        seen.append(window.positions(0)[other]);
        seen.append(isActive(window.pattern(0), other, row) ? 'a' : 's');
        seen.append(window.sigmas(0)[other]);
      }
    }
    return known.computeIfAbsent(seen.toString(), _ -> new HashMap<>());
  }

  /** Of what an active row sees, only active rows look back. */
  private static boolean isActive(AttentionPattern pattern, int row, int active) {
    return pattern.sees(row, active);
  }

  /** The logarithms, [position][word]. */
  private float[][] guesses(Window window, int sequence, int row) {
    double[][] ofOthers = ones(); // the chance of what is seen at a position, if the word is there
    double[][] ofItself = ones(); // the same as the loss weighs it where the guess is of that word
    for (int other = 0; other < window.ids(sequence).length; other++) {
      int id = window.ids(sequence)[other];
      if (id != tokens() && window.pattern(sequence).sees(row, other)) {
        int position = window.positions(sequence)[other];
        Chances state =
            isActive(window.pattern(sequence), other, row)
                ? process.chances(survival(window.sigmas(sequence)[other]))
                : Chances.CLEAN;
        Arrays.setAll(ofOthers[position], word -> chance(state, id, word));
        Arrays.setAll(ofItself[position], word -> chance(weighed(state), id, word));
      }
    }
    float[][] logs = new float[MarkovSource.LENGTH][MarkovSource.WORDS];
    for (int position = 0; position < logs.length; position++) {
      double[] guess = new double[MarkovSource.WORDS];
      for (int number = 0; number < MarkovSource.TEXTS; number++) {
        int[] text = MarkovSource.text(number);
        double joint = MarkovSource.chance(text) * ofItself[position][text[position]];
        for (int other = 0; other < text.length; other++) {
          joint *= other == position ? 1 : ofOthers[other][text[other]];
        }
        guess[text[position]] += joint;
      }
      double sum = Arrays.stream(guess).sum();
      for (int word = 0; word < guess.length; word++) {
        logs[position][word] = (float) Math.log(guess[word] / sum);
      }
    }
    return logs;
  }

  private static double[][] ones() {
    double[][] ones = new double[MarkovSource.LENGTH][MarkovSource.WORDS];
    Arrays.stream(ones).forEach(row -> Arrays.fill(row, 1));
    return ones;
  }

  private static double chance(Chances state, int shown, int word) {
    return (shown == word ? state.kept() : 0) + state.scattered() / MarkovSource.WORDS;
  }

  /** Kept and scattered tokens, weighed alike. */
  private Chances weighed(Chances state) {
    double half = state.unmasked() / 2;
    return process instanceof EpsilonHybrid(double epsilon) && epsilon > 0
        ? new Chances(half, half, state.masked())
        : state;
  }

  /** At least so much that a real token can be told from a mask where nothing survives. */
  private static double survival(double sigma) {
    return Math.max(Math.exp(-sigma), 1e-12);
  }
}

package dev.anneal.sample;

import dev.anneal.attention.AttentionPattern;
import dev.anneal.model.Denoiser;
import dev.anneal.model.KvCache;
import dev.anneal.model.Window;
import dev.anneal.noise.Chances;
import dev.anneal.noise.NoiseProcess;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Knows the {@link MarkovSource}: its guess for a row is the exact chance of each word there, given
 * all the row sees, summed over all texts. Settled tokens are clean; an active one has gone through
 * the process until its window's sigma.
 */
final class ExactDenoiser implements Denoiser {
  private final NoiseProcess process;
  private final Map<String, Map<String, double[][]>> known = new HashMap<>();

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
    var situations = new HashMap<Integer, Map<String, double[][]>>(); // by row
    for (int i = 0; i < rows.length; i++) {
      int sequence = rows[i] / window.width();
      int row = rows[i] % window.width();
      int[] ids = window.ids(sequence);
      double[] guess =
          situations.computeIfAbsent(row, _ -> situation(window, row))
              .computeIfAbsent(new String(ids, 0, ids.length), _ -> guesses(window, sequence, row))[
              window.positions(sequence)[row]];
      for (int word = 0; word < MarkovSource.WORDS; word++) {
        logits[i * MarkovSource.WORDS + word] = (float) Math.log(guess[word]);
      }
    }
    return Tensors.of(logits, rows.length, MarkovSource.WORDS);
  }

  /** What is known by the ids of a window, where a row looks from: the same in all sequences. */
  private Map<String, double[][]> situation(Window window, int row) {
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

  /** [position][word] */
  private double[][] guesses(Window window, int sequence, int row) {
    double[][] guesses = new double[MarkovSource.LENGTH][MarkovSource.WORDS];
    double total = 0;
    for (int number = 0; number < MarkovSource.TEXTS; number++) {
      int[] text = MarkovSource.text(number);
      double joint = MarkovSource.chance(text) * likelihood(window, sequence, row, text);
      total += joint;
      for (int position = 0; position < MarkovSource.LENGTH; position++) {
        guesses[position][text[position]] += joint;
      }
    }
    for (double[] guess : guesses) {
      double sum = total;
      Arrays.setAll(guess, word -> guess[word] / sum);
    }
    return guesses;
  }

  /** At least so much that a real token can be told from a mask where nothing survives. */
  private static double survival(double sigma) {
    return Math.max(Math.exp(-sigma), 1e-12);
  }

  /** Up to a factor that is the same for every text. */
  private double likelihood(Window window, int sequence, int row, int[] text) {
    double likelihood = 1;
    for (int seen = 0; seen < window.ids(sequence).length; seen++) {
      int id = window.ids(sequence)[seen];
      if (id != tokens() && window.pattern(sequence).sees(row, seen)) {
        Chances state =
            isActive(window.pattern(sequence), seen, row)
                ? process.chances(survival(window.sigmas(sequence)[seen]))
                : Chances.CLEAN;
        boolean same = id == text[window.positions(sequence)[seen]];
        likelihood *= (same ? state.kept() : 0) + state.scattered() / MarkovSource.WORDS;
      }
    }
    return likelihood;
  }
}

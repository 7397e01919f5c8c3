package dev.anneal.model;

import dev.anneal.noise.Chances;
import dev.anneal.tensor.Nn;
import dev.anneal.tensor.Scope;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/**
 * The two readings of a network's outputs made into each other, exactly and differentiably.
 *
 * <p>A row shows x; the score s(y) = p(y)/p(x) says how much likelier the noised text would be with
 * y there. With the guess x̂ of the clean token, k its chance to be kept, w its chance to be
 * scattered to one given token, and m its chance to be masked, Σ x̂(z) q(y|z)/q(x|z) is
 *
 * <pre>
 * x masked:  s(y) = (k x̂(y) + w) / m
 * x real:    s(y) = t + x̂(y) k/w,   t = (w + k (1 − x̂(x))) / (w + k),   s(x) = 1
 * </pre>
 *
 * <p>Both are a threshold plus a multiple of x̂(y), so the way back takes the threshold off and
 * what falls below 0 as next to nothing. For a real row t comes from the scores' sum, since x̂ sums
 * to one:
 *
 * <pre>
 * 1 − x̂(x) = w V / (k + w (N − 1) k/(w + k)),   V = Σ over y ≠ x of s(y) − w/(w + k)
 * </pre>
 *
 * <p>Where nothing scatters, a real row is certain: its guess is x, and no score but its own says
 * anything. See docs/math.md, "Scores and guesses".
 */
public final class Scores {
  /** The logarithm of a chance of 0, kept finite for differences and the backward pass. */
  static final double LOG_OF_NOTHING = -1e30;

  /** What a chance below 0 is taken for; a float32 can hold it. */
  private static final double NEXT_TO_NOTHING = 1e-30;

  /** What is computed together at most, 4 MB in float32: what is made of it stays in the cache. */
  private static final int PORTION = 1 << 20;

  private Scores() {}

  /**
   * The guess behind the scores. Its logits are log-chances if the scores are those of some guess;
   * else the nearest thing to it, not normalised.
   *
   * @param logScores log s, [row, N]; those of real rows' own tokens are not looked at
   * @param ids what each row shows: a real token, or N for the mask
   * @param chances of each row's noise
   * @return logits of x̂, [row, N]
   * @throws IllegalArgumentException if the three do not fit each other, or a row's noise keeps no
   *     token, so that its scores say nothing, or cannot show what the row shows
   */
  public static Tensor guessLogits(Tensor logScores, int[] ids, List<Chances> chances) {
    return eachKind(ScoreRows.of(logScores, ids, chances), Kind::guess);
  }

  /**
   * The scores that a guess implies.
   *
   * @param guessLogits logits of x̂, [row, N]
   * @param ids what each row shows: a real token, or N for the mask
   * @param chances of each row's noise
   * @return log s, [row, N]; 0 for real rows' own tokens
   * @throws IllegalArgumentException as {@link #guessLogits}
   */
  public static Tensor logScores(Tensor guessLogits, int[] ids, List<Chances> chances) {
    return eachKind(ScoreRows.of(guessLogits, ids, chances), Kind::scores);
  }

  /** Applies each kind's formula to its rows and puts the results in the rows' order. */
  private static Tensor eachKind(ScoreRows rows, BiFunction<Kind, ScoreRows, Tensor> formula) {
    Tensor values = rows.values();
    var results = new ArrayList<Tensor>();
    int portion = Math.toIntExact(Math.max(1, PORTION / Math.max(1, values.size(1))));
    int[] places = new int[rows.count()];
    int placed = 0;
    for (Kind kind : Kind.values()) {
      int[] members =
          IntStream.range(0, rows.count()).filter(row -> Kind.of(rows, row) == kind).toArray();
      for (int from = 0; from < members.length; from += portion) {
        int to = Math.min(from + portion, members.length);
        try (Scope scope = Scope.open()) {
          ScoreRows some = rows.select(Arrays.copyOfRange(members, from, to));
          results.add(scope.keep(formula.apply(kind, some)));
        }
      }
      for (int row : members) {
        places[row] = placed++;
      }
    }
    Tensor order = Tensors.of(places, places.length).to(values.device());
    return results.isEmpty() ? values : Tensors.concatenate(results, 0).indexSelect(0, order);
  }

  /** What a row shows decides what its scores have to do with the clean token. */
  private enum Kind {
    MASKED {
      @Override
      Tensor guess(ScoreRows rows) {
        Tensor threshold = rows.logs(noise -> rows.scatteredToOne(noise) / noise.masked());
        return above(threshold, rows.values())
            .add(rows.logs(noise -> noise.masked() / noise.kept()));
      }

      @Override
      Tensor scores(ScoreRows rows) {
        Tensor threshold = rows.logs(noise -> rows.scatteredToOne(noise) / noise.masked());
        Tensor kept = rows.logs(noise -> noise.kept() / noise.masked());
        return Nn.logAddExp(Nn.logSoftmax(rows.values()).add(kept), threshold);
      }
    },

    REAL {
      @Override
      Tensor guess(ScoreRows rows) {
        Tensor least = rows.logs(noise -> 1 / (1 + rows.odds(noise)));
        Tensor most = rows.logs(noise -> 1 + rows.odds(noise));
        Tensor bounded = rows.withOwn(least, Nn.clamp(rows.values(), least, most));
        Tensor excess = bounded.exp().subtract(least.exp()).sum(1).unsqueeze(1);
        Tensor rest = // 1 − x̂(x), [row, 1]
            Nn.clamp(excess.multiply(rows.column(rows::restOfExcess)), rows.all(0), rows.all(1));
        Tensor own =
            Nn.clamp(rows.all(1).subtract(rest), rows.all(NEXT_TO_NOTHING), rows.all(1)).log();
        Tensor others = above(rows.threshold(rest), bounded).subtract(rows.logs(rows::odds));
        return rows.withOwn(own, others);
      }

      @Override
      Tensor scores(ScoreRows rows) {
        Tensor guess = Nn.logSoftmax(rows.values());
        // The sum of the others keeps its digits where x̂(x) is almost 1.
        Tensor rest = rows.withOwn(rows.all(LOG_OF_NOTHING), guess).exp().sum(1).unsqueeze(1);
        Tensor others = Nn.logAddExp(guess.add(rows.logs(rows::odds)), rows.threshold(rest));
        return rows.withOwn(rows.all(0), others);
      }
    },

    /** A real row where nothing scatters: both are the logarithm of its own token's certainty. */
    CERTAIN {
      @Override
      Tensor guess(ScoreRows rows) {
        Tensor never =
            Tensors.full(
                LOG_OF_NOTHING,
                rows.values().dtype(),
                rows.values().device(),
                rows.values().shape());
        return rows.withOwn(rows.all(0), never);
      }

      @Override
      Tensor scores(ScoreRows rows) {
        return guess(rows);
      }
    };

    abstract Tensor guess(ScoreRows rows);

    abstract Tensor scores(ScoreRows rows);

    static Kind of(ScoreRows rows, int row) {
      if (rows.isMasked(row)) {
        return MASKED;
      }
      return rows.noise(row).scattered() > 0 ? REAL : CERTAIN;
    }
  }

  /** log(e^value − e^threshold); where that is below 0, next to nothing of the value. */
  private static Tensor above(Tensor threshold, Tensor values) {
    Tensor low = Tensors.scalar(LOG_OF_NOTHING, values.dtype(), values.device());
    Tensor high = Tensors.scalar(-NEXT_TO_NOTHING, values.dtype(), values.device());
    Tensor distance = Nn.clamp(threshold.subtract(values), low, high);
    return values.add(Nn.expm1(distance).multiply(-1).log());
  }
}

package dev.anneal.objective;

import static dev.anneal.objective.Rows.column;
import static dev.anneal.objective.Rows.columnIndex;
import static dev.anneal.objective.Rows.numbers;

import dev.anneal.model.Reading;
import dev.anneal.noise.Absorb;
import dev.anneal.noise.Chances;
import dev.anneal.noise.Fate;
import dev.anneal.noise.GammaHybrid;
import dev.anneal.noise.NoiseProcess;
import dev.anneal.noise.Rates;
import dev.anneal.noise.Uniform;
import dev.anneal.recipe.Default;
import dev.anneal.tensor.Nn;
import dev.anneal.tensor.Tensor;
import java.util.List;

/**
 * Score entropy (Lou et al. 2024, SEDD): how far the network's ratios s(y) = p(y)/p(x) are from the
 * true ones r(y) = q(y | x0)/q(x | x0), in nats.
 *
 * <p>For a noised token x it is {@code σ′ · Σ_y Q[x, y] · (s(y) − r(y) log s(y) + K(r(y)))} over
 * the real tokens y ≠ x, with K(r) = r (log r − 1) and Q[x, y] the rate of noise from y to x: never
 * negative, zero at the true ratios. Its mean over uniform times, with what {@link PriorCost} adds,
 * bounds −log p(x0). Exact for every process whose chances tell its rates: absorb, uniform,
 * γ-hybrid (docs/math.md, "Score entropy").
 *
 * <p>The ratio of a token to itself is one, whatever the network says. Needs {@link
 * Noising.Times#CONTINUOUS}.
 *
 * @param form which ratios count as the true ones; by default exact
 */
public record ScoreEntropy(@Default("exact") Form form) implements Objective {

  /** Which ratios count as the true ones. */
  public enum Form {
    /** Those of the process. */
    EXACT,
    /**
     * The published γ code's: of a mask those of pure absorbing noise, of a real token those of
     * pure uniform noise, both at the whole σ. Not zero at the true ratios; to compare with weights
     * that were trained so.
     */
    OFFICIAL
  }

  @Override
  public Reading reading() {
    return Reading.SCORE;
  }

  @Override
  public Noising.Times times(Noising.Times usual) {
    return Noising.Times.CONTINUOUS;
  }

  @Override
  public void requireFit(Noising noising) {
    if (noising.times() != Noising.Times.CONTINUOUS) {
      throw new IllegalArgumentException(
          "score entropy at the times of %s: expected continuous times".formatted(noising.times()));
    }
    NoiseProcess process = noising.noise().process();
    if (form == Form.OFFICIAL && !(process instanceof GammaHybrid)) {
      throw new IllegalArgumentException(
          "the official form under %s: expected gamma-hybrid, whose published code has it"
              .formatted(process));
    }
    if (process.chances(1).scattered() > 0) {
      throw new IllegalArgumentException(
          process
              + " scatters at the very start, where score entropy does not see it: expected absorb,"
              + " uniform or gamma-hybrid");
    }
  }

  @Override
  public boolean asks(NoisedRow row) {
    return rate(row) > 0;
  }

  @Override
  public Tensor nats(List<NoisedRow> rows, Tensor logScores) {
    int tokens = Math.toIntExact(logScores.size(1));
    Tensor pinned = pinned(rows, logScores); // [row, vocab]
    return pinned
        .exp()
        .sum(1)
        .add(pinned.sum(1).multiply(numbers(rows, logScores, row -> -ratios(row, tokens).base)))
        .add(
            column(pinned, rows, NoisedRow::clean)
                .multiply(numbers(rows, logScores, row -> -ratios(row, tokens).surplus())))
        .add(numbers(rows, logScores, row -> offset(row, tokens)))
        .multiply(numbers(rows, logScores, row -> weight(row, tokens)));
  }

  /** The log-scores with 0 for a real row's own token. */
  private static Tensor pinned(List<NoisedRow> rows, Tensor logScores) {
    Tensor own = column(logScores, rows, NoisedRow::noised); // of a mask: any, it stays as it is
    Tensor value = own.multiply(numbers(rows, logScores, row -> isReal(row) ? 0 : 1));
    Tensor index = columnIndex(logScores, rows, NoisedRow::noised); // [row, 1]
    return Nn.replaceOne(logScores, index, value.unsqueeze(1));
  }

  private static boolean isReal(NoisedRow row) {
    return row.fate() != Fate.MASKED;
  }

  /**
   * The true ratios of a row.
   *
   * @param base of every token but the clean one
   * @param peak of the clean one
   */
  private record Ratios(double base, double peak) {

    double surplus() {
      return peak - base;
    }
  }

  private Ratios ratios(NoisedRow row, int tokens) {
    Chances chances = chances(row);
    double other = chances.scattered() / tokens;
    double same = chances.kept() + other;
    if (!isReal(row)) {
      return new Ratios(other / chances.masked(), same / chances.masked());
    }
    // The row's own token has ratio one and counts as 0 everywhere: log s = 0.
    return row.noised() == row.clean()
        ? new Ratios(other / same, other / same)
        : new Ratios(1, same / other);
  }

  private Chances chances(NoisedRow row) {
    double alpha = Math.exp(-row.call().sigma());
    return switch (form) {
      case EXACT -> row.call().chances();
      case OFFICIAL -> (isReal(row) ? new Uniform() : new Absorb()).chances(alpha);
    };
  }

  /** What does not depend on the network: Σ K(r), less the exp(0) of a real row's own token. */
  private double offset(NoisedRow row, int tokens) {
    Ratios ratios = ratios(row, tokens);
    if (!isReal(row)) {
      return (tokens - 1) * entropy(ratios.base) + entropy(ratios.peak);
    }
    return row.noised() == row.clean()
        ? (tokens - 1) * entropy(ratios.base) - 1
        : (tokens - 2) * entropy(ratios.base) + entropy(ratios.peak) - 1;
  }

  /** K(r) = r (log r − 1). */
  private static double entropy(double ratio) {
    return ratio == 0 ? 0 : ratio * (Math.log(ratio) - 1);
  }

  private static double weight(NoisedRow row, int tokens) {
    NoisedRow.Call call = row.call();
    double sigmaRate = call.hazard() * Math.expm1(call.sigma()); // −α′/α
    return call.share() * sigmaRate * (isReal(row) ? rate(row) / tokens : rate(row));
  }

  /** The rate at which noise brings tokens to where the row is. */
  private static double rate(NoisedRow row) {
    NoisedRow.Call call = row.call();
    Rates rates = call.noise().process().rates(Math.exp(-call.sigma()));
    return isReal(row) ? rates.scattering() : rates.masking();
  }
}

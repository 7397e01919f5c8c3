package dev.anneal.objective;

import static dev.anneal.objective.Rows.column;
import static dev.anneal.objective.Rows.numbers;

import dev.anneal.noise.Fate;
import dev.anneal.noise.NoiseProcess;
import dev.anneal.noise.StartScatter;
import dev.anneal.tensor.Nn;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.util.List;

/**
 * The exact bound on −log p(x0) of the ε process under a hyperschedule (docs/math.md): what a call
 * costs, summed over the calls.
 *
 * <p>A masked token costs {@code hazard/levels · KL(C(x0) ‖ (1−ε) x̂ + ε ū)} while it stays active,
 * and −log x̂(x0) in the call that settles it. An unmasked token costs nothing until its last call,
 * where it is decoded: −log of the chance of x0 under x̂ · C(·)[token] / C½(·)[token], normalised.
 * C½ takes out what x̂ knows from {@link EpsilonCrossEntropy}, to which kept and scattered tokens
 * are equally likely, and C puts in how likely they are. For one level this is the exact next-token
 * loss, for many it nears the integral of the continuous process, and with ε = 0 it is MDLM's
 * bound.
 *
 * <p>Needs {@link Noising.Times#GRID}. What survives at time 1 costs {@link PriorCost} on top.
 *
 * @param epsilon the process's scatter, in [0, 1)
 */
public record HybridBound(double epsilon) implements Objective {

  public HybridBound {
    if (!(epsilon >= 0 && epsilon < 1)) {
      throw new IllegalArgumentException("epsilon %s: expected 0 ≤ epsilon < 1".formatted(epsilon));
    }
  }

  /**
   * The bound of a process.
   *
   * @throws IllegalArgumentException if the process is not of the ε family, whose scatter happens
   *     once, at the start
   */
  public static HybridBound of(NoiseProcess process) {
    return StartScatter.of(process)
        .map(scatter -> new HybridBound(scatter.epsilon()))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    process + " scatters as time goes on: expected absorb or epsilon-hybrid"));
  }

  @Override
  public void requireFit(Noising noising) {
    if (noising.times() != Noising.Times.GRID) {
      throw new IllegalArgumentException(
          "the hybrid bound needs the times of the calls: expected a hyperschedule with levels");
    }
    if (!of(noising.noise().process()).equals(this)) {
      throw new IllegalArgumentException(
          "the hybrid bound of epsilon %s under %s: expected the epsilon of the noise"
              .formatted(epsilon, noising.noise().process()));
    }
  }

  @Override
  public boolean asks(NoisedRow row) {
    return row.fate() == Fate.MASKED || (row.call().last() && epsilon > 0);
  }

  @Override
  public Tensor nats(List<NoisedRow> rows, Tensor logits) {
    Tensor guess = Nn.logSoftmax(logits); // [row, vocab]
    Tensor surprise = column(guess, rows, NoisedRow::clean).multiply(-1); // −log x̂(x0)
    Tensor nats = surprise.multiply(numbers(rows, logits, this::direct));
    if (epsilon == 0) {
      return nats;
    }
    Tensor settling = nats.add(decoding(rows, guess));
    return rows.stream().anyMatch(row -> staying(row) > 0)
        ? settling.add(divergence(rows, guess).multiply(numbers(rows, logits, this::staying)))
        : settling;
  }

  /**
   * What the last call of an unmasked token costs beside its surprise: log Σ x̂(x) C(x)[token] /
   * C½(x)[token], whose quotients are epsilon but for x = token, less that of the clean token;
   * halved. [row]
   */
  private Tensor decoding(List<NoisedRow> rows, Tensor guess) {
    double trust = epsilon * new StartScatter(epsilon).trust(Math.toIntExact(guess.size(1)));
    Tensor seen = column(guess, rows, NoisedRow::noised).exp();
    return logOf(epsilon, trust - epsilon, seen)
        .multiply(numbers(rows, guess, HybridBound::decoded))
        .add(numbers(rows, guess, row -> -decoded(row) * Math.log(isSame(row) ? trust : epsilon)));
  }

  /** KL(C(x0) ‖ (1−ε) x̂ + ε ū), [row]. */
  private Tensor divergence(List<NoisedRow> rows, Tensor guess) {
    long vocab = guess.size(1);
    double floor = epsilon / vocab;
    double peak = 1 - epsilon + floor;
    double negativeEntropy = peak * Math.log(peak) + (vocab - 1) * floor * Math.log(floor);
    Tensor mixture = logOf(floor, 1 - epsilon, guess.exp());
    Tensor crossEntropy =
        column(mixture, rows, NoisedRow::clean)
            .multiply(1 - epsilon)
            .add(mixture.sum(1).multiply(floor))
            .multiply(-1);
    return crossEntropy.add(Tensors.scalar(negativeEntropy, guess.dtype(), guess.device()));
  }

  /** log(offset + factor · chances). */
  private static Tensor logOf(double offset, double factor, Tensor chances) {
    return chances
        .multiply(factor)
        .add(Tensors.scalar(offset, chances.dtype(), chances.device()))
        .log();
  }

  private static boolean isSame(NoisedRow row) {
    return row.clean() == row.noised();
  }

  /**
   * Weight of −log x̂(x0): masked tokens that settle, decoded ones, and all masked ones at ε = 0.
   */
  private double direct(NoisedRow row) {
    if (row.fate() != Fate.MASKED) {
      return calls(row);
    }
    return row.call().last() || epsilon == 0 ? masked(row) : 0;
  }

  private double staying(NoisedRow row) {
    return row.fate() == Fate.MASKED && !row.call().last() ? masked(row) : 0;
  }

  private static double decoded(NoisedRow row) {
    return row.fate() == Fate.MASKED ? 0 : calls(row);
  }

  private static double masked(NoisedRow row) {
    return row.call().share() * row.call().hazard();
  }

  private static double calls(NoisedRow row) {
    return row.call().share() * row.call().levels();
  }
}

package dev.anneal.noise;

import java.util.List;

/** The plain truth about noise: dense matrices [to][from] over five real tokens and the mask. */
final class Dense {

  static final int TOKENS = 5;
  static final int MASK = 5;
  static final int STATES = 6;

  private Dense() {}

  /** What a process does, told without its chances. */
  interface Truth {

    NoiseProcess process();

    /** From clean tokens to a state. */
    double[][] marginal(double sigma);

    /** From one state to a noisier one. */
    double[][] transition(double earlierSigma, double laterSigma);

    default Chances chances(double sigma) {
      return process().chances(Math.exp(-sigma));
    }
  }

  /**
   * A process by its operators: at the start (1 − ε)·identity + ε·uniform, from then on rates (1 −
   * γ)·absorb + γ·uniform.
   */
  record Operators(NoiseProcess process, double epsilon, double gamma) implements Truth {

    @Override
    public double[][] marginal(double sigma) {
      double[][] start = of(new Chances(1 - epsilon, epsilon, 0));
      return times(transition(0, sigma), start);
    }

    @Override
    public double[][] transition(double earlierSigma, double laterSigma) {
      return exponential(rates(gamma), laterSigma - earlierSigma);
    }
  }

  /**
   * GIDD by its marginals ((1 − t) x + t mask + c 1)/C, with B = 2^γ p_u / (N (1 − p_u)), c = B
   * t^(γ/2) (1 − t)^(γ/2) for each real token and C = 1 + N c. With a mask that stays, one kernel
   * leads from one to another.
   */
  record Interpolated(Gidd process) implements Truth {

    @Override
    public double[][] marginal(double sigma) {
      double time = 1 - Math.exp(-sigma);
      double share = process.uniform();
      double gamma = process.exponent();
      double scale = Math.pow(2, gamma) * share / (TOKENS * (1 - share));
      double each = scale * Math.pow(time, gamma / 2) * Math.pow(1 - time, gamma / 2);
      double whole = 1 + TOKENS * each;
      var matrix = new double[STATES][STATES];
      for (int from = 0; from < TOKENS; from++) {
        for (int to = 0; to < TOKENS; to++) {
          matrix[to][from] = ((to == from ? 1 - time : 0) + each) / whole;
        }
        matrix[MASK][from] = time / whole;
      }
      matrix[MASK][MASK] = 1;
      return matrix;
    }

    @Override
    public double[][] transition(double earlierSigma, double laterSigma) {
      return times(marginal(laterSigma), inverse(marginal(earlierSigma)));
    }
  }

  static List<Truth> truths() {
    return List.of(
        new Operators(new Absorb(), 0, 0),
        new Operators(new Uniform(), 0, 1),
        new Operators(new GammaHybrid(0), 0, 0),
        new Operators(new GammaHybrid(0.01), 0, 0.01),
        new Operators(new GammaHybrid(0.05), 0, 0.05),
        new Operators(new GammaHybrid(0.3), 0, 0.3),
        new Operators(new GammaHybrid(1), 0, 1),
        new Operators(new EpsilonHybrid(0), 0, 0),
        new Operators(new EpsilonHybrid(0.01), 0.01, 0),
        new Operators(new EpsilonHybrid(0.3), 0.3, 0),
        new Operators(new EpsilonHybrid(1), 1, 0),
        new Interpolated(new Gidd(0.1, 0)),
        new Interpolated(new Gidd(0.2, 1)),
        new Interpolated(new Gidd(0.5, 2)));
  }

  /** (1 − γ)·absorb + γ·uniform; every real token is left at rate one. */
  private static double[][] rates(double gamma) {
    var rates = new double[STATES][STATES];
    for (int from = 0; from < TOKENS; from++) {
      for (int to = 0; to < TOKENS; to++) {
        rates[to][from] += gamma / TOKENS;
      }
      rates[MASK][from] += 1 - gamma;
      rates[from][from] -= 1;
    }
    return rates;
  }

  /** Three chances as a matrix; the mask absorbs. */
  static double[][] of(Chances chances) {
    var matrix = new double[STATES][STATES];
    for (int from = 0; from < TOKENS; from++) {
      for (int to = 0; to < TOKENS; to++) {
        matrix[to][from] = chances.scattered() / TOKENS + (to == from ? chances.kept() : 0);
      }
      matrix[MASK][from] = chances.masked();
    }
    matrix[MASK][MASK] = 1;
    return matrix;
  }

  /** By its series at a 1024th of the time, squared ten times. */
  static double[][] exponential(double[][] rates, double time) {
    var result = identity();
    var term = identity();
    for (int power = 1; power <= 12; power++) {
      term = scaled(times(term, rates), time / 1024 / power);
      result = sum(result, term);
    }
    for (int squaring = 0; squaring < 10; squaring++) {
      result = times(result, result);
    }
    return result;
  }

  static double[][] times(double[][] left, double[][] right) {
    var product = new double[STATES][STATES];
    for (int to = 0; to < STATES; to++) {
      for (int from = 0; from < STATES; from++) {
        for (int through = 0; through < STATES; through++) {
          product[to][from] += left[to][through] * right[through][from];
        }
      }
    }
    return product;
  }

  static double[][] identity() {
    var identity = new double[STATES][STATES];
    for (int state = 0; state < STATES; state++) {
      identity[state][state] = 1;
    }
    return identity;
  }

  /** By elimination; the diagonals of what tests invert are large enough to go without pivots. */
  private static double[][] inverse(double[][] matrix) {
    double[][] left = times(matrix, identity());
    double[][] right = identity();
    for (int pivot = 0; pivot < STATES; pivot++) {
      double whole = left[pivot][pivot];
      for (int column = 0; column < STATES; column++) {
        left[pivot][column] /= whole;
        right[pivot][column] /= whole;
      }
      for (int row = 0; row < STATES; row++) {
        double factor = row == pivot ? 0 : left[row][pivot];
        for (int column = 0; column < STATES; column++) {
          left[row][column] -= factor * left[pivot][column];
          right[row][column] -= factor * right[pivot][column];
        }
      }
    }
    return right;
  }

  private static double[][] scaled(double[][] matrix, double factor) {
    var result = new double[STATES][STATES];
    for (int to = 0; to < STATES; to++) {
      for (int from = 0; from < STATES; from++) {
        result[to][from] = matrix[to][from] * factor;
      }
    }
    return result;
  }

  private static double[][] sum(double[][] left, double[][] right) {
    var result = new double[STATES][STATES];
    for (int to = 0; to < STATES; to++) {
      for (int from = 0; from < STATES; from++) {
        result[to][from] = left[to][from] + right[to][from];
      }
    }
    return result;
  }

  static double largestDifference(double[][] left, double[][] right) {
    double largest = 0;
    for (int to = 0; to < STATES; to++) {
      for (int from = 0; from < STATES; from++) {
        double difference = Math.abs(left[to][from] - right[to][from]);
        largest = difference <= largest ? largest : difference;
      }
    }
    return largest;
  }
}

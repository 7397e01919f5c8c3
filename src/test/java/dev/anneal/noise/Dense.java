package dev.anneal.noise;

import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** The plain truth about noise: dense matrices [to][from] over five real tokens and the mask. */
final class Dense {

  static final int TOKENS = 5;
  static final int MASK = 5;
  static final int STATES = 6;

  private Dense() {}

  /**
   * A process by its operators: at the start (1 − ε)·identity + ε·uniform, from then on rates (1 −
   * γ)·absorb + γ·uniform.
   */
  record Truth(NoiseProcess process, double epsilon, double gamma) {

    double[][] marginal(double sigma) {
      double[][] start = of(new Chances(1 - epsilon, epsilon, 0));
      return times(transition(0, sigma), start);
    }

    double[][] transition(double earlierSigma, double laterSigma) {
      return exponential(rates(gamma), laterSigma - earlierSigma);
    }

    Chances chances(double sigma) {
      return process.chances(Math.exp(-sigma));
    }

    @Override
    public String toString() {
      return process.toString();
    }
  }

  static List<Truth> truths() {
    var pure = Stream.of(new Truth(new Absorb(), 0, 0), new Truth(new Uniform(), 0, 1));
    var gammas =
        DoubleStream.of(0, 0.01, 0.05, 0.3, 1)
            .mapToObj(gamma -> new Truth(new GammaHybrid(gamma), 0, gamma));
    var epsilons =
        DoubleStream.of(0, 0.01, 0.3, 1)
            .mapToObj(epsilon -> new Truth(new EpsilonHybrid(epsilon), epsilon, 0));
    return Stream.of(pure, gammas, epsilons).flatMap(truth -> truth).toList();
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

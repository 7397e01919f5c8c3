package dev.anneal.evaluate;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How close two histograms are, as MAUVE has it (Pillutla et al. 2021): for mixtures r of p and q
 * the curve has the points (exp(−5 KL(q‖r)), exp(−5 KL(p‖r))), between (1, 0) and (0, 1), and what
 * counts is the area under it, 0 … 1; 1 if the two are the same.
 */
final class DivergenceCurve {
  private static final double SCALING = 5;
  private static final int MIXTURES = 25;

  /** The mixtures stop this far before p and q. */
  private static final double MARGIN = 1e-6;

  private DivergenceCurve() {}

  private record Point(double x, double y) {

    Point mirrored() {
      return new Point(y, x);
    }
  }

  /**
   * The area.
   *
   * @param p chances, summing to one
   * @param q chances, as many
   */
  static double area(double[] p, double[] q) {
    var curve = new ArrayList<>(List.of(new Point(1, 0), new Point(0, 1)));
    for (int i = 0; i < MIXTURES; i++) {
      double weight = MARGIN + (1 - 2 * MARGIN) * i / (MIXTURES - 1);
      double[] mixture = new double[p.length];
      for (int bin = 0; bin < p.length; bin++) {
        mixture[bin] = weight * p[bin] + (1 - weight) * q[bin];
      }
      curve.add(
          new Point(
              Math.exp(-SCALING * divergence(q, mixture)),
              Math.exp(-SCALING * divergence(p, mixture))));
    }
    return (area(curve) + area(curve.stream().map(Point::mirrored).toList())) / 2;
  }

  /** KL(first‖second); what first lacks costs nothing. */
  private static double divergence(double[] first, double[] second) {
    double nats = 0;
    for (int bin = 0; bin < first.length; bin++) {
      if (first[bin] > 0) {
        nats += first[bin] * Math.log(first[bin] / second[bin]);
      }
    }
    return nats;
  }

  /** By trapezoids over rising x; where the curve falls straight down, from above. */
  private static double area(List<Point> curve) {
    List<Point> sorted =
        curve.stream()
            .sorted(
                Comparator.comparingDouble(Point::x)
                    .thenComparing(Point::y, Comparator.reverseOrder()))
            .toList();
    double area = 0;
    for (int i = 1; i < sorted.size(); i++) {
      Point left = sorted.get(i - 1);
      Point right = sorted.get(i);
      area += (right.x - left.x) * (left.y + right.y) / 2;
    }
    return area;
  }
}

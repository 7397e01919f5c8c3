package dev.anneal.evaluate;

import dev.anneal.tensor.Rng;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.hipparchus.clustering.CentroidCluster;
import org.hipparchus.clustering.Cluster;
import org.hipparchus.clustering.Clusterable;
import org.hipparchus.clustering.DoublePoint;
import org.hipparchus.clustering.KMeansPlusPlusClusterer;
import org.hipparchus.clustering.MultiKMeansPlusPlusClusterer;
import org.hipparchus.clustering.distance.EuclideanDistance;
import org.hipparchus.clustering.evaluation.ClusterEvaluator;
import org.hipparchus.random.Well19937c;

/**
 * How much generated texts are like texts of people (Pillutla et al. 2021), as the package
 * mauve-text computes it: what a judge makes of each text, scaled to length 1, is reduced to the
 * directions that hold 90 % of the variance and put into clusters, one for ten texts; the two
 * histograms over the clusters are compared by their {@link DivergenceCurve}.
 *
 * <p>It needs about a thousand texts to be reliable, and numbers on different numbers of texts, or
 * of different judges, do not compare: a weak judge does not notice shuffled words. It has no
 * standard error.
 */
public final class Mauve {

  /** Fewer make one cluster. */
  public static final int FEWEST = 20;

  private static final int TEXTS_OF_A_CLUSTER = 10;
  private static final double VARIANCE = 0.9;
  private static final int TRIALS = 5;
  private static final int MOST_ITERATIONS = 500;

  private Mauve() {}

  /**
   * Compares texts by what the judge makes of them.
   *
   * @param samples read with the judge's tokenizer, and cut to the length of those of people
   * @param judging with a judge
   * @throws IllegalArgumentException if there are fewer than {@value #FEWEST} texts of either kind
   */
  static Figure of(Samples samples, People people, Judging judging) {
    requireEnough(people, samples.count());
    Judge judge = judging.judge().orElseThrow();
    List<int[]> generated = samples.texts().stream().map(judge.tokenizer()::encode).toList();
    if (generated.stream().anyMatch(ids -> ids.length == 0)) {
      return new Absent("a text has no tokens");
    }
    return of(
        features(judging, people.texts()),
        features(
            judging,
            generated.stream()
                .map(ids -> Arrays.copyOf(ids, Math.min(ids.length, people.length())))
                .toList()),
        judging.rng());
  }

  private static double[][] features(Judging judging, List<int[]> texts) {
    Judge judge = judging.judge().orElseThrow();
    return texts.stream()
        .map(ids -> judging.replay().next(() -> judge.feature(ids)))
        .toArray(double[][]::new);
  }

  /**
   * Refuses too few texts.
   *
   * @param samples how many generated ones there are
   * @throws IllegalArgumentException if there are fewer than {@value #FEWEST} of either kind
   */
  public static void requireEnough(People people, int samples) {
    if (Math.min(people.texts().size(), samples) < FEWEST) {
      throw new IllegalArgumentException(
          "MAUVE of %d generated texts and %d of people: expected at least %d of each"
              .formatted(samples, people.texts().size(), FEWEST));
    }
  }

  /** Compares features, [text][channel]. */
  static Estimate of(double[][] people, double[][] generated, Rng rng) {
    int least = Math.min(people.length, generated.length);
    double[][] all =
        Stream.concat(Stream.of(generated), Stream.of(people))
            .map(Mauve::unit)
            .toArray(double[][]::new);
    int clusters = (int) Math.rint((double) least / TEXTS_OF_A_CLUSTER);
    int[] labels = labels(PrincipalComponents.of(all, VARIANCE), clusters, rng);
    double area =
        DivergenceCurve.area(
            histogram(Arrays.copyOfRange(labels, generated.length, all.length), clusters),
            histogram(Arrays.copyOf(labels, generated.length), clusters));
    return new Estimate(area, OptionalDouble.empty(), generated.length);
  }

  private static double[] unit(double[] feature) {
    double length = Math.sqrt(Arrays.stream(feature).map(x -> x * x).sum());
    return length == 0 ? feature : Arrays.stream(feature).map(x -> x / length).toArray();
  }

  /** A point that knows its number. */
  private static final class Numbered extends DoublePoint {
    private static final long serialVersionUID = 1;
    private final int number;

    Numbered(double[] point, int number) {
      super(point);
      this.number = number;
    }
  }

  /** The sum of squared distances to the centres, which the best of the trials has least of. */
  private static final class Inertia extends ClusterEvaluator<Numbered> {

    @Override
    public double score(List<? extends Cluster<Numbered>> clusters) {
      double sum = 0;
      for (Cluster<Numbered> cluster : clusters) {
        Clusterable centre = centroidOf(cluster);
        for (Numbered point : cluster.getPoints()) {
          double distance = distance(point, centre);
          sum += distance * distance;
        }
      }
      return sum;
    }
  }

  /** The cluster of each point. */
  private static int[] labels(double[][] points, int clusters, Rng rng) {
    var once =
        new KMeansPlusPlusClusterer<Numbered>(
            clusters, MOST_ITERATIONS, new EuclideanDistance(), new Well19937c(rng.seed()));
    List<CentroidCluster<Numbered>> best =
        new MultiKMeansPlusPlusClusterer<>(once, TRIALS, new Inertia())
            .cluster(
                IntStream.range(0, points.length)
                    .mapToObj(i -> new Numbered(points[i], i))
                    .toList());
    int[] labels = new int[points.length];
    for (int label = 0; label < best.size(); label++) {
      for (Numbered point : best.get(label).getPoints()) {
        labels[point.number] = label;
      }
    }
    return labels;
  }

  private static double[] histogram(int[] labels, int clusters) {
    double[] shares = new double[clusters];
    for (int label : labels) {
      shares[label] += 1.0 / labels.length;
    }
    return shares;
  }
}

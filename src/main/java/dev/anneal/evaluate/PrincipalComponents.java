package dev.anneal.evaluate;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.hipparchus.linear.EigenDecompositionSymmetric;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealMatrix;

/** The directions in which points differ most. */
final class PrincipalComponents {
  private PrincipalComponents() {}

  /**
   * The points in the fewest directions that hold a share of their variance.
   *
   * @param points [point][channel], at least two that differ
   * @param share of the variance, in (0, 1)
   * @return [point][direction]; distances are those between the points, but for what is left out
   */
  static double[][] of(double[][] points, double share) {
    RealMatrix centred = MatrixUtils.createRealMatrix(centred(points));
    boolean few = points.length < points[0].length;
    // The smaller of the two products: both have the same eigenvalues.
    RealMatrix product =
        few ? centred.multiplyTransposed(centred) : centred.transposeMultiply(centred);
    var decomposition = new EigenDecompositionSymmetric(product);
    int kept = kept(decomposition.getEigenvalues(), share);
    RealMatrix vectors =
        decomposition.getV().getSubMatrix(0, product.getRowDimension() - 1, 0, kept - 1);
    if (!few) {
      return centred.multiply(vectors).getData();
    }
    double[] lengths =
        Arrays.stream(decomposition.getEigenvalues(), 0, kept).map(Math::sqrt).toArray();
    return vectors.multiply(MatrixUtils.createRealDiagonalMatrix(lengths)).getData();
  }

  private static double[][] centred(double[][] points) {
    int channels = points[0].length;
    double[] means =
        IntStream.range(0, channels)
            .mapToDouble(
                channel ->
                    Arrays.stream(points).mapToDouble(point -> point[channel]).average().orElse(0))
            .toArray();
    return Arrays.stream(points)
        .map(
            point ->
                IntStream.range(0, channels)
                    .mapToDouble(channel -> point[channel] - means[channel])
                    .toArray())
        .toArray(double[][]::new);
  }

  /** How many of the falling eigenvalues hold the share. */
  private static int kept(double[] eigenvalues, double share) {
    double total = Arrays.stream(eigenvalues).sum();
    double sum = 0;
    int kept = 0;
    while (kept < eigenvalues.length && sum < share * total) {
      sum += eigenvalues[kept++];
    }
    return Math.max(1, kept);
  }
}

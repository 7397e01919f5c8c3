package dev.anneal.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.anneal.evaluate.GenerationDetails.TextValues;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class MatchedEntropyTest {

  private static TextValues text(double entropy, double nats) {
    return new TextValues(64, OptionalDouble.of(entropy), OptionalDouble.of(Math.exp(nats)));
  }

  private static List<TextValues> texts(double... entropiesAndNats) {
    return IntStream.range(0, entropiesAndNats.length / 2)
        .mapToObj(i -> text(entropiesAndNats[2 * i], entropiesAndNats[2 * i + 1]))
        .toList();
  }

  private static Estimate ratio(List<TextValues> point, List<List<TextValues>> curve) {
    return (Estimate) MatchedEntropy.ratio(point, curve);
  }

  @Test
  void theCurveIsReadAtThePointsEntropyBetweenItsNeighbours() {
    var point = texts(2.1, 3.0, 2.3, 3.2); // entropy 2.2, nats 3.1
    var curve = List.of(texts(2.9, 7, 3.1, 7), texts(1, 1, 1, 1), texts(2, 3, 2, 5)); // 3, 1, 2
    double onTheCurve = 4 + 0.2 * (7 - 4);
    assertThat(ratio(point, curve).value()).isCloseTo(Math.exp(3.1 - onTheCurve), within(1e-12));
  }

  @Test
  void aWayIsAsGoodAsItself() {
    var warm = texts(2, 3, 2.5, 3.5, 1.9, 3.3);
    var cold = texts(1.5, 2, 1.7, 2.2, 1.2, 2.4);
    assertThat(ratio(warm, List.of(cold, warm)))
        .isEqualTo(new Estimate(1, OptionalDouble.of(0), 3));
  }

  @Test
  void theErrorIsTheSpreadOverFreshTexts() {
    int texts = 40;
    int trials = 400;
    double[] ratios = new double[trials];
    double errors = 0;
    for (int trial = 0; trial < trials; trial++) {
      var random = new Random(trial);
      double[] common = random.doubles(texts, -1, 1).toArray(); // shared draws of text i
      Estimate ratio =
          ratio(
              drawn(2.2, 3.1, common, random),
              List.of(drawn(2, 4, common, random), drawn(3, 7, common, random)));
      ratios[trial] = ratio.value();
      errors += ratio.standardError().orElseThrow() / trials;
    }
    double mean = IntStream.range(0, trials).mapToDouble(i -> ratios[i] / trials).sum();
    double spread =
        Math.sqrt(
            IntStream.range(0, trials)
                    .mapToDouble(i -> (ratios[i] - mean) * (ratios[i] - mean))
                    .sum()
                / (trials - 1));
    // The spread of 400 trials is known to 1 / √800 = 3.5 %.
    assertThat(errors).isCloseTo(spread, within(0.15 * spread));
  }

  private static List<TextValues> drawn(
      double entropy, double nats, double[] common, Random random) {
    return IntStream.range(0, common.length)
        .mapToObj(
            i ->
                text(
                    entropy + 0.2 * common[i] + 0.1 * random.nextGaussian(),
                    nats + 0.5 * common[i] + 0.2 * random.nextGaussian()))
        .toList();
  }

  @Test
  void whatCannotBeComparedIsAbsentWithItsReason() {
    var point = texts(2.2, 3.1);
    assertThat(MatchedEntropy.ratio(point, List.of(texts(3, 1), texts(4, 1))).described())
        .isEqualTo("absent: entropy 2.200 lies outside those of the other sampler, 3.000 … 4.000");
    assertThat(MatchedEntropy.ratio(point, List.of())).isInstanceOf(Absent.class);
    assertThat(MatchedEntropy.ratio(point, List.of(texts(1, 1, 1, 1))).described())
        .contains("numbers of texts");
    var unjudged = List.of(new TextValues(8, OptionalDouble.of(2), OptionalDouble.empty()));
    assertThat(MatchedEntropy.ratio(unjudged, Stream.of(point).toList()).described())
        .contains("without a judge");
  }
}

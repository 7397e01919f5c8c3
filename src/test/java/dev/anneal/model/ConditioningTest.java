package dev.anneal.model;

import static dev.anneal.model.Networks.largestDifference;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.anneal.attention.AttentionPattern;
import dev.anneal.model.Conditioning.FinalLayer;
import dev.anneal.model.Conditioning.Output;
import dev.anneal.tensor.InScope;
import dev.anneal.tensor.Nn;
import dev.anneal.tensor.Rng;
import dev.anneal.tensor.Scope;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InScope.class)
final class ConditioningTest {
  private static final int TOKENS = Networks.SMALL.tokens();
  private static final int ROWS = 6;
  private static final double TOLERANCE = 1e-5;

  private final int[] ids = Networks.randomIds(1, ROWS, 1)[0];
  private final double[] sigmas = Networks.randomSigmas(ROWS, 1);

  @Test
  void theScoresOfAFreshNetworkAreTheirUsualSize() {
    var shape = shape(0.05, FinalLayer.PLAIN, Output.SCORE);
    try (Parameters fresh = Parameters.initial(shape, new Rng(1));
        Network network = shape.network(fresh)) {
      assertThat(network.reading()).isEqualTo(Reading.SCORE);
      double[] scores = outputs(network, ids, sigmas);
      for (int row = 0; row < ROWS; row++) {
        double usual = -Math.log(Math.exp(sigmas[row]) - 1) - Math.log(TOKENS);
        assertThat(Arrays.copyOfRange(scores, row * TOKENS, (row + 1) * TOKENS))
            .as("row %d", row)
            .containsOnly(new double[] {usual}, within(TOLERANCE));
      }
    }
  }

  @Test
  void theBlocksOfAFreshNetworkChangeNothing() {
    var shape = shape(0, FinalLayer.MODULATED, Output.UNSCALED_SCORE);
    try (Parameters fresh = Parameters.initial(shape, new Rng(1));
        Network network = shape.network(fresh)) {
      setRandom(fresh, "output.weight");
      Tensor own = Nn.embedding(fresh.get("embedding"), Tensors.of(ids, ROWS));
      Tensor head = fresh.get("output.weight").narrow(0, 0, TOKENS);
      Tensor alone = Nn.linear(Nn.layerNorm(own, fresh.get("output.norm")), head);
      assertThat(outputs(network, ids, sigmas)).containsExactly(alone.toDoubles(), within(1e-6));
    }
  }

  @Test
  void theNoiseOfARowChangesWhatIsSaidOfIt() {
    double[] noisier = sigmas.clone();
    noisier[2] += 1;
    for (Output output : new Output[] {Output.SCORE, Output.UNSCALED_SCORE}) {
      var shape = shape(0.05, FinalLayer.PLAIN, output);
      try (Parameters parameters = Networks.random(shape, 3);
          Network network = shape.network(parameters)) {
        double[] before = outputs(network, ids, sigmas);
        double[] after = outputs(network, ids, noisier);
        assertThat(largestDifference(row(before, 2), row(after, 2))).isGreaterThan(0.01);
      }
    }
  }

  @Test
  void aScoreIsTheUnscaledOneLessItsUsualSize() {
    var scaled = shape(0.05, FinalLayer.PLAIN, Output.SCORE);
    var unscaled = shape(0.05, FinalLayer.PLAIN, Output.UNSCALED_SCORE);
    try (Parameters parameters = Networks.random(scaled, 3);
        Network scores = scaled.network(parameters);
        Network raw = unscaled.network(parameters)) {
      double[] expected = outputs(raw, ids, sigmas);
      for (int i = 0; i < expected.length; i++) {
        expected[i] -= Math.log(Math.exp(sigmas[i / TOKENS]) - 1) + Math.log(TOKENS);
      }
      assertThat(outputs(scores, ids, sigmas)).containsExactly(expected, within(TOLERANCE));
    }
  }

  /** As the last settled token does with shifted outputs. */
  @Test
  void theScoreThatACleanRowHasOfANoisyTokenIsOfTheTokensSize() {
    var shape = shape(0.05, FinalLayer.PLAIN, Output.SCORE);
    try (Parameters fresh = Parameters.initial(shape, new Rng(1));
        Network network = shape.network(fresh)) {
      var window = window(ids, new double[ROWS]).guessing(new double[][] {sigmas});
      double[] scores = network.logits(window, KvCache.none(), new int[] {3}).toDoubles();
      double usual = -Math.log(Math.exp(sigmas[3]) - 1) - Math.log(TOKENS);
      assertThat(scores).containsOnly(new double[] {usual}, within(TOLERANCE));
    }
  }

  @Test
  void aNetworkThatGuessesTakesEveryRowForClean() {
    var guessing = shape(0, FinalLayer.MODULATED, Output.GUESS);
    var scoring = shape(0, FinalLayer.MODULATED, Output.UNSCALED_SCORE);
    try (Parameters parameters = Networks.random(guessing, 3);
        Network guesses = guessing.network(parameters);
        Network scores = scoring.network(parameters)) {
      assertThat(guesses.reading()).isEqualTo(Reading.GUESS);
      var silent =
          new Window(
              new int[][] {ids},
              new int[][] {positions()},
              List.of(AttentionPattern.everything(ROWS)),
              0);
      assertThat(guesses.logits(silent, KvCache.none(), positions()).toDoubles())
          .containsExactly(outputs(scores, ids, new double[ROWS]), within(TOLERANCE));
    }
  }

  /** A constant modulation W((1 + scale) · n + shift) + b is another plain head. */
  @Test
  void aModulatedFinalLayerShiftsAndScalesWhatTheHeadSees() {
    var modulated = shape(0.05, FinalLayer.MODULATED, Output.UNSCALED_SCORE);
    var plain = shape(0.05, FinalLayer.PLAIN, Output.UNSCALED_SCORE);
    int channels = modulated.channels();
    try (Parameters parameters = Networks.random(modulated, 3);
        Parameters folded = withoutFinalModulation(plain, parameters);
        Network one = modulated.network(parameters);
        Network other = plain.network(folded)) {
      parameters.get("output.modulation.weight").fill_(0);
      Tensor both = parameters.get("output.modulation.bias");
      Tensor shift = both.narrow(0, 0, channels);
      Tensor scale = both.narrow(0, channels, channels);
      Tensor weight = parameters.get("output.weight");
      Tensor bias = parameters.get("output.bias");
      folded.get("output.weight").copy_(weight.add(weight.multiply(scale)));
      folded.get("output.bias").copy_(bias.add(weight.multiply(shift).sum(1)));
      assertThat(outputs(one, ids, sigmas))
          .containsExactly(outputs(other, ids, sigmas), within(TOLERANCE));
    }
  }

  @Test
  void underMuchNoiseATokenLooksLikeTheMask() {
    var shape = shape(1, FinalLayer.PLAIN, Output.UNSCALED_SCORE);
    try (Parameters parameters = Networks.random(shape, 3);
        Network network = shape.network(parameters)) {
      int[] masked = ids.clone();
      masked[2] = TOKENS;
      int[] real = ids.clone();
      real[2] = 0;
      double[] much = sigmas.clone();
      much[2] = 40;
      assertThat(outputs(network, real, much))
          .containsExactly(outputs(network, masked, much), within(TOLERANCE));
      much[2] = 0.1;
      assertThat(largestDifference(outputs(network, real, much), outputs(network, masked, much)))
          .isGreaterThan(0.01);
    }
  }

  @Test
  void theGradientReachesEveryParameter() {
    for (Architecture architecture : Networks.ALL) {
      try (Parameters parameters = Networks.random(architecture, 3).requireGradient();
          Network network = architecture.network(parameters)) {
        Tensor outputs = network.logits(window(ids, sigmas), KvCache.none(), positions());
        Nn.crossEntropy(outputs, Tensors.of(new int[ROWS], ROWS)).sum().backward();
        parameters
            .all()
            .forEach(
                (name, tensor) ->
                    assertThat(size(tensor.gradient()))
                        .as("%s of %s", name, architecture)
                        .isPositive()
                        .isFinite());
      }
    }
  }

  @Test
  void noiseThatIsNotFiniteIsRefused() {
    var shape = shape(0, FinalLayer.PLAIN, Output.SCORE);
    try (Parameters parameters = Parameters.initial(shape, new Rng(1));
        Network network = shape.network(parameters)) {
      for (double wrong : new double[] {Double.POSITIVE_INFINITY, Double.NaN, -1}) {
        sigmas[4] = wrong;
        assertThatThrownBy(() -> outputs(network, ids, sigmas))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageStartingWith("noise " + wrong + " in sequence 0: expected");
      }
    }
  }

  @Test
  void settingsThatDoNotGoTogetherAreRefused() {
    assertThatThrownBy(() -> new Conditioning(0, 0, FinalLayer.PLAIN, Output.SCORE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("width 0: expected at least 1");
    assertThatThrownBy(() -> new Conditioning(8, 1.5, FinalLayer.PLAIN, Output.SCORE))
        .hasMessage("gamma 1.5: expected 0 … 1");
    assertThatThrownBy(() -> new Conditioning(8, 0.1, FinalLayer.PLAIN, Output.GUESS))
        .hasMessageContaining("a network that guesses asks for no noise");
  }

  private static TransformerShape shape(double gamma, FinalLayer finalLayer, Output output) {
    return Networks.conditioned(new Conditioning(8, gamma, finalLayer, output));
  }

  private static int[] positions() {
    return IntStream.range(0, ROWS).toArray();
  }

  private static Window window(int[] ids, double[] sigmas) {
    return new Window(
        new int[][] {ids},
        new int[][] {positions()},
        new double[][] {sigmas},
        List.of(AttentionPattern.everything(ROWS)),
        0);
  }

  private static double[] outputs(Network network, int[] ids, double[] sigmas) {
    return network.logits(window(ids, sigmas), KvCache.none(), positions()).toDoubles();
  }

  private static double[] row(double[] outputs, int row) {
    return Arrays.copyOfRange(outputs, row * TOKENS, (row + 1) * TOKENS);
  }

  private static double size(Tensor tensor) {
    return Arrays.stream(tensor.toDoubles()).map(Math::abs).sum();
  }

  private static void setRandom(Parameters parameters, String name) {
    Tensor tensor = parameters.get(name);
    double[] values = Networks.randomSigmas((int) tensor.count(), 9);
    try (Scope scope = Scope.withoutGradient()) {
      tensor.copy_(Tensors.of(values, tensor.shape()));
    }
  }

  /** A copy of the parameters that a network with a plain final layer has. */
  private static Parameters withoutFinalModulation(TransformerShape plain, Parameters parameters) {
    Parameters copy = Parameters.initial(plain, new Rng(1));
    copy.all().forEach((name, tensor) -> tensor.copy_(parameters.get(name)));
    return copy;
  }
}

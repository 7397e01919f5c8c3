package dev.anneal.bench;

import dev.anneal.attention.AttentionPattern;
import dev.anneal.attention.CausalContext;
import dev.anneal.model.Architecture;
import dev.anneal.model.Conditioning;
import dev.anneal.model.GptShape;
import dev.anneal.model.KvCache;
import dev.anneal.model.Network;
import dev.anneal.model.Parameters;
import dev.anneal.model.Placement;
import dev.anneal.model.Precision;
import dev.anneal.model.Question;
import dev.anneal.model.TransformerShape;
import dev.anneal.model.Window;
import dev.anneal.noise.EpsilonHybrid;
import dev.anneal.noise.Noise;
import dev.anneal.sample.AdaptiveCorrection;
import dev.anneal.sample.Decoding;
import dev.anneal.sample.Draft;
import dev.anneal.sample.Generator;
import dev.anneal.sample.Listener;
import dev.anneal.sample.Request;
import dev.anneal.sample.TokenChoice;
import dev.anneal.schedule.BlockAnnealing;
import dev.anneal.schedule.Linear;
import dev.anneal.tensor.Nn;
import dev.anneal.tensor.Rng;
import dev.anneal.tensor.Scope;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Whether a device computes what the CPU computes in float32: the same small networks with the same
 * weights, in every kind of call, their gradients, some steps of training, and texts.
 */
public final class DeviceContract {

  /**
   * One comparison.
   *
   * @param name what was computed
   * @param difference of numbers, as a share of the largest; of gradients, as a share of their
   *     norm; of texts, the share of tokens
   * @param tolerance the most allowed
   */
  public record Finding(String name, double difference, double tolerance) {
    /** Whether it is within the tolerance. */
    public boolean holds() {
      return difference <= tolerance;
    }
  }

  private static final int TOKENS = 97;
  private static final int LENGTH = 32;
  private static final int BATCH = 2;
  private static final int SETTLED = 11;
  private static final int ACTIVE = 8;
  private static final TransformerShape PLAIN = new TransformerShape(TOKENS, 2, 2, 64, LENGTH);

  private final Placement placement;

  private DeviceContract(Placement placement) {
    this.placement = placement;
  }

  /** Compares what a device computes, in the order of {@link Finding#name}s that come up. */
  public static List<Finding> check(Placement placement) {
    var contract = new DeviceContract(placement);
    var findings = new ArrayList<Finding>();
    networks().forEach((name, network) -> findings.addAll(contract.check(name, network)));
    findings.add(contract.training());
    findings.add(contract.texts());
    return findings;
  }

  private static Map<String, Architecture> networks() {
    var noise =
        new Conditioning(
            16, 0.05, Conditioning.FinalLayer.MODULATED, Conditioning.Output.UNSCALED_SCORE);
    var networks = new LinkedHashMap<String, Architecture>();
    networks.put("transformer", PLAIN);
    networks.put(
        "conditioned transformer",
        new TransformerShape(TOKENS, 2, 2, 64, LENGTH, Optional.of(noise)));
    networks.put("gpt", new GptShape(TOKENS, 2, 2, 64, LENGTH));
    return networks;
  }

  /** The largest share by which numbers may differ: rounding, or some steps of bfloat16. */
  private double tolerance() {
    return switch (placement.precision()) {
      case FLOAT32 -> 1e-4;
      case BFLOAT16 -> 0x1p-4;
    };
  }

  private List<Finding> check(String name, Architecture network) {
    return List.of(
        compare(name + ", one window", network, DeviceContract::oneWindow),
        compare(name + ", masked windows", network, DeviceContract::maskedWindows),
        compare(name + ", cached call", network, DeviceContract::cachedCall),
        gradients(name, network));
  }

  // Calls

  private static double[] oneWindow(Network network) {
    Window window = window(AttentionPattern.everything(SETTLED + ACTIVE), 0);
    return network.logits(window, KvCache.none(), rows(0, SETTLED + ACTIVE)).toDoubles();
  }

  private static double[] maskedWindows(Network network) {
    return network.logits(masked(), KvCache.none(), rows(SETTLED, ACTIVE)).toDoubles();
  }

  private static double[] cachedCall(Network network) {
    try (KvCache cache = network.newCache(BATCH, LENGTH)) {
      network.answers(List.of(new Question(masked(), cache, rows(SETTLED, ACTIVE))));
      var pattern = AttentionPattern.settledActive(new CausalContext(), SETTLED, SETTLED, ACTIVE);
      var question = new Question(window(pattern, 0), cache, rows(0, ACTIVE - 3));
      return network.answers(List.of(question)).getFirst().toDoubles();
    }
  }

  private static Window masked() {
    return window(AttentionPattern.settledActive(new CausalContext(), 0, SETTLED, ACTIVE), SETTLED);
  }

  private static int[] rows(int first, int count) {
    return IntStream.range(first, first + count).toArray();
  }

  private static Window window(AttentionPattern pattern, int settling) {
    int[][] ids = new int[BATCH][pattern.rows()];
    double[] sigmas = new double[pattern.rows()];
    for (int row = 0; row < pattern.rows(); row++) {
      sigmas[row] = row < settling ? 0 : 0.5 + 0.1 * row;
      for (int sequence = 0; sequence < BATCH; sequence++) {
        ids[sequence][row] = (31 * row + 17 * sequence) % (TOKENS + 1);
      }
    }
    int[] positions = rows(pattern.cached(), pattern.rows());
    return new Window(
        ids,
        Collections.nCopies(BATCH, positions).toArray(int[][]::new),
        Collections.nCopies(BATCH, sigmas).toArray(double[][]::new),
        Collections.nCopies(BATCH, pattern),
        settling);
  }

  // Comparisons

  private Finding compare(String name, Architecture network, Function<Network, double[]> call) {
    double[] expected = numbers(network, Placement.CPU, call);
    double[] actual = numbers(network, placement, call);
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      difference = Math.max(difference, Math.abs(actual[i] - expected[i]));
    }
    return new Finding(name, difference / largest, tolerance());
  }

  private static double[] numbers(
      Architecture shape, Placement where, Function<Network, double[]> call) {
    try (Scope scope = Scope.withoutGradient();
        Parameters parameters = weights(shape, where).fixed();
        Network network = shape.network(parameters)) {
      return call.apply(network);
    }
  }

  /** Initial weights, moved at random, so that nothing is zero. */
  private static Parameters weights(Architecture shape, Placement where) {
    var rng = new Rng(1);
    try (Scope scope = Scope.withoutGradient();
        Parameters initial = Parameters.initial(shape, rng)) {
      int number = 0;
      for (Tensor tensor : initial.all().values()) {
        Rng.Stream draws = rng.stream(Rng.Purpose.TOKEN, number++, 0);
        float[] moves = new float[(int) tensor.count()];
        for (int i = 0; i < moves.length; i++) {
          moves[i] = (float) (0.2 * draws.uniform(i) - 0.1);
        }
        tensor.copy_(tensor.add(Tensors.of(moves, tensor.shape())));
      }
      return initial.copyTo(where.device()).multiplyIn(where.precision());
    }
  }

  private Finding gradients(String name, Architecture shape) {
    try (Scope scope = Scope.open();
        Parameters expected = learned(shape, Placement.CPU);
        Parameters actual = learned(shape, placement)) {
      double worst = 0;
      for (String each : expected.all().keySet()) {
        Tensor gradient = expected.get(each).gradient();
        Tensor error = actual.get(each).gradient().to(gradient.device()).subtract(gradient);
        worst = Math.max(worst, norm(error) / norm(gradient));
      }
      return new Finding(name + ", gradients", worst, 4 * tolerance());
    }
  }

  private static Parameters learned(Architecture shape, Placement where) {
    Parameters parameters = weights(shape, where).requireGradient();
    try (Network network = shape.network(parameters)) {
      Tensor logits = network.logits(masked(), KvCache.none(), rows(SETTLED, ACTIVE));
      Tensor targets = Tensors.of(rows(3, ACTIVE), ACTIVE).to(where.device());
      Nn.crossEntropy(logits, targets).sum().backward();
    }
    return parameters;
  }

  private static double norm(Tensor tensor) {
    return Math.sqrt(tensor.multiply(tensor).sum().item());
  }

  private Finding training() {
    double expected = nats(Placement.CPU);
    double actual = nats(placement);
    return new Finding(
        "four steps of training", Math.abs(actual - expected) / expected, tolerance());
  }

  private static double nats(Placement where) {
    try (var steps = new TrainingSteps(PLAIN, 4, where)) {
      for (int step = 1; step < 4; step++) {
        var _ = steps.next();
      }
      return steps.next();
    }
  }

  /** Texts follow from the logits up to rounding, so those of float32 products are compared. */
  private Finding texts() {
    int[][] expected = texts(Placement.CPU);
    int[][] actual = texts(new Placement(placement.device(), Precision.FLOAT32));
    long others =
        IntStream.range(0, BATCH * LENGTH)
            .filter(i -> expected[i / LENGTH][i % LENGTH] != actual[i / LENGTH][i % LENGTH])
            .count();
    return new Finding("texts of float32 products", others / (double) (BATCH * LENGTH), 0);
  }

  private static int[][] texts(Placement where) {
    var decoding =
        new Decoding(
            new BlockAnnealing(8, 4),
            new CausalContext(),
            new Noise(new EpsilonHybrid(0.1), new Linear()),
            new AdaptiveCorrection(0.2),
            TokenChoice.PLAIN);
    var draft = Draft.prompt(new int[] {1, 2, 3}, LENGTH, BATCH);
    var request = new Request(draft, decoding, new Rng(1), 0, Request.Caching.CACHED);
    try (Parameters parameters = weights(PLAIN, where).fixed();
        Network network = PLAIN.network(parameters)) {
      return new Generator(network)
          .generate(request, step -> Listener.Verdict.CONTINUE)
          .texts()
          .toArray(int[][]::new);
    }
  }
}

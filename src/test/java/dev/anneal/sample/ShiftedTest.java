package dev.anneal.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.anneal.attention.AttentionPattern;
import dev.anneal.attention.BlockCausalContext;
import dev.anneal.attention.CausalContext;
import dev.anneal.attention.SettledContext;
import dev.anneal.attention.Shifted;
import dev.anneal.model.Architecture;
import dev.anneal.model.KvCache;
import dev.anneal.model.Network;
import dev.anneal.model.Networks;
import dev.anneal.model.Window;
import dev.anneal.noise.GammaHybrid;
import dev.anneal.noise.Noise;
import dev.anneal.schedule.Hyperschedule;
import dev.anneal.schedule.LogLinear;
import dev.anneal.schedule.Quenched;
import dev.anneal.tensor.Rng;
import dev.anneal.tensor.Scope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Generation with shifted outputs. */
class ShiftedTest {

  private static final int START = 7;
  private static final int LENGTH = 14;
  private static final int BATCH = 7;

  private static Decoding decoding(
      Hyperschedule hyperschedule, SettledContext context, TokenChoice choice) {
    return new Decoding(
        hyperschedule,
        new Shifted(START),
        context,
        Trial.noise(0.1),
        new AdaptiveCorrection(0.3),
        choice);
  }

  /** Picks a token by the logits after a causal pass over all before it. */
  private interface Pick {
    int token(double[] logits, int position);
  }

  /** Token by token. */
  private static int[] causal(Network network, int[] prompt, Pick pick) {
    int[] slots = Arrays.copyOf(new int[] {START}, LENGTH + 1);
    System.arraycopy(prompt, 0, slots, 1, prompt.length);
    for (int next = prompt.length + 1; next <= LENGTH; next++) {
      int[] input = Arrays.copyOf(slots, next);
      var pattern = AttentionPattern.settledActive(new CausalContext(), 0, next, 0);
      int[] places = IntStream.range(0, next).toArray();
      var window = new Window(new int[][] {input}, new int[][] {places}, List.of(pattern), 0);
      try (Scope scope = Scope.withoutGradient()) {
        double[] logits = network.logits(window, KvCache.none(), new int[] {next - 1}).toDoubles();
        slots[next] = pick.token(logits, next - 1);
      }
    }
    return Arrays.copyOfRange(slots, 1, LENGTH + 1);
  }

  private static int likeliest(double[] logits) {
    return IntStream.range(0, logits.length)
        .boxed()
        .max((a, b) -> Double.compare(logits[a], logits[b]))
        .orElseThrow();
  }

  /** The first token at which the running sum of the softmax exceeds a draw. */
  private static int drawn(double[] logits, double draw) {
    double total = Arrays.stream(logits).map(Math::exp).sum();
    double sum = 0;
    int token = -1;
    while (sum <= draw * total) {
      sum += Math.exp(logits[++token]);
    }
    return token;
  }

  @ParameterizedTest
  @MethodSource("dev.anneal.sample.ShiftedTest#networks")
  void quenchedItDrawsWhatACausalLanguageModelDraws(Architecture shape) {
    int[] prompt = {2, 9, 4};
    var rng = new Rng(12);
    try (var parameters = Networks.random(shape, 5);
        var network = shape.network(parameters)) {
      var decoding = decoding(new Quenched(), new CausalContext(), TokenChoice.PLAIN);
      var draft = Draft.prompt(prompt, LENGTH, BATCH);
      var request = new Request(draft, decoding, rng, 0, Request.Caching.CACHED);
      var texts = new Generator(network).generate(request, Listener.NONE).texts();
      for (int i = 0; i < BATCH; i++) {
        int text = i;
        Pick pick =
            (logits, position) -> {
              int call = position - prompt.length;
              return drawn(logits, rng.uniform(Rng.Purpose.TOKEN, text, call, position));
            };
        assertThat(texts.get(text)).isEqualTo(causal(network, prompt, pick));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.anneal.sample.ShiftedTest#networks")
  void quenchedAndGreedyItIsACausalLanguageModels(Architecture shape) {
    int[] prompt = {2, 9, 4};
    try (var parameters = Networks.random(shape, 5);
        var network = shape.network(parameters)) {
      var decoding = decoding(new Quenched(), new CausalContext(), new TokenChoice(0, 1));
      for (var caching : Request.Caching.values()) {
        var request =
            new Request(Draft.prompt(prompt, LENGTH, 2), decoding, new Rng(1), 0, caching);
        int[] text = causal(network, prompt, (logits, _) -> likeliest(logits));
        assertThat(new Generator(network).generate(request, Listener.NONE).texts())
            .containsExactly(text, text);
      }
    }
  }

  static List<Architecture> networks() {
    return List.of(Networks.SMALL, Networks.GPT);
  }

  record Setting(Architecture network, Decoding decoding) {}

  /** A network that guesses, under noise that only masks; one of scores, which scatters on. */
  static Stream<Setting> settings() {
    var gamma = new Noise(new GammaHybrid(0.3), new LogLinear(0.01));
    return Every.HYPERSCHEDULE.stream()
        .flatMap(
            each ->
                Stream.of(
                    new Setting(
                        Networks.SMALL, decoding(each, new CausalContext(), TokenChoice.PLAIN)),
                    new Setting(
                        Networks.SMALL,
                        decoding(each, new BlockCausalContext(4), TokenChoice.PLAIN)),
                    new Setting(
                        Networks.CONDITIONED,
                        new Decoding(
                            each,
                            new Shifted(START),
                            new BlockCausalContext(4),
                            gamma,
                            new Analytic(),
                            TokenChoice.PLAIN))));
  }

  @ParameterizedTest
  @MethodSource("settings")
  void aTextIsTheSameAloneInABatchAndWithoutTheCache(Setting setting) {
    Decoding decoding = setting.decoding;
    try (var parameters = Networks.random(setting.network, 5);
        var network = setting.network.network(parameters)) {
      for (int[] prompt : List.of(new int[0], new int[] {2, 9, 4})) {
        var generator = new Generator(network);
        var rng = new Rng(43);
        Draft draft = Draft.prompt(prompt, LENGTH, BATCH);
        var batch =
            generator
                .generate(
                    new Request(draft, decoding, rng, 100, Request.Caching.CACHED), Listener.NONE)
                .texts();
        var uncached = new Request(draft, decoding, rng, 100, Request.Caching.UNCACHED);
        assertThat(generator.generate(uncached, Listener.NONE).texts())
            .containsExactlyElementsOf(batch);
        var alone = new ArrayList<int[]>();
        for (int i = 0; i < BATCH; i++) {
          Draft one = Draft.prompt(prompt, LENGTH, 1);
          var request = new Request(one, decoding, rng, 100 + i, Request.Caching.CACHED);
          alone.addAll(generator.generate(request, Listener.NONE).texts());
        }
        assertThat(alone).containsExactlyElementsOf(batch);
        for (int[] text : batch) {
          assertThat(Arrays.copyOf(text, prompt.length)).isEqualTo(prompt);
          assertThat(text).doesNotContain(Networks.SMALL.tokens());
        }
      }
    }
  }

  private static List<double[]> logits(Network network, Request request) {
    var watched = new Watched(network);
    new Generator(watched).generate(request, Listener.NONE);
    return watched.outputs();
  }

  @ParameterizedTest
  @MethodSource("settings")
  void cachedLogitsAreUncachedLogits(Setting setting) {
    Decoding decoding = setting.decoding;
    Draft draft = Draft.prompt(new int[] {2, 9, 4}, LENGTH, BATCH);
    try (var parameters = Networks.random(setting.network, 5);
        var network = setting.network.network(parameters)) {
      var rng = new Rng(43);
      var cached = logits(network, new Request(draft, decoding, rng, 0, Request.Caching.CACHED));
      var uncached =
          logits(network, new Request(draft, decoding, rng, 0, Request.Caching.UNCACHED));
      assertThat(cached).hasSameSizeAs(uncached).isNotEmpty();
      for (int call = 0; call < cached.size(); call++) {
        assertThat(cached.get(call))
            .as("call %d", call)
            .containsExactly(uncached.get(call), within(1e-5));
      }
    }
  }

  @Test
  void gapsAndTextsThatLeaveNoPlaceForTheStartAreRefused() {
    var decoding = decoding(new Quenched(), new CausalContext(), TokenChoice.PLAIN);
    int[] gap = {3, Draft.BLANK, 4};
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new Request(Draft.infill(gap, 1), decoding, new Rng(1), 0, Request.Caching.CACHED))
        .withMessageContaining("cannot fill gaps");
    try (var parameters = Networks.random(Networks.SMALL, 5);
        var network = Networks.SMALL.network(parameters)) {
      int places = Networks.SMALL.length();
      var whole =
          new Request(
              Draft.prompt(new int[0], places, 1), decoding, new Rng(1), 0, Request.Caching.CACHED);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new Generator(network).generate(whole, Listener.NONE))
          .withMessageContaining("at most " + (places - 1));
    }
  }
}

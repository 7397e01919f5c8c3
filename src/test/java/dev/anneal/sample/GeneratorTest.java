package dev.anneal.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anneal.attention.BlockCausalContext;
import dev.anneal.attention.CausalContext;
import dev.anneal.attention.FullContext;
import dev.anneal.attention.SettledContext;
import dev.anneal.model.Parameters;
import dev.anneal.model.Transformer;
import dev.anneal.model.TransformerShape;
import dev.anneal.noise.Noise;
import dev.anneal.schedule.Flat;
import dev.anneal.schedule.Hyperschedule;
import dev.anneal.schedule.Quenched;
import dev.anneal.schedule.SettlingOrder;
import dev.anneal.tensor.Rng;
import dev.anneal.tensor.Scope;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The generation loop with a small network whose weights, the output's too, are random. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GeneratorTest {
  private static final int LENGTH = 16;
  private static final int BATCH = 7;
  private static final TransformerShape SHAPE = new TransformerShape(11, 2, 2, 16, LENGTH);

  private Parameters parameters;
  private Transformer network;

  @BeforeAll
  void makeNetwork() {
    parameters = Parameters.initial(SHAPE, new Rng(41));
    var random = new Random(42);
    float[] output = new float[SHAPE.vocabulary() * SHAPE.channels()];
    for (int i = 0; i < output.length; i++) {
      output[i] = (float) random.nextGaussian() / 2;
    }
    try (Scope scope = Scope.open()) {
      Tensor weight = parameters.get("output.weight");
      weight.copy_(Tensors.of(output, weight.shape()));
    }
    network = new Transformer(SHAPE, parameters);
  }

  @AfterAll
  void freeNetwork() {
    network.close();
    parameters.close();
  }

  record Setting(
      Hyperschedule hyperschedule,
      SettledContext context,
      Noise noise,
      Sampler sampler,
      TokenChoice choice) {

    Setting(Hyperschedule hyperschedule, SettledContext context) {
      this(hyperschedule, context, Trial.noise(0.1), new AdaptiveCorrection(0.3));
    }

    Setting(Hyperschedule hyperschedule, SettledContext context, Noise noise, Sampler sampler) {
      this(hyperschedule, context, noise, sampler, TokenChoice.PLAIN);
    }

    Request request(Draft draft, long firstSequence, Request.Caching caching) {
      var decoding = new Decoding(hyperschedule, context, noise, sampler, choice);
      return new Request(draft, decoding, new Rng(43), firstSequence, caching);
    }
  }

  static List<Setting> settings() {
    var settings = new ArrayList<Setting>();
    for (var hyperschedule : Every.HYPERSCHEDULE) {
      for (var context :
          List.of(new CausalContext(), new BlockCausalContext(4), new FullContext())) {
        settings.add(new Setting(hyperschedule, context));
        settings.add(
            new Setting(
                hyperschedule,
                context,
                Trial.noise(0.1),
                new Analytic(),
                new TokenChoice(0.9, 0.9, 1.5)));
      }
      for (var sampler : Every.SAMPLER) {
        settings.add(
            new Setting(hyperschedule, new CausalContext(), Every.noisiest(sampler), sampler));
      }
    }
    return settings;
  }

  private static Draft gaps(int samples) {
    int[] text = new int[LENGTH];
    Arrays.fill(text, Draft.BLANK);
    text[0] = 3;
    text[5] = 7;
    text[6] = 1;
    return Draft.infill(text, samples);
  }

  private Generation generate(Request request) {
    return new Generator(network).generate(request, Listener.NONE);
  }

  @ParameterizedTest
  @MethodSource("settings")
  void aTextIsTheSameAloneInABatchAndWithoutTheCache(Setting setting) {
    var batch = generate(setting.request(gaps(BATCH), 100, Request.Caching.CACHED)).texts();
    assertThat(generate(setting.request(gaps(BATCH), 100, Request.Caching.UNCACHED)).texts())
        .containsExactlyElementsOf(batch);
    for (int sequence : new int[] {0, BATCH - 1}) {
      var alone = setting.request(gaps(1), 100 + sequence, Request.Caching.CACHED);
      assertThat(generate(alone).texts()).containsExactly(batch.get(sequence));
    }
    assertThat(batch.stream().map(Arrays::toString)).doesNotHaveDuplicates();
  }

  @Test
  void runsThatTakeTurnsDoNotSeeEachOther() {
    var slow = new Setting(new Quenched(), new CausalContext());
    var fast = new Setting(new Flat(4), new FullContext());
    var first = slow.request(gaps(2), 7, Request.Caching.CACHED);
    var second = fast.request(gaps(1), 3, Request.Caching.CACHED);
    var generator = new Generator(network);
    try (var one = generator.start(first);
        var other = generator.start(second)) {
      while (!one.isDone()) {
        one.step();
        if (!other.isDone()) {
          other.step();
        }
      }
      assertThat(one.generation().texts()).containsExactlyElementsOf(generate(first).texts());
      assertThat(other.generation().texts()).containsExactlyElementsOf(generate(second).texts());
      assertThatThrownBy(one::step).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void withTheCacheACallSeesOnlyWhatSettledLastAndWhatIsActive() {
    var setting = new Setting(new Quenched(), new CausalContext());
    var draft = Draft.prompt(new int[] {1, 2, 3}, 8, 2);
    var cached = new Watched(network);
    new Generator(cached)
        .generate(setting.request(draft, 0, Request.Caching.CACHED), Listener.NONE);
    assertThat(cached.widths()).containsExactly(4, 2, 2, 2, 2);
    var uncached = new Watched(network);
    new Generator(uncached)
        .generate(setting.request(draft, 0, Request.Caching.UNCACHED), Listener.NONE);
    assertThat(uncached.widths()).containsExactly(4, 5, 6, 7, 8);
  }

  @Test
  void aStepLeavesNoTensorBehind() {
    var setting = new Setting(new Quenched(), new CausalContext());
    var live = new ArrayList<Long>();
    long before = Tensor.live();
    new Generator(network)
        .generate(
            setting.request(gaps(2), 0, Request.Caching.CACHED),
            step -> {
              live.add(Tensor.live());
              return Listener.Verdict.CONTINUE;
            });
    assertThat(live.get(9)).isEqualTo(live.get(1));
    assertThat(Tensor.live()).isEqualTo(before);
  }

  @Test
  void aListenerEndsTheGeneration() {
    var setting = new Setting(new Quenched(), new CausalContext());
    var steps = new ArrayList<Integer>();
    Listener third =
        step -> {
          steps.add(step.partition().step());
          return steps.size() == 3 ? Listener.Verdict.STOP : Listener.Verdict.CONTINUE;
        };
    var heard = new ArrayList<GenerationStep>();
    Listener all =
        step -> {
          heard.add(step);
          return Listener.Verdict.CONTINUE;
        };
    var request = setting.request(Draft.prompt(new int[] {1, 2}, 8, 1), 0, Request.Caching.CACHED);
    var generation = new Generator(network).generate(request, third.and(all));
    assertThat(steps).containsExactly(0, 1, 2);
    assertThat(heard).hasSize(3);
    assertThat(generation.settled()).isEqualTo(5);
    assertThat(generation.calls()).isEqualTo(3);
    assertThat(Arrays.copyOfRange(generation.texts().getFirst(), 5, 8))
        .containsOnly(SHAPE.tokens());
  }

  @Test
  void whereAllIsKnownThereIsNothingToDo() {
    var setting = new Setting(new Flat(4), new CausalContext());
    int[] text = {4, 2, 0};
    var generation = generate(setting.request(Draft.infill(text, 2), 0, Request.Caching.CACHED));
    assertThat(generation.texts()).containsExactly(text, text);
    assertThat(generation.calls()).isZero();
    assertThat(generation.settled()).isEqualTo(3);
  }

  @Test
  void aDraftThatTheModelCannotCompleteIsRefused() {
    var setting = new Setting(new Flat(4), new CausalContext());
    var tooLong = Draft.prompt(new int[0], LENGTH + 1, 1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> generate(setting.request(tooLong, 0, Request.Caching.CACHED)))
        .withMessageContaining("length 17")
        .withMessageContaining("at most 16");
    for (int id : new int[] {SHAPE.tokens(), -2}) {
      var unknown = Draft.prompt(new int[] {0, id}, 8, 1);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> generate(setting.request(unknown, 0, Request.Caching.CACHED)))
          .withMessageContaining("token %d at position 1".formatted(id))
          .withMessageContaining("0 … 10");
    }
  }

  @Test
  void aMalformedDraftIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Draft.prompt(new int[9], 8, 1))
        .withMessageContaining("prompt length 9");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Draft.prompt(new int[0], 8, 0))
        .withMessageContaining("samples 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Draft(SettlingOrder.prompt(3, 0), new int[][] {{1, 2}}, 0))
        .withMessageContaining("2 tokens");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Draft(SettlingOrder.prompt(2, 1), new int[][] {{-1, 2}}, 0))
        .withMessageContaining("blank at position 0");
  }

  @Test
  void aDraftStartsAtAStateOfItsHyperschedule() {
    var order = SettlingOrder.prompt(4, 0);
    var setting = new Setting(new Quenched(), new CausalContext());
    int[][] half = {{1, 2, Draft.BLANK, Draft.BLANK}};
    var request = setting.request(new Draft(order, half, 2), 0, Request.Caching.CACHED);
    assertThat(generate(request).texts().getFirst()).startsWith(1, 2).doesNotContain(-1, 11);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> setting.request(new Draft(order, half, 3), 0, Request.Caching.CACHED))
        .withMessageContaining("blank at position 2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> setting.request(new Draft(order, half, 5), 0, Request.Caching.CACHED))
        .withMessageContaining("step 5")
        .withMessageContaining("at most 4");
  }
}

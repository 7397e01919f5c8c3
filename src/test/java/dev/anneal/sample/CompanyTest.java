package dev.anneal.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anneal.attention.Aligned;
import dev.anneal.attention.Alignment;
import dev.anneal.attention.BlockCausalContext;
import dev.anneal.attention.CausalContext;
import dev.anneal.attention.FullContext;
import dev.anneal.attention.SettledContext;
import dev.anneal.attention.Shifted;
import dev.anneal.model.Architecture;
import dev.anneal.model.Denoiser;
import dev.anneal.model.KvCache;
import dev.anneal.model.Network;
import dev.anneal.model.Networks;
import dev.anneal.model.Parameters;
import dev.anneal.model.Question;
import dev.anneal.model.Reading;
import dev.anneal.model.Window;
import dev.anneal.noise.Absorb;
import dev.anneal.noise.EpsilonHybrid;
import dev.anneal.noise.Noise;
import dev.anneal.schedule.Flat;
import dev.anneal.schedule.LogLinear;
import dev.anneal.schedule.Quenched;
import dev.anneal.tensor.Rng;
import dev.anneal.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.FieldSource;

/** Runs that go forward together. */
@ParameterizedClass
@FieldSource("dev.anneal.model.Networks#ALL")
final class CompanyTest {
  /** No two of the sizes have a common factor, so that all kinds meet. */
  private static final int REQUESTS = 55;

  private static final List<Noise> NOISE =
      List.of(
          new Noise(new EpsilonHybrid(0.2), new LogLinear(0.1)),
          new Noise(new Absorb(), new LogLinear(0.1)));
  private static final List<SettledContext> CONTEXTS =
      List.of(new CausalContext(), new BlockCausalContext(4), new FullContext());
  private static final List<TokenChoice> CHOICES =
      List.of(
          TokenChoice.PLAIN,
          new TokenChoice(0, 1),
          new TokenChoice(0.9, 0.8),
          new TokenChoice(1, 1, 1.5));

  private final Architecture architecture;
  private Parameters parameters;
  private Network network;

  CompanyTest(Architecture architecture) {
    this.architecture = architecture;
  }

  @BeforeEach
  void build() {
    parameters = Networks.random(architecture, 7);
    network = architecture.network(parameters);
  }

  @AfterEach
  void free() {
    network.close();
    parameters.close();
  }

  /** Requests that have nothing in common. */
  private Request request(int number) {
    boolean gpt = architecture.equals(Networks.GPT);
    Alignment alignment = gpt ? new Shifted(0) : new Aligned();
    Sampler sampler = Every.SAMPLER.get(number % Every.SAMPLER.size());
    Noise noise =
        NOISE.stream().filter(each -> Every.fits(sampler, each)).findFirst().orElseThrow();
    var decoding =
        new Decoding(
            Every.HYPERSCHEDULE.get(number % Every.HYPERSCHEDULE.size()),
            alignment,
            CONTEXTS.get(number % CONTEXTS.size()),
            noise,
            sampler,
            CHOICES.get(number % CHOICES.size()));
    int[] text = new int[5 + number % 7];
    Arrays.fill(text, Draft.BLANK);
    text[0] = number % 11;
    text[gpt ? 1 : 3] = 4;
    Request.Caching caching = number % 9 == 0 ? Request.Caching.UNCACHED : Request.Caching.CACHED;
    return new Request(
        Draft.infill(text, 1 + number % 3), decoding, new Rng(number), number, caching);
  }

  private static Request quenched(int[] prompt, int length) {
    var decoding =
        new Decoding(
            new Quenched(), new CausalContext(), NOISE.getFirst(), new Ancestral(), CHOICES.get(0));
    return new Request(
        Draft.prompt(prompt, length, 1), decoding, new Rng(5), 0, Request.Caching.CACHED);
  }

  @Test
  void aTextIsTheSameAloneAndInCompanyThatComesAndGoes() {
    var generator = new Generator(network);
    List<Request> requests = IntStream.range(0, REQUESTS).mapToObj(this::request).toList();
    var waiting = new ArrayDeque<>(requests);
    var running = new LinkedHashMap<Request, GenerationRun>();
    var made = new LinkedHashMap<Request, Generation>();
    long before = Tensor.live();
    while (made.size() < REQUESTS) {
      if (!waiting.isEmpty()) {
        running.put(waiting.peek(), generator.start(waiting.remove()));
      }
      generator.advance(List.copyOf(running.values()));
      leave(running, made);
    }
    assertThat(Tensor.live()).isEqualTo(before);
    made.forEach(
        (request, generation) -> {
          Generation alone = generator.generate(request, Listener.NONE);
          assertThat(generation.texts()).containsExactlyElementsOf(alone.texts());
          assertThat(generation.calls()).isEqualTo(alone.calls());
        });
  }

  private static void leave(Map<Request, GenerationRun> running, Map<Request, Generation> made) {
    running
        .entrySet()
        .removeIf(
            entry -> {
              GenerationRun run = entry.getValue();
              if (run.isDone()) {
                made.put(entry.getKey(), run.generation());
                run.close();
              }
              return run.isDone();
            });
  }

  /** Counts the questions of each call, and may fail once, when it has answered. */
  private static final class Counting implements Denoiser {
    private final Denoiser denoiser;
    private final List<Integer> questions = new ArrayList<>();
    private boolean fails;

    Counting(Denoiser denoiser) {
      this.denoiser = denoiser;
    }

    @Override
    public int tokens() {
      return denoiser.tokens();
    }

    @Override
    public int length() {
      return denoiser.length();
    }

    @Override
    public Reading reading() {
      return denoiser.reading();
    }

    @Override
    public KvCache newCache(int batch, int length) {
      return denoiser.newCache(batch, length);
    }

    @Override
    public Tensor logits(Window window, KvCache cache, int[] rows) {
      throw new AssertionError("a question on a way of its own");
    }

    @Override
    public List<Tensor> answers(List<Question> asked) {
      questions.add(asked.size());
      List<Tensor> answers = denoiser.answers(asked);
      if (fails) {
        fails = false;
        throw new ArithmeticException("just once");
      }
      return answers;
    }
  }

  @Test
  void allShareACall() {
    var counting = new Counting(network);
    var generator = new Generator(counting);
    try (var first = generator.start(quenched(new int[] {1, 2, 3}, 5));
        var second = generator.start(quenched(new int[] {4}, 4));
        var third = generator.start(quenched(new int[0], 1))) {
      Advance together = generator.advance(List.of(first, second, third));
      assertThat(together.calls()).containsExactly(new SharedCall(3, 4 + 2 + 1));
      assertThat(together.steps()).hasSize(3).allMatch(step -> step.isPresent());
      assertThat(generator.advance(List.of(first, second)).calls())
          .containsExactly(new SharedCall(2, 2 + 2));
      assertThat(counting.questions).containsExactly(3, 2);
      assertThat(first.isDone()).isTrue();
      assertThat(second.isDone()).isFalse();
    }
  }

  @Test
  void aStepThatAsksMoreThanOnceLetsOthersGoOnMeanwhile() {
    var decoding =
        new Decoding(
            new Flat(1), new CausalContext(), NOISE.getLast(), new FirstHitting(), CHOICES.get(0));
    var request =
        new Request(
            Draft.prompt(new int[0], 3, 1), decoding, new Rng(5), 0, Request.Caching.CACHED);
    var generator = new Generator(network);
    try (var slow = generator.start(request);
        var quick = generator.start(quenched(new int[0], 3))) {
      var both = List.of(slow, quick);
      assertThat(generator.advance(both).steps().stream().map(step -> step.isPresent()))
          .containsExactly(false, true);
      assertThat(generator.advance(both).steps().stream().map(step -> step.isPresent()))
          .containsExactly(false, true);
      assertThat(generator.advance(both).steps()).allMatch(step -> step.isPresent());
      assertThat(slow.generation().calls()).isEqualTo(3);
    }
  }

  @Test
  void soManyRowsThatSharingIsNoUseGoInSeveralCalls() {
    var generator = new Generator(network);
    var decoding =
        new Decoding(
            new Flat(1), new CausalContext(), NOISE.getFirst(), new Ancestral(), CHOICES.get(0));
    var runs = new ArrayList<GenerationRun>();
    for (int samples : new int[] {10, 10, 30, 1}) {
      var draft = Draft.prompt(new int[0], 20, samples);
      runs.add(
          generator.start(new Request(draft, decoding, new Rng(1), 0, Request.Caching.CACHED)));
    }
    assertThat(generator.advance(runs).calls())
        .containsExactly(new SharedCall(2, 400), new SharedCall(1, 600), new SharedCall(1, 20));
    assertThat(runs).allMatch(GenerationRun::isDone);
    runs.forEach(GenerationRun::close);
  }

  @Test
  void afterACallThatFailedEachGoesOnAsIfItHadNotBeen() {
    var counting = new Counting(network);
    var generator = new Generator(counting);
    Request first = quenched(new int[] {1, 2, 3}, 9);
    Request second = quenched(new int[] {4}, 6);
    var expected =
        Stream.of(first, second)
            .map(request -> generator.generate(request, Listener.NONE).texts().getFirst())
            .toList();
    try (var one = generator.start(first);
        var other = generator.start(second)) {
      var both = List.of(one, other);
      generator.advance(both);
      counting.fails = true;
      assertThatThrownBy(() -> generator.advance(both)).isInstanceOf(ArithmeticException.class);
      assertThat(one.generation().settled()).isEqualTo(4);
      both.forEach(
          run -> {
            while (!run.isDone()) {
              run.step();
            }
          });
      assertThat(both.stream().map(run -> run.generation().texts().getFirst()))
          .containsExactlyElementsOf(expected);
      assertThat(both.stream().map(run -> run.generation().calls())).containsExactly(6, 5);
    }
  }

  @Test
  void runsOfAnotherModelAreRefused() {
    var generator = new Generator(network);
    try (var strange = new Generator(new Counting(network)).start(request(1))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> generator.advance(List.of(strange)))
          .withMessageContaining("another model");
    }
  }
}

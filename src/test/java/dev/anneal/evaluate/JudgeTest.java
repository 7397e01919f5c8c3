package dev.anneal.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.anneal.attention.Aligned;
import dev.anneal.attention.Alignment;
import dev.anneal.attention.CausalContext;
import dev.anneal.attention.FullContext;
import dev.anneal.attention.Shifted;
import dev.anneal.data.ByteTokenizer;
import dev.anneal.model.KvCache;
import dev.anneal.model.Network;
import dev.anneal.model.Placement;
import dev.anneal.model.Window;
import dev.anneal.objective.ToyDenoiser;
import dev.anneal.store.TrainedNetwork;
import dev.anneal.store.published.ModelImport;
import dev.anneal.tensor.InScope;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.TensorFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Judges against what they must find, computed without their windows. */
@ExtendWith(InScope.class)
final class JudgeTest {
  private static final int TOKENS = 257;
  private static final ToyDenoiser TOY = new ToyDenoiser(TOKENS, 5);

  /** The toy as a network whose features are its outputs. */
  private record Toy() implements Network {

    @Override
    public int tokens() {
      return TOKENS;
    }

    @Override
    public int length() {
      return TOY.length();
    }

    @Override
    public KvCache newCache(int batch, int length) {
      return TOY.newCache(batch, length);
    }

    @Override
    public Tensor logits(Window window, KvCache cache, int[] rows) {
      return TOY.logits(window, cache, rows);
    }

    @Override
    public Tensor allLogits(Window window, Optional<Tensor> mask) {
      throw new AssertionError("a judge asks for the rows it wants");
    }

    @Override
    public Tensor features(Window window, int[] rows) {
      return TOY.logits(window, KvCache.none(), rows);
    }

    @Override
    public Tensor head(Window window, int[] rows, Tensor features) {
      return features;
    }

    @Override
    public void close() {}
  }

  private static Judge judge(Alignment alignment) {
    return new Judge(new Toy(), alignment, new CausalContext(), new ByteTokenizer());
  }

  /** −log of the toy's chance of each token but the first, with what it is then asked for. */
  private static double[] expected(int[] ids, Alignment alignment) {
    double[] nats = new double[ids.length - 1];
    Map<Integer, Integer> seen = new TreeMap<>();
    for (int position = 0; position + 1 < ids.length; position++) {
      seen.put(position, ids[position]);
      double[] guess;
      if (alignment instanceof Aligned) {
        Map<Integer, Integer> withMask = new TreeMap<>(seen);
        withMask.put(position + 1, TOKENS);
        guess = TOY.guess(withMask, position + 1);
      } else {
        guess = TOY.guess(seen, position);
      }
      nats[position] = -Math.log(guess[ids[position + 1]]);
    }
    return nats;
  }

  private static final List<Alignment> ALIGNMENTS = List.of(new Aligned(), new Shifted(256));

  @Test
  void eachTokenIsJudgedByThoseBeforeIt() {
    for (Alignment alignment : ALIGNMENTS) {
      for (int[] ids : new int[][] {{7, 3, 3, 256, 0}, {1, 2}}) {
        assertThat(judge(alignment).nats(ids))
            .containsExactly(expected(ids, alignment), within(1e-12));
      }
    }
  }

  @Test
  void theFeatureOfATextIsWhereItsNextTokenIsGuessed() {
    Map<Integer, Integer> seen = new TreeMap<>(Map.of(0, 7, 1, 3));
    assertThat(exponentials(judge(new Shifted(256)).feature(new int[] {7, 3})))
        .containsExactly(TOY.guess(seen, 1), within(1e-12));
    seen.put(2, TOKENS);
    assertThat(exponentials(judge(new Aligned()).feature(new int[] {7, 3})))
        .containsExactly(TOY.guess(seen, 2), within(1e-12));
    assertThat(judge(new Shifted(256)).featureLength()).isEqualTo(5);
    assertThat(judge(new Aligned()).featureLength()).isEqualTo(4);
    assertThatThrownBy(() -> judge(new Aligned()).feature(new int[5]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 … 4");
  }

  private static double[] exponentials(double[] logarithms) {
    return Arrays.stream(logarithms).map(Math::exp).toArray();
  }

  @Test
  void itAgreesWithAnIndependentGpt2(@TempDir Path folder) throws IOException {
    Path fixture = Path.of("../shared/fixtures/gpt2");
    assumeTrue(Files.exists(fixture), fixture + " is missing: skipped");
    Path model = folder.resolve("model");
    ModelImport.run(fixture, "the fixture", model);
    Map<String, Tensor> stored = TensorFile.read(fixture.resolve("expected.safetensors"));
    Tensor texts = Objects.requireNonNull(stored.get("full/input_ids"));
    double[] logits = Objects.requireNonNull(stored.get("full/output")).toDoubles();
    int length = Math.toIntExact(texts.size(1));
    int vocab = logits.length / Math.toIntExact(texts.count());
    try (var trained = TrainedNetwork.load(model, Placement.CPU)) {
      var judge =
          new Judge(
              trained.network(),
              trained.config().alignment(),
              trained.config().context(),
              new ByteTokenizer());
      for (int text = 0; text < texts.size(0); text++) {
        int[] ids =
            Arrays.stream(texts.select(0, text).toLongs()).mapToInt(id -> (int) id).toArray();
        double[] nats = judge.nats(ids);
        for (int row = 0; row + 1 < length; row++) {
          int from = (text * length + row) * vocab;
          double all = Arrays.stream(logits, from, from + vocab).map(Math::exp).sum();
          assertThat(nats[row])
              .isCloseTo(Math.log(all) - logits[from + ids[row + 1]], within(1e-4));
        }
      }
    }
  }

  @Test
  void theTwoDefinitionsOfItsPerplexityDiffer() {
    Alignment alignment = new Aligned();
    var samples = new Samples(List.of("abc", "ba"), List.of(bytes("abc"), bytes("ba")));
    double[] first = expected(bytes("abc"), alignment);
    double[] second = expected(bytes("ba"), alignment);
    double one = Math.exp((first[0] + first[1]) / 2);
    double two = Math.exp(second[0]);
    Estimate ofIds = (Estimate) ofIds(judge(alignment), samples);
    assertThat(ofIds.value()).isCloseTo((one + two) / 2, within(1e-9));
    assertThat(ofIds.standardError().orElseThrow())
        .isCloseTo(Math.abs(one - two) / 2, within(1e-9));
    Estimate ofTexts = (Estimate) ofTexts(judge(alignment), samples);
    assertThat(ofTexts.value())
        .isCloseTo(Math.exp((first[0] + first[1] + second[0]) / 3), within(1e-9));
    assertThat(ofTexts.count()).isEqualTo(2);
  }

  @Test
  void aTextLongerThanTheJudgeIsJudgedInPieces() {
    Alignment alignment = new Shifted(256);
    double[] first = expected(bytes("abcde"), alignment);
    double[] second = expected(bytes("fg"), alignment);
    var samples = new Samples(List.of("abcdefg"), List.of(bytes("abcdefg")));
    Estimate ofTexts = (Estimate) ofTexts(judge(alignment), samples);
    assertThat(Math.log(ofTexts.value()))
        .isCloseTo((Arrays.stream(first).sum() + second[0]) / 5, within(1e-9));
    assertThat(ofIds(judge(alignment), samples))
        .isEqualTo(new Absent("text 0 has 7 tokens, the judge takes 2 … 5"));
  }

  @Test
  void endTokensCountAmongIdsButNotInTexts() {
    int[] ids = {'a', 256, 'b'};
    Alignment alignment = new Aligned();
    var samples = Samples.generated(List.of(ids), new ByteTokenizer());
    double[] nats = expected(ids, alignment);
    Estimate ofIds = (Estimate) ofIds(judge(alignment), samples);
    assertThat(ofIds.value()).isCloseTo(Math.exp((nats[0] + nats[1]) / 2), within(1e-9));
    Estimate ofTexts = (Estimate) ofTexts(judge(alignment), samples);
    assertThat(ofTexts.value())
        .isCloseTo(Math.exp(expected(bytes("ab"), alignment)[0]), within(1e-9));
  }

  @Test
  void idsOfAnotherTokenizerAreNotJudged() {
    var foreign = new Samples(List.of("hello"), List.of(new int[] {5, 9}));
    assertThat(ofIds(judge(new Aligned()), foreign))
        .isEqualTo(new Absent("the ids of text 0 are not of the judge's tokenizer"));
    var beyond = new Samples(List.of("hello"), List.of(new int[] {15496, 995}));
    assertThat(ofIds(judge(new Aligned()), beyond)).isInstanceOf(Absent.class);
    assertThat(ofTexts(judge(new Aligned()), foreign)).isInstanceOf(Estimate.class);
  }

  @Test
  void aModelThatSeesTheFutureIsNoJudge() {
    assertThatThrownBy(
            () -> new Judge(new Toy(), new Aligned(), new FullContext(), new ByteTokenizer()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("FullContext")
        .hasMessageContaining("causal");
    assertThatThrownBy(() -> judge(new Aligned()).nats(new int[] {1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 … 5");
  }

  private static Figure ofIds(Judge judge, Samples samples) {
    var perplexity = new JudgePerplexity(judge, samples, Replay.none());
    Optional<Absent> obstacle = perplexity.obstacle();
    return obstacle.isPresent() ? obstacle.orElseThrow() : Estimate.mean(perplexity.ofIds());
  }

  private static Figure ofTexts(Judge judge, Samples samples) {
    return new JudgePerplexity(judge, samples, Replay.none()).ofTexts();
  }

  private static int[] bytes(String text) {
    return new ByteTokenizer().encode(text);
  }
}

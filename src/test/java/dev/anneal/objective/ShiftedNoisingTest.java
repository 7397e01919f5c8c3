package dev.anneal.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.anneal.attention.AttentionPattern;
import dev.anneal.attention.BlockCausalContext;
import dev.anneal.attention.CausalContext;
import dev.anneal.attention.SettledContext;
import dev.anneal.attention.Shifted;
import dev.anneal.model.Architecture;
import dev.anneal.model.Networks;
import dev.anneal.model.Parameters;
import dev.anneal.model.Window;
import dev.anneal.noise.Corruption;
import dev.anneal.noise.EpsilonHybrid;
import dev.anneal.noise.Noise;
import dev.anneal.schedule.BlockAnnealing;
import dev.anneal.schedule.Flat;
import dev.anneal.schedule.HybridAnnealing;
import dev.anneal.schedule.Hyperschedule;
import dev.anneal.schedule.Linear;
import dev.anneal.schedule.Partition;
import dev.anneal.schedule.Quenched;
import dev.anneal.schedule.SlideAnnealing;
import dev.anneal.tensor.DType;
import dev.anneal.tensor.InScope;
import dev.anneal.tensor.Rng;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Training windows of shifted outputs. */
@ExtendWith(InScope.class)
class ShiftedNoisingTest {

  private static final int LENGTH = 12;
  private static final int TOKENS = Networks.SMALL.tokens();
  private static final int START = 7;

  private static Noising noising(Hyperschedule hyperschedule, SettledContext context) {
    return new Noising(
            hyperschedule,
            Noising.Times.GRID,
            context,
            new Noise(new EpsilonHybrid(0.1), new Linear()),
            new Corruption(TOKENS, TOKENS))
        .withAlignment(new Shifted(START));
  }

  private static int[][] sequences(int count) {
    int[][] sequences = new int[count][LENGTH];
    for (int i = 0; i < count; i++) {
      int sequence = i;
      Arrays.setAll(sequences[i], position -> (3 * sequence + 5 * position + 1) % TOKENS);
    }
    return sequences;
  }

  private static NoisedBatch draw(Noising noising, int[][] sequences) {
    return noising.draw(sequences, new Noising.Draws(new Rng(3), 9, 0, sequences.length));
  }

  static List<Architecture> networks() {
    return List.of(Networks.SMALL, Networks.GPT);
  }

  /** −log softmax of a causal pass over {@code [start, text]}, read off by hand. */
  private static double causalLoss(Architecture shape, Parameters parameters, int[] text) {
    int[] input = new int[text.length];
    input[0] = START;
    System.arraycopy(text, 0, input, 1, text.length - 1);
    int[] places = IntStream.range(0, input.length).toArray();
    var pattern = AttentionPattern.settledActive(new CausalContext(), 0, input.length, 0);
    var window = new Window(new int[][] {input}, new int[][] {places}, List.of(pattern), 0);
    double loss = 0;
    try (var network = shape.network(parameters)) {
      Tensor mask = causalMask(input.length);
      Tensor logits = network.allLogits(window, Optional.of(mask)).to(DType.FLOAT64);
      double[] all = logits.toDoubles();
      int channels = all.length / text.length;
      for (int i = 0; i < text.length; i++) {
        double[] row = Arrays.copyOfRange(all, i * channels, i * channels + TOKENS);
        double sum = Arrays.stream(row).map(Math::exp).sum();
        loss += Math.log(sum) - row[text[i]];
      }
    }
    return loss;
  }

  private static Tensor causalMask(int length) {
    try (Arena arena = Arena.ofConfined()) {
      var cells = arena.allocate((long) length * length);
      for (int query = 0; query < length; query++) {
        for (int key = 0; key <= query; key++) {
          cells.set(ValueLayout.JAVA_BYTE, (long) query * length + key, (byte) 1);
        }
      }
      return Tensors.mask(cells, 1, 1, length, length);
    }
  }

  @ParameterizedTest
  @MethodSource("networks")
  void quenchedAndCausalItIsTheLossOfACausalLanguageModel(Architecture shape) {
    int[][] sequences = sequences(3);
    try (Parameters parameters = Networks.random(shape, 5);
        var network = shape.network(parameters)) {
      double expected =
          Arrays.stream(sequences).mapToDouble(text -> causalLoss(shape, parameters, text)).sum();
      NoisedBatch batch = draw(noising(new Quenched(), new CausalContext()), sequences);
      assertThat(batch.window().width()).isEqualTo(LENGTH); // one stream, and no mask in it
      assertThat(new NextToken().sum(batch, network).orElseThrow().item())
          .isCloseTo(expected, within(1e-5 * expected));
      // Under block-causal contexts the same text needs two streams, with width 1 the same loss.
      NoisedBatch two = draw(noising(new Quenched(), new BlockCausalContext(1)), sequences);
      assertThat(new NextToken().sum(two, network).orElseThrow().item())
          .isCloseTo(expected, within(1e-5 * expected));
    }
  }

  static Stream<Noising> noisings() {
    List<Hyperschedule> hyperschedules =
        List.of(
            new Quenched(),
            new Flat(3),
            new BlockAnnealing(5, 3),
            new SlideAnnealing(4, 4),
            new SlideAnnealing(4, 2),
            new HybridAnnealing(5, 2));
    return hyperschedules.stream()
        .flatMap(
            each ->
                Stream.of(new CausalContext(), new BlockCausalContext(2))
                    .map(context -> noising(each, context)));
  }

  /** The slots of one call in generation: start or settled tokens, emitter, active tokens. */
  @ParameterizedTest
  @MethodSource("noisings")
  void anOutputSeesWhatItSeesInGeneration(Noising noising) {
    int[][] sequences = sequences(30);
    NoisedBatch batch = draw(noising, sequences);
    Window window = batch.window();
    assertThat(batch.rows()).isNotEmpty();
    for (NoisedRow row : batch.rows()) {
      int sequence = row.flat() / window.width();
      int query = row.flat() % window.width();
      int token = window.positions(sequence)[query]; // the output at slot i guesses token i
      assertThat(row.clean()).isEqualTo(sequences[sequence][token]);
      Partition call = call(noising, token, row);
      AttentionPattern pattern = window.pattern(sequence);
      var seen = new ArrayList<Integer>();
      for (int key = 0; key < pattern.rows(); key++) {
        if (pattern.sees(query, key)) {
          int slot = window.positions(sequence)[key];
          seen.add(slot);
          if (slot == 0) {
            assertThat(window.ids(sequence)[key]).isEqualTo(START);
          } else if (slot <= call.settled()) {
            assertThat(window.ids(sequence)[key]).isEqualTo(sequences[sequence][slot - 1]);
          }
        }
      }
      boolean blank = call.levelBefore(call.end() - 1) == noising.hyperschedule().levels();
      int slots = blank ? call.end() : call.end() + 1;
      assertThat(seen).containsExactlyElementsOf(IntStream.range(0, slots).boxed().toList());
    }
  }

  private static Partition call(Noising noising, int token, NoisedRow row) {
    Hyperschedule hyperschedule = noising.hyperschedule();
    double levelBefore = row.call().time() * hyperschedule.levels();
    return IntStream.range(0, hyperschedule.steps(LENGTH))
        .mapToObj(step -> hyperschedule.partition(step, LENGTH))
        .filter(call -> token >= call.settled() && token < call.end())
        .filter(call -> Math.abs(call.levelBefore(token) - levelBefore) < 1e-9)
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("noisings")
  void activeTokensAreFedAsTheirNoiseLeftThem(Noising noising) {
    NoisedBatch batch = draw(noising, sequences(30));
    Window window = batch.window();
    for (NoisedRow row : batch.rows()) {
      int sequence = row.flat() / window.width();
      int query = row.flat() % window.width();
      int[] places = window.positions(sequence);
      boolean isLast = query + 1 == places.length || places[query + 1] != places[query] + 1;
      if (!isLast && window.pattern(sequence).sees(query, query + 1)) {
        assertThat(window.ids(sequence)[query + 1]).isEqualTo(row.noised());
        assertThat(window.sigmas(sequence)[query + 1]).isEqualTo(row.call().sigma());
      }
    }
  }

  @Test
  void gapsAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> noising(new Flat(3), new CausalContext()).withInfill(0.5))
        .withMessageContaining("cannot fill gaps");
  }
}

package dev.anneal.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.anneal.attention.CausalContext;
import dev.anneal.model.Network;
import dev.anneal.model.Networks;
import dev.anneal.model.Parameters;
import dev.anneal.noise.EpsilonHybrid;
import dev.anneal.noise.Noise;
import dev.anneal.schedule.BlockAnnealing;
import dev.anneal.schedule.Flat;
import dev.anneal.schedule.Hyperschedule;
import dev.anneal.schedule.Linear;
import dev.anneal.schedule.Quenched;
import dev.anneal.schedule.SlideAnnealing;
import dev.anneal.tensor.Device;
import dev.anneal.tensor.Libtorch;
import dev.anneal.tensor.Recorder;
import dev.anneal.tensor.Rerun;
import dev.anneal.tensor.Rng;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts are the same, whether their calls are replayed or made anew. */
final class ReplayedTextsTest {
  private static final int LENGTH = 29;
  private static final Hyperschedule BLOCKS = new BlockAnnealing(8, 16);

  private final Rerun recorder = new Rerun();

  private static List<List<Integer>> texts(
      Hyperschedule hyperschedule, double guidance, Device device, Optional<Recorder> recorder) {
    var decoding =
        new Decoding(
            hyperschedule,
            new CausalContext(),
            new Noise(new EpsilonHybrid(0.1), new Linear()),
            new AdaptiveCorrection(0.3),
            new TokenChoice(1, 1, guidance));
    var draft = Draft.prompt(new int[] {1, 2, 3}, LENGTH, 2);
    var request = new Request(draft, decoding, new Rng(5), 0, Request.Caching.CACHED);
    try (Parameters initial = Networks.random(Networks.SMALL, 7);
        Parameters parameters = initial.copyTo(device).fixed(recorder);
        Network network = Networks.SMALL.network(parameters)) {
      return new Generator(network)
          .generate(request, step -> Listener.Verdict.CONTINUE).texts().stream()
              .map(text -> IntStream.of(text).boxed().toList())
              .toList();
    }
  }

  private int replays() {
    return recorder.recordings().stream().mapToInt(Rerun.Repeated::replays).sum();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 1.5})
  void ofBlocks(double guidance) {
    assertThat(texts(BLOCKS, guidance, Device.CPU, Optional.of(recorder)))
        .isEqualTo(texts(BLOCKS, guidance, Device.CPU, Optional.empty()));
    assertThat(recorder.recordings()).isNotEmpty().allMatch(Rerun.Repeated::isClosed);
    assertThat(replays()).isGreaterThan(recorder.recordings().size());
  }

  @Test
  void ofAFlatSchedule() {
    var flat = new Flat(24);
    assertThat(texts(flat, 0, Device.CPU, Optional.of(recorder)))
        .isEqualTo(texts(flat, 0, Device.CPU, Optional.empty()));
    assertThat(replays()).isGreaterThan(2 * recorder.recordings().size());
  }

  static Stream<Hyperschedule> schedulesThatSettleATokenInEachCall() {
    return Stream.of(new Quenched(), new SlideAnnealing(8, 8));
  }

  @ParameterizedTest
  @MethodSource
  void schedulesThatSettleATokenInEachCall(Hyperschedule hyperschedule) {
    assertThat(texts(hyperschedule, 0, Device.CPU, Optional.of(recorder)))
        .isEqualTo(texts(hyperschedule, 0, Device.CPU, Optional.empty()));
    assertThat(recorder.recordings()).isEmpty();
  }

  /** Both ways make the same calls of the same shapes, so not a bit may differ. */
  @Tag("gpu")
  @ParameterizedTest
  @ValueSource(doubles = {0, 1.5})
  void onAGpuARecordingComputesWhatTheCallsDo(double guidance) {
    assumeTrue(Libtorch.load().hasCuda(), "the library drives no GPU: skipped");
    Device gpu = Device.cuda(0);
    Optional<Recorder> graphs = Recorder.of(gpu);
    assertThat(graphs).isPresent();
    assertThat(texts(BLOCKS, guidance, gpu, graphs))
        .isEqualTo(texts(BLOCKS, guidance, gpu, Optional.of(recorder)));
  }
}

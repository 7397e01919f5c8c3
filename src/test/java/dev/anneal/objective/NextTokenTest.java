package dev.anneal.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.anneal.attention.CausalContext;
import dev.anneal.noise.Corruption;
import dev.anneal.noise.EpsilonHybrid;
import dev.anneal.noise.Noise;
import dev.anneal.schedule.BlockAnnealing;
import dev.anneal.schedule.Hyperschedule;
import dev.anneal.schedule.Linear;
import dev.anneal.schedule.LogLinear;
import dev.anneal.schedule.NoiseSchedule;
import dev.anneal.schedule.Quenched;
import dev.anneal.tensor.InScope;
import dev.anneal.tensor.Rng;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InScope.class)
final class NextTokenTest {
  private static final int TOKENS = 5;
  private static final int LENGTH = 6;
  private static final double EPSILON = 0.1;

  private final ToyDenoiser toy = new ToyDenoiser(TOKENS, LENGTH);
  private final int[][] sequences = {{0, 1, 4, 4, 2, 3}, {3, 3, 3, 0, 1, 0}};

  @Test
  void underQuenchedEveryObjectiveIsTheNegativeLogLikelihood() {
    double expected = 0;
    for (int[] sequence : sequences) {
      var seen = new HashMap<Integer, Integer>();
      for (int position = 0; position < LENGTH; position++) {
        seen.put(position, TOKENS);
        expected -= Math.log(toy.guess(seen, position)[sequence[position]]);
        seen.put(position, sequence[position]);
      }
    }
    NoisedBatch batch = draw(new Quenched(), Noising.Times.GRID, new Linear());
    for (Objective objective :
        List.of(new NextToken(), new EpsilonCrossEntropy(1, 1e4), new HybridBound(EPSILON))) {
      assertThat(objective.sum(batch, toy).orElseThrow().item())
          .as("%s", objective)
          .isCloseTo(expected, within(1e-12));
    }
  }

  @Test
  void moreLevelsThanOneAreRefused() {
    NoisedBatch batch = draw(new BlockAnnealing(2, 3), Noising.Times.GRID, new Linear());
    assertThatThrownBy(() -> new NextToken().sum(batch, toy))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("3 levels");
  }

  @Test
  void tokensThatAreSeenAreRefused() {
    NoisedBatch continuous = draw(new Quenched(), Noising.Times.CONTINUOUS, new Linear());
    assertThatThrownBy(() -> new NextToken().sum(continuous, toy))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("next-token loss of tokens that are masked with chance 0.");
    NoisedBatch leaking = draw(new Quenched(), Noising.Times.GRID, new LogLinear(0.005));
    assertThatThrownBy(() -> new NextToken().sum(leaking, toy))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("chance 0.995");
  }

  private NoisedBatch draw(
      Hyperschedule hyperschedule, Noising.Times times, NoiseSchedule schedule) {
    var noising =
        new Noising(
            hyperschedule,
            times,
            new CausalContext(),
            new Noise(new EpsilonHybrid(EPSILON), schedule),
            new Corruption(TOKENS, TOKENS));
    return noising.draw(sequences, new Noising.Draws(new Rng(2), 0, 0, 2));
  }
}

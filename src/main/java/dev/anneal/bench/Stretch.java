package dev.anneal.bench;

import dev.anneal.attention.CausalContext;
import dev.anneal.model.Denoiser;
import dev.anneal.noise.EpsilonHybrid;
import dev.anneal.noise.Noise;
import dev.anneal.sample.AdaptiveCorrection;
import dev.anneal.sample.Decoding;
import dev.anneal.sample.Draft;
import dev.anneal.sample.GenerationStep;
import dev.anneal.sample.Generator;
import dev.anneal.sample.Listener;
import dev.anneal.sample.Request;
import dev.anneal.sample.TokenChoice;
import dev.anneal.schedule.Hyperschedule;
import dev.anneal.schedule.Linear;
import dev.anneal.schedule.Partition;
import dev.anneal.schedule.SettlingOrder;
import dev.anneal.tensor.Rng;

/**
 * Successive calls out of a generation, to be timed: a text of random tokens is put into the state
 * before them. One call more is made first, which fills the cache and does not count.
 *
 * @param hyperschedule how the text is generated
 * @param length of the text
 * @param first the call before those that are timed
 * @param calls how many are timed
 */
public record Stretch(Hyperschedule hyperschedule, int length, int first, int calls) {

  private static final Noise NOISE = new Noise(new EpsilonHybrid(0.01), new Linear());
  private static final Rng RNG = new Rng(1);

  /** The calls from the state on in which the first {@code settled} tokens are settled. */
  public static Stretch after(int settled, Hyperschedule hyperschedule, int length, int calls) {
    int state = 0;
    while (hyperschedule.level(state, settled - 1) > 0) {
      state++;
    }
    return new Stretch(hyperschedule, length, state - 1, calls);
  }

  /**
   * How fast these calls are, in tokens a second. A token takes as many calls as there are levels,
   * so a call does that part of the work for each token that is active in it.
   */
  public double tokensPerSecond(Denoiser denoiser, int batch, Request.Caching caching) {
    var decoding =
        new Decoding(
            hyperschedule,
            new CausalContext(),
            NOISE,
            new AdaptiveCorrection(0.1),
            TokenChoice.PLAIN);
    var request = new Request(draft(denoiser.tokens(), batch), decoding, RNG, 0, caching);
    var stopwatch = new Stopwatch();
    new Generator(denoiser).generate(request, stopwatch);
    return batch * stopwatch.tokens / stopwatch.seconds;
  }

  /** The state before the first call, in which one token at least waits to be drawn. */
  private Draft draft(int tokens, int batch) {
    Partition partition = hyperschedule.partition(first, length);
    int[][] texts = new int[batch][length];
    for (int sequence = 0; sequence < batch; sequence++) {
      Rng.Stream random = RNG.stream(Rng.Purpose.ORDER, sequence, 0);
      Rng.Stream fates = RNG.stream(Rng.Purpose.FATE, sequence, 0);
      for (int position = 0; position < length; position++) {
        boolean blank =
            position == partition.settled()
                || fates.uniform(position) < partition.timeBefore(position);
        texts[sequence][position] = blank ? Draft.BLANK : random.below(tokens, position);
      }
    }
    return new Draft(SettlingOrder.prompt(length, 0), texts, first);
  }

  private final class Stopwatch implements Listener {
    private long start;
    private double seconds;
    private double tokens;

    @Override
    public Verdict onStep(GenerationStep step) {
      Partition partition = step.partition();
      if (partition.step() == first) {
        start = System.nanoTime();
        return Verdict.CONTINUE;
      }
      tokens += partition.active() / (double) hyperschedule.levels();
      if (partition.step() < first + calls) {
        return Verdict.CONTINUE;
      }
      seconds = (System.nanoTime() - start) / 1e9;
      return Verdict.STOP;
    }
  }
}

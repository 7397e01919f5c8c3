package dev.anneal.objective;

import dev.anneal.attention.Aligned;
import dev.anneal.attention.Alignment;
import dev.anneal.attention.SettledContext;
import dev.anneal.noise.Corruption;
import dev.anneal.noise.Noise;
import dev.anneal.schedule.Hyperschedule;
import dev.anneal.schedule.Partition;
import dev.anneal.schedule.SettlingOrder;
import dev.anneal.task.Example;
import dev.anneal.tensor.Rng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Turns clean sequences into a window to learn from: draws calls of the hyperschedule, corrupts the
 * tokens that are active in them, and lays clean and noised tokens out side by side.
 *
 * <p>A token is active in exactly 𝒯 = levels successive calls, so the calls o, o + 𝒯, o + 2𝒯 …
 * share no token and together hold each token once. With o drawn uniformly each token is seen at a
 * uniform level, and one window {@code [clean ‖ noised]} trains all of them: the paper's two-stream
 * mask, for any hyperschedule. Where a settled token would look into a slice (a block-causal
 * context that the slices cut), single calls, {@code [settled ‖ active]}, are drawn instead.
 *
 * @param hyperschedule whose calls are drawn
 * @param times which diffusion times stand for a level
 * @param alignment which output guesses which token
 * @param context what clean tokens look at
 * @param noise what corrupts the active tokens
 * @param corruption how, over which tokens
 * @param infill the share of sequences of which only some gaps are unknown, 0 … 1; the
 *     hyperschedule then acts on the tokens of the gaps, as in generation. An example that says
 *     what is known of it keeps its own gaps.
 * @param streams how many calls a window holds
 */
public record Noising(
    Hyperschedule hyperschedule,
    Times times,
    Alignment alignment,
    SettledContext context,
    Noise noise,
    Corruption corruption,
    double infill,
    Streams streams) {

  public Noising {
    if (!(infill >= 0 && infill <= 1)) {
      throw new IllegalArgumentException("infill %s: expected 0 … 1".formatted(infill));
    }
    if (infill > 0 && !(alignment instanceof Aligned)) {
      throw new IllegalArgumentException(
          "infill %s with shifted outputs: expected 0, as they cannot fill gaps".formatted(infill));
    }
  }

  /** Aligned outputs, nothing known from the start, as many calls in a window as fit. */
  public Noising(
      Hyperschedule hyperschedule,
      Times times,
      SettledContext context,
      Noise noise,
      Corruption corruption) {
    this(hyperschedule, times, new Aligned(), context, noise, corruption, 0, Streams.TWO);
  }

  /** How many calls a training window holds. */
  public enum Streams {
    /** {@code [settled ‖ active]}: one drawn call a sequence. */
    ONE,
    /** {@code [clean ‖ noised]}: calls that hold each token once, where that disturbs nothing. */
    TWO
  }

  /** Which diffusion times stand for the level of a token before a call. */
  public enum Times {
    /** Those of the generation steps, (level + 1)/levels. */
    GRID,
    /** Those of the state after the call: 0 of a token that settles, just before it does. */
    AFTER,
    /** Uniform between the level after and the level before, so that any number of levels fits. */
    CONTINUOUS
  }

  /**
   * Which draws a batch takes.
   *
   * @param rng the run's chance
   * @param step the training step
   * @param first the number of the first sequence within the step
   * @param total how many sequences the step has, over which the drawn calls are stratified
   */
  public record Draws(Rng rng, long step, int first, int total) {

    /** Uniform in [0, 1), one stratum a sequence, the strata shifted together. */
    double call(int sequence) {
      double shift = rng.uniform(Rng.Purpose.TIME, 0, step, 0);
      double stratified = shift + (first + sequence) / (double) total;
      return stratified - Math.floor(stratified);
    }

    Rng.Stream stream(Rng.Purpose purpose, int sequence) {
      return rng.stream(purpose, first + sequence, step);
    }
  }

  /** What a token at the top level has to show. */
  Alignment.TopLevel topLevel() {
    return noise.goesOnScattering() ? Alignment.TopLevel.SHOWN : Alignment.TopLevel.BLANK;
  }

  /** The same with another share of infill. */
  public Noising withInfill(double share) {
    return new Noising(hyperschedule, times, alignment, context, noise, corruption, share, streams);
  }

  /** The same with another convention of outputs. */
  public Noising withAlignment(Alignment other) {
    return new Noising(hyperschedule, times, other, context, noise, corruption, infill, streams);
  }

  /** The same, seen at other times. */
  Noising withTimes(Times other) {
    return new Noising(
        hyperschedule, other, alignment, context, noise, corruption, infill, streams);
  }

  /** The same under another noise. */
  Noising withNoise(Noise other) {
    return new Noising(
        hyperschedule, times, alignment, context, other, corruption, infill, streams);
  }

  /** The same with other windows. */
  public Noising withStreams(Streams other) {
    return new Noising(hyperschedule, times, alignment, context, noise, corruption, infill, other);
  }

  /** As a whole text is generated: at the times of the generation steps, nothing known. */
  public Noising asGenerated() {
    return new Noising(
        hyperschedule, Times.GRID, alignment, context, noise, corruption, 0, streams);
  }

  /**
   * Noises a batch.
   *
   * @param sequences clean real tokens [batch][position]
   * @param draws the chance to use
   */
  public NoisedBatch draw(int[][] sequences, Draws draws) {
    return draw(sequences, draws, Seen.ALL);
  }

  /**
   * Noises a batch of examples.
   *
   * @param examples clean real tokens, all as many, and what is known of them
   * @param draws the chance to use
   */
  public NoisedBatch draw(List<Example> examples, Draws draws) {
    return draw(examples, draws, Seen.ALL);
  }

  /**
   * Noises a batch of which only some rows are to be seen. Calls are drawn as often as they hold
   * such rows and weighted against it ({@link NoisedRow.Call#share}), so that the expected weighted
   * sum over these rows is as if all were drawn alike.
   *
   * @param sequences clean real tokens [batch][position]
   * @param draws the chance to use
   * @param seen the rows that the batch has
   */
  public NoisedBatch draw(int[][] sequences, Draws draws, Seen seen) {
    return draw(Arrays.stream(sequences).map(Example::text).toList(), draws, seen);
  }

  private NoisedBatch draw(List<Example> examples, Draws draws, Seen seen) {
    var layouts = new ArrayList<SequenceLayout>();
    for (int i = 0; i < examples.size(); i++) {
      SettlingOrder order = order(examples.get(i), i, draws);
      CallDraw drawn = CallDraw.of(choices(order), seen, hyperschedule.levels(), draws.call(i));
      layouts.add(new SequenceLayout(this, examples.get(i).tokens(), order, drawn));
    }
    return NoisedBatch.of(layouts, draws, seen);
  }

  private SettlingOrder order(Example example, int index, Draws draws) {
    int length = example.length();
    if (!example.known().isEmpty()) {
      return SettlingOrder.infill(example.known(), length);
    }
    if (infill == 0) {
      return SettlingOrder.prompt(length, 0);
    }
    Rng.Stream chance = draws.stream(Rng.Purpose.KNOWN, index);
    return chance.uniform(0) < infill
        ? GapDraw.order(length, chance)
        : SettlingOrder.prompt(length, 0);
  }

  /** What to draw from: the tilings, or the single calls where slices would disturb the context. */
  private List<List<Partition>> choices(SettlingOrder order) {
    int steps = hyperschedule.steps(order.unknown());
    var tilings = new ArrayList<List<Partition>>();
    IntStream.range(0, hyperschedule.levels()).forEach(_ -> tilings.add(new ArrayList<>()));
    var singles = new ArrayList<List<Partition>>();
    boolean cut = streams == Streams.ONE;
    for (int step = 0; step < steps; step++) {
      Partition call = hyperschedule.partition(step, order.unknown());
      if (call.active() > 0) {
        int settled = order.known() + call.settled();
        cut |= context.cacheable(settled) != settled;
        tilings.get(step % hyperschedule.levels()).add(call);
        singles.add(List.of(call));
      }
    }
    return cut ? singles : tilings;
  }
}

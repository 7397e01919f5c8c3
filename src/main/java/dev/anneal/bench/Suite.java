package dev.anneal.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * All comparisons that need nothing but Anneal. A round measures every part once, each in processes
 * of its own, so that what disturbs the machine for a while disturbs all parts alike.
 */
public final class Suite {
  private final List<Part> parts;
  private final int rounds;

  private Suite(List<Part> parts, int rounds) {
    this.parts = parts;
    this.rounds = rounds;
    if (rounds < 1) {
      throw new IllegalArgumentException("rounds %d: expected at least 1".formatted(rounds));
    }
  }

  /** The comparisons of docs/results/speed.md: several minutes a round. */
  public static Suite whole(int rounds) {
    List<String> steps = List.of("--length", "512", "--batch", "4", "--steps", "3");
    return new Suite(
        List.of(
            new Calibration(),
            new TrainingPart("flat", steps, List.of("--hyperschedule", "flat")),
            new TrainingPart("block 128", steps, windowed("block", 128)),
            new TrainingPart("block 32", steps, windowed("block", 32)),
            new TrainingPart("slide 32", steps, windowed("slide", 32)),
            new GenerationPart(List.of("--rounds", "1")),
            new ServicePart(List.of("--rounds", "1")),
            new StartPart(3)),
        rounds);
  }

  /** A selection of them in two minutes or less, if the machine is idle. */
  public static Suite quick(int rounds) {
    List<String> steps =
        List.of("--length", "512", "--batch", "2", "--steps", "2", "--warm-up", "1");
    return new Suite(
        List.of(
            new Calibration(),
            new TrainingPart("flat", steps, List.of("--hyperschedule", "flat")),
            new TrainingPart("block 32", steps, windowed("block", 32)),
            new GenerationPart(List.of("--quick")),
            new ServicePart(List.of("--rounds", "1", "--requests", "1", "--length", "24")),
            new StartPart(1)),
        rounds);
  }

  private static List<String> windowed(String hyperschedule, int width) {
    return List.of("--hyperschedule", hyperschedule, "--width", Integer.toString(width));
  }

  /** Some parts, for tests. */
  static Suite of(List<Part> parts, int rounds) {
    return new Suite(parts, rounds);
  }

  /**
   * Measures everything; a part that fails is a row that says why.
   *
   * @param progress is told what is measured, and every number
   */
  public List<Row> run(Program program, Consumer<String> progress) throws InterruptedException {
    var readings = new Readings(progress);
    var failed = new ArrayList<Part>();
    for (int round = 1; round <= rounds; round++) {
      for (Part part : parts) {
        if (failed.contains(part)) {
          continue;
        }
        progress.accept("round %d of %d: %s …".formatted(round, rounds, part.name()));
        try {
          part.measure(program, readings);
        } catch (IOException e) {
          failed.add(part);
          readings.lack(Contest.open(part.name(), "", ""), String.valueOf(e.getMessage()));
        }
      }
    }
    return readings.rows();
  }
}

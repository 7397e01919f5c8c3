package dev.anneal.sample;

import java.util.List;
import java.util.Optional;

/**
 * What came of runs that went forward together.
 *
 * @param steps the step of each run in turn; empty where the model is to be asked again before the
 *     step is made
 * @param calls of the model that it took
 */
public record Advance(List<Optional<GenerationStep>> steps, List<SharedCall> calls) {

  /** Copies the lists. */
  public Advance {
    steps = List.copyOf(steps);
    calls = List.copyOf(calls);
  }
}

package dev.anneal.evaluate;

import dev.anneal.evaluate.SampleProtocol.Definition;
import dev.anneal.tensor.Rng;
import java.util.Optional;

/**
 * What generated texts are judged by.
 *
 * @param judge absent if there is none
 * @param people texts to compare with; absent if there are none
 * @param definition which of the judge's perplexities are asked for
 * @param rng where the clusters of {@link Mauve} start
 * @param replay what the judge has said already
 */
public record Judging(
    Optional<Judge> judge, Optional<People> people, Definition definition, Rng rng, Replay replay) {

  /** By a judge alone. */
  public static Judging by(Judge judge) {
    return new Judging(
        Optional.of(judge), Optional.empty(), Definition.BOTH, new Rng(0), Replay.none());
  }

  /** By nobody. */
  public static Judging none() {
    return new Judging(
        Optional.empty(), Optional.empty(), Definition.BOTH, new Rng(0), Replay.none());
  }
}

package dev.anneal.sample;

import dev.anneal.schedule.Hyperschedule;
import dev.anneal.schedule.Partition;
import dev.anneal.tensor.Rng;

/**
 * What {@link Generator#generate} is asked for.
 *
 * <p>A text depends on its draft, the decoding, the seed and its own number, not on the other texts
 * or on the cache.
 *
 * @param draft what is known of the texts
 * @param decoding how they are generated
 * @param rng the chance
 * @param firstSequence the number of the first text; those after it count on from there
 * @param caching whether to keep the keys and values of settled tokens
 * @param telling what a step says of its changes; it changes no text
 */
public record Request(
    Draft draft, Decoding decoding, Rng rng, long firstSequence, Caching caching, Telling telling) {

  /** What becomes of the keys and values of settled tokens. */
  public enum Caching {
    /** They are kept, so that a call computes those of its window only. */
    CACHED,
    /** Every call computes those of the whole text anew. */
    UNCACHED
  }

  /** What a {@link GenerationStep} says of its changes. */
  public enum Telling {
    /** Where, what and of which kind they are. */
    CHANGES,
    /** How sure the guesses were, too. */
    CONFIDENCE
  }

  /** Checks that the draft starts at a state of the hyperschedule, with all its settled tokens. */
  public Request {
    decoding.alignment().requireFit(draft.order());
    int steps = steps(draft, decoding.hyperschedule());
    if (draft.step() > steps) {
      throw new IllegalArgumentException(
          "the draft starts at step %d: expected at most %d, the steps of %s for %d positions"
              .formatted(draft.step(), steps, decoding.hyperschedule(), draft.order().unknown()));
    }
    draft.requireTokens(settled(draft, decoding.hyperschedule(), draft.step()), "is settled");
    if (decoding.noise().prior().masked() == 0) {
      int levels = decoding.hyperschedule().levels();
      draft.requireTokens(
          placesBelow(levels, draft, decoding.hyperschedule(), draft.step()), "is never masked");
    }
  }

  /** Steps say no more than what they change. */
  public Request(Draft draft, Decoding decoding, Rng rng, long firstSequence, Caching caching) {
    this(draft, decoding, rng, firstSequence, caching, Telling.CHANGES);
  }

  /** The same request, whose steps say how sure the guesses were. */
  public Request tellingConfidence() {
    return new Request(draft, decoding, rng, firstSequence, caching, Telling.CONFIDENCE);
  }

  /** The same request for other texts. */
  Request withDraft(Draft other) {
    return new Request(other, decoding, rng, firstSequence, caching, telling);
  }

  /** How many steps the hyperschedule takes from the very start. */
  public int steps() {
    return steps(draft, decoding.hyperschedule());
  }

  /** How many tokens of the settling order are final in a state, known ones included. */
  int settled(int state) {
    return settled(draft, decoding.hyperschedule(), state);
  }

  /** The draws of one purpose for one text of the draft in one call, by position. */
  Rng.Stream stream(Rng.Purpose purpose, int sequence, Partition partition) {
    return rng.stream(purpose, firstSequence + sequence, partition.step());
  }

  private static int steps(Draft draft, Hyperschedule hyperschedule) {
    int unknown = draft.order().unknown();
    return unknown == 0 ? 0 : hyperschedule.steps(unknown);
  }

  private static int settled(Draft draft, Hyperschedule hyperschedule, int state) {
    return placesBelow(1, draft, hyperschedule, state);
  }

  /** How many places of the settling order are less noisy than a level, the known ones included. */
  private static int placesBelow(int level, Draft draft, Hyperschedule hyperschedule, int state) {
    int length = draft.order().unknown();
    int rank = 0;
    while (rank < length && hyperschedule.level(state, rank) < level) {
      rank++;
    }
    return draft.order().known() + rank;
  }
}

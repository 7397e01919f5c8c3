package dev.anneal.sample;

import dev.anneal.schedule.Partition;
import dev.anneal.tensor.Rng;
import java.util.ArrayList;
import java.util.List;

/**
 * What one call draws, decided before any guess is seen.
 *
 * <p>A draw from {@code (1 − share)·guess + share·uniform} is uniform with chance {@code share}, so
 * such a token needs no guess, and is set at once.
 */
final class Plan {
  private final Request request;
  private final Partition partition;
  private final int realTokens;
  private final List<Transition> transitions = new ArrayList<>(); // [active rank]
  private final List<Draw> draws = new ArrayList<>();

  Plan(Request request, Partition partition, int realTokens) {
    this.request = request;
    this.partition = partition;
    this.realTokens = realTokens;
    for (int rank = partition.settled(); rank < partition.end(); rank++) {
      transitions.add(Transition.of(request.decoding().noise(), partition, rank));
    }
  }

  /**
   * A token to be drawn from a guess.
   *
   * @param sequence the text
   * @param position its place in the text
   * @param chance uniform in [0, 1)
   */
  record Draw(int sequence, int position, double chance) {}

  /** The draws from guesses that were decided. */
  List<Draw> draws() {
    return draws;
  }

  /** Decides for one text [position], and sets those tokens in it that need no guess. */
  void decide(int sequence, int[] text) {
    Rng.Stream events = stream(Rng.Purpose.EVENT, sequence);
    Rng.Stream chances = stream(Rng.Purpose.TOKEN, sequence);
    for (int rank = partition.settled(); rank < partition.end(); rank++) {
      int position = request.draft().position(rank);
      Transition transition = transitions.get(rank - partition.settled());
      double chance = chances.uniform(position);
      switch (action(text[position], transition, events.uniform(position))) {
        case KEEP -> {}
        case GUESS -> draws.add(new Draw(sequence, position, chance));
        case NOISY_GUESS -> {
          double share = transition.uniformShare();
          if (chance < share) {
            text[position] = (int) (chance / share * realTokens);
          } else {
            draws.add(new Draw(sequence, position, (chance - share) / (1 - share)));
          }
        }
      }
    }
  }

  private Action action(int token, Transition transition, double event) {
    Sampler sampler = request.decoding().sampler();
    return token == realTokens // the mask's id
        ? sampler.onMask(transition, event)
        : sampler.onToken(transition, event);
  }

  private Rng.Stream stream(Rng.Purpose purpose, int sequence) {
    return request.rng().stream(purpose, request.firstSequence() + sequence, partition.step());
  }
}

package dev.anneal.sample;

import dev.anneal.schedule.Partition;
import dev.anneal.tensor.Rng;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * What one call does to the texts, decided before any guess is seen.
 *
 * <p>A draw of known shares that does not fall to the guess needs none, and is made at once.
 */
final class Plan {
  private final Request request;
  private final Partition partition;
  private final int mask;
  private final List<Transition> transitions = new ArrayList<>(); // [active rank]
  private final List<Pending> pending = new ArrayList<>();

  Plan(Request request, Partition partition, int mask) {
    this.request = request;
    this.partition = partition;
    this.mask = mask;
    for (int rank = partition.settled(); rank < partition.end(); rank++) {
      transitions.add(Transition.of(request.decoding().noise(), partition, rank));
    }
  }

  /**
   * The tokens that wait for their guesses, in the order of their turns: those of a round are drawn
   * together, and are the next of each text.
   */
  List<List<Pending>> rounds() {
    var turns = new TreeMap<Integer, TreeMap<Double, List<Pending>>>(); // by sequence and turn
    for (Pending token : pending) {
      turns
          .computeIfAbsent(token.sequence(), _ -> new TreeMap<>())
          .computeIfAbsent(token.turn(), _ -> new ArrayList<>())
          .add(token);
    }
    var rounds = new ArrayList<List<Pending>>();
    for (var ofSequence : turns.values()) {
      int round = 0;
      for (List<Pending> together : ofSequence.values()) {
        if (round == rounds.size()) {
          rounds.add(new ArrayList<>());
        }
        rounds.get(round++).addAll(together);
      }
    }
    return rounds;
  }

  /** Decides for one text [position], and sets those tokens in it that need no guess. */
  void decide(int sequence, int[] text) {
    Rng.Stream events = request.stream(Rng.Purpose.EVENT, sequence, partition);
    Rng.Stream chances = request.stream(Rng.Purpose.TOKEN, sequence, partition);
    for (int rank = partition.settled(); rank < partition.end(); rank++) {
      int position = request.draft().position(rank);
      Transition transition = transitions.get(rank - partition.settled());
      double chance = chances.uniform(position);
      double event = events.uniform(position);
      switch (action(text[position], transition, event)) {
        case Action.Keep() -> {}
        case Action.Mask() -> text[position] = mask;
        case Action.Draw(var shares) when !shares.asksTheGuess(chance) ->
            text[position] = shares.token(chance, text[position], mask);
        case Action.Drawn drawn -> {
          double turn = request.decoding().sampler().turn(transition, event);
          pending.add(new Pending(sequence, position, drawn, chance, turn));
        }
      }
    }
  }

  private Action action(int token, Transition transition, double event) {
    Sampler sampler = request.decoding().sampler();
    return token == mask ? sampler.onMask(transition, event) : sampler.onToken(transition, event);
  }
}

package dev.anneal.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A row of the table: the readings of all rounds, or why there are none.
 *
 * @param contest what it is about
 * @param ours Anneal's number of each round
 * @param theirs the rival's of each round; empty if there is no rival
 * @param reason why it could not be measured, if it could not
 */
public record Row(
    Contest contest, List<Double> ours, List<Double> theirs, Optional<String> reason) {

  /** Checks that there are numbers, or a reason. */
  public Row {
    ours = List.copyOf(ours);
    theirs = List.copyOf(theirs);
    if (ours.isEmpty() == reason.isEmpty()) {
      throw new IllegalArgumentException(
          "%s: expected numbers or a reason, and not both".formatted(contest.what()));
    }
    if (!theirs.isEmpty() && theirs.size() != ours.size()) {
      throw new IllegalArgumentException(
          "%s: %d numbers against %d: expected as many"
              .formatted(contest.what(), ours.size(), theirs.size()));
    }
  }

  /** Ours over the rival's, round by round; absent if there is no rival. */
  public Optional<Spread> ratio() {
    if (theirs.isEmpty()) {
      return Optional.empty();
    }
    var ratios = new ArrayList<Double>();
    for (int round = 0; round < ours.size(); round++) {
      ratios.add(ours.get(round) / theirs.get(round));
    }
    return Optional.of(Spread.of(ratios));
  }

  /** Whether the goal is reached; absent if there is none, or nothing could be measured. */
  public Optional<Boolean> reached() {
    if (ours.isEmpty()) {
      return Optional.empty();
    }
    OptionalDouble ratio =
        ratio().map(spread -> OptionalDouble.of(spread.median())).orElse(OptionalDouble.empty());
    return contest.goal().map(goal -> goal.isReached(Spread.of(ours).median(), ratio));
  }

  /** The row for JSON; what is not there is left out. */
  public Map<String, Object> json() {
    var json = new LinkedHashMap<String, Object>();
    json.put("what", contest.what());
    json.put("unit", contest.unit());
    if (!ours.isEmpty()) {
      json.put("ours", ours);
    }
    if (!theirs.isEmpty()) {
      json.put("rival", contest.rival());
      json.put("rivals", theirs);
    }
    ratio().ifPresent(ratio -> json.put("ratio", ratio));
    contest.goal().ifPresent(goal -> json.put("target", goal.words()));
    reached().ifPresent(reached -> json.put("reached", reached));
    reason.ifPresent(why -> json.put("not_measured", why));
    return json;
  }
}

package dev.anneal.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** The numbers of all rounds as they come in; rows stand in the order in which they came first. */
final class Readings {
  private final Map<Contest, List<Double>> ours = new LinkedHashMap<>();
  private final Map<Contest, List<Double>> theirs = new LinkedHashMap<>();
  private final Map<Contest, String> lacking = new LinkedHashMap<>();
  private final Consumer<String> progress;

  /**
   * None yet.
   *
   * @param progress is told every number
   */
  Readings(Consumer<String> progress) {
    this.progress = progress;
  }

  /** A number and the rival's. */
  void put(Contest contest, double own, double rival) {
    theirs.computeIfAbsent(contest, _ -> new ArrayList<>()).add(rival);
    ours.computeIfAbsent(contest, _ -> new ArrayList<>()).add(own);
    progress.accept(
        "%s: %s %s, %s: %s"
            .formatted(
                contest.what(),
                Numbers.measured(own),
                contest.unit(),
                contest.rival(),
                Numbers.measured(rival)));
  }

  /** A number without a rival. */
  void put(Contest contest, double own) {
    ours.computeIfAbsent(contest, _ -> new ArrayList<>()).add(own);
    progress.accept("%s: %s %s".formatted(contest.what(), Numbers.measured(own), contest.unit()));
  }

  /** What cannot be measured, and why. */
  void lack(Contest contest, String reason) {
    ours.putIfAbsent(contest, new ArrayList<>());
    lacking.putIfAbsent(contest, reason);
    progress.accept("%s: not measured, %s".formatted(contest.what(), reason));
  }

  /** The table; what one round at least has measured is measured. */
  List<Row> rows() {
    var rows = new ArrayList<Row>();
    ours.forEach(
        (contest, numbers) ->
            rows.add(
                new Row(
                    contest,
                    numbers,
                    theirs.getOrDefault(contest, List.of()),
                    numbers.isEmpty()
                        ? Optional.ofNullable(lacking.get(contest))
                        : Optional.empty())));
    return rows;
  }
}

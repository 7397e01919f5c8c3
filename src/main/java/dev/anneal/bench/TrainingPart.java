package dev.anneal.bench;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Training steps of Anneal against the dense way, each in a process of its own: tokens a second,
 * and the most memory.
 *
 * @param window the hyperschedule, as the table names it
 * @param size options that give the size of the work
 * @param hyperschedule options that give the hyperschedule
 */
record TrainingPart(String window, List<String> size, List<String> hyperschedule) implements Part {
  private static final Goal TWICE = new Goal.Times(2);
  private static final String RIVAL = "dense way";

  @Override
  public String name() {
    return "training, " + window;
  }

  @Override
  public void measure(Program program, Readings readings) throws IOException, InterruptedException {
    JsonNode ours = program.report(words(TrainingWay.Name.ANNEAL));
    JsonNode theirs = program.report(words(TrainingWay.Name.DENSE));
    readings.put(
        Contest.to(TWICE, name(), "tokens/s", RIVAL),
        ours.path("tokens_per_second").asDouble(),
        theirs.path("tokens_per_second").asDouble());
    var memory = Contest.open(name() + ", peak memory", "MB", RIVAL);
    double own = ours.path("peak_mb").asDouble();
    double dense = theirs.path("peak_mb").asDouble();
    if (own > 0 && dense > 0) {
      readings.put(memory, own, dense);
    } else {
      readings.lack(memory, "the system does not tell it");
    }
  }

  private List<String> words(TrainingWay.Name way) {
    String name = way.name().toLowerCase(Locale.ROOT);
    return Stream.of(List.of("bench", "training", "--json", "--way", name), size, hyperschedule)
        .flatMap(List::stream)
        .toList();
  }
}

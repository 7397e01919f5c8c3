package dev.anneal.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The time from the start of {@code anneal generate}, with the bundled model, to the first settled
 * token.
 *
 * @param starts of a round, whose median counts
 */
record StartPart(int starts) implements Part {
  private static final Contest CONTEST =
      Contest.to(new Goal.AtMost(1.5), "start, until the first token", "s", "");

  @Override
  public String name() {
    return "start";
  }

  @Override
  public void measure(Program program, Readings readings) throws IOException, InterruptedException {
    var seconds = new ArrayList<Double>();
    for (int start = 0; start < starts; start++) {
      seconds.add(program.untilOutput(List.of("generate", "--length", "16")).toNanos() / 1e9);
    }
    readings.put(CONTEST, Spread.of(seconds).median());
  }
}

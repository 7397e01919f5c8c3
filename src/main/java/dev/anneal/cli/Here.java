package dev.anneal.cli;

import java.io.IOException;
import java.util.List;

/** The engine that is always there: this process, one part after the other. */
record Here() implements Engine {
  static final String NAME = "here";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void run(List<Task> tasks, String master, Runnable done) throws IOException {
    if (!master.isEmpty()) {
      throw new IllegalArgumentException(
          "--master %s: expected --engine spark with it".formatted(master));
    }
    for (Task task : tasks) {
      task.run();
      done.run();
    }
  }
}

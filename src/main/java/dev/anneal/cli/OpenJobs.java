package dev.anneal.cli;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The jobs that this process has parts of: each is opened once, with one model, for all parts. */
final class OpenJobs {
  private static final Map<List<String>, Divided> JOBS = new HashMap<>();

  private OpenJobs() {}

  /** The job of a command line. */
  static synchronized Divided get(List<String> words) throws IOException {
    Divided job = JOBS.get(words);
    if (job == null) {
      job = open(words);
      JOBS.put(words, job);
    }
    return job;
  }

  private static Divided open(List<String> words) throws IOException {
    var parsed = Main.commandLine().parseArgs(words.toArray(String[]::new));
    while (parsed.hasSubcommand()) {
      parsed = parsed.subcommand();
    }
    if (parsed.commandSpec().userObject() instanceof DividedCommand command) {
      return command.job();
    }
    throw new IllegalArgumentException(
        "%s: its work cannot be divided".formatted(parsed.commandSpec().qualifiedName()));
  }

  /** Closes the job of a command line, if it is open. */
  static synchronized void close(List<String> words) {
    Divided job = JOBS.remove(words);
    if (job != null) {
      job.close();
    }
  }
}

package dev.anneal.cli;

import dev.anneal.data.Digest;
import dev.anneal.tensor.Libtorch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** The options that say where the parts of a large job are done. */
final class EngineOptions {
  private static final String SPARK = "spark";
  private static final int NAME_DIGITS = 16;

  /** Options that say where or how the work is done, and change no part's result. */
  private static final Set<String> NEUTRAL =
      Set.of(
          "--engine", "--master", "--work", "--out", "--tokens", "--report", "--json", "--verbose");

  @Option(
      names = "--engine",
      paramLabel = "NAME",
      defaultValue = Here.NAME,
      description =
          "Where the work is done: here, or spark, for Apache Spark (default: ${DEFAULT-VALUE}).")
  private String engine = Here.NAME;

  @Option(
      names = "--master",
      paramLabel = "URL",
      defaultValue = "",
      description = "Spark's master, such as spark://HOST:7077 (default: local[2]).")
  private String master = "";

  @Option(
      names = "--work",
      paramLabel = "DIR",
      description =
          "Where finished parts are kept until all are: the same command goes on after a stop. All"
              + " machines must see it (default: in the cache).")
  private @Nullable Path work;

  /** Whether something is said, so that the work is to be done in parts. */
  boolean given() {
    return !engine.equals(Here.NAME) || !master.isEmpty() || work != null;
  }

  /** What is made of a job's results, one a part, in order. */
  @FunctionalInterface
  interface Ending<J, R> {
    R of(J job, List<Path> results) throws IOException;
  }

  /**
   * Does the job of the running command: the parts that an earlier run has not done, then the
   * ending.
   *
   * @param running the command, a {@link DividedCommand}
   * @param type of its job
   * @throws IOException if a file cannot be read or written
   */
  <J extends Divided, R> R run(@Nullable CommandSpec running, Class<J> type, Ending<J, R> ending)
      throws IOException {
    CommandSpec spec = Objects.requireNonNull(running, "picocli sets it");
    Engine chosen = engine();
    List<String> words = words(spec);
    try {
      J job = type.cast(OpenJobs.get(words));
      job.check();
      Path folder = folder(spec, job);
      List<Task> tasks = tasks(words, folder, job.parts());
      Files.createDirectories(folder);
      run(chosen, tasks, Streams.of(spec));
      R result = ending.of(job, tasks.stream().map(task -> Path.of(task.file())).toList());
      delete(folder);
      return result;
    } finally {
      OpenJobs.close(words);
    }
  }

  /** Has done what is not done yet. */
  private void run(Engine chosen, List<Task> tasks, Streams streams) throws IOException {
    List<Task> missing = tasks.stream().filter(task -> !task.isDone()).toList();
    int kept = tasks.size() - missing.size();
    var done = new AtomicInteger(kept);
    try (var progress = new WorkProgress(streams, "working", "parts", tasks.size())) {
      progress.at(kept, kept);
      chosen.run(missing, master, () -> progress.at(done.incrementAndGet(), kept));
    }
  }

  private static List<Task> tasks(List<String> words, Path folder, int parts) {
    return IntStream.range(0, parts)
        .mapToObj(
            part -> new Task(words, folder.resolve("part-%06d".formatted(part)).toString(), part))
        .toList();
  }

  private Engine engine() {
    if (engine.equals(Here.NAME)) {
      return new Here();
    }
    return ServiceLoader.load(Engine.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(found -> found.name().equals(engine))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException(missing()));
  }

  private String missing() {
    return engine.equals(SPARK)
        ? "engine spark is not on the class path: expected the jars of modules/spark; ./anneal"
            + " builds and finds them by itself"
        : "unknown engine '%s': expected %s or %s".formatted(engine, Here.NAME, SPARK);
  }

  private static List<String> words(CommandSpec spec) {
    return List.copyOf(spec.root().commandLine().getParseResult().originalArgs());
  }

  /** The folder of a job's results: another job, or the same with other files, has another. */
  private Path folder(CommandSpec spec, Divided job) throws IOException {
    var all = new ArrayList<String>();
    all.add(spec.qualifiedName());
    for (OptionSpec option : spec.options()) {
      if (!NEUTRAL.contains(option.longestName())) {
        all.add(option.longestName() + "=" + option.stringValues());
      }
    }
    all.addAll(job.inputs());
    all.add(Version.number());
    String digest = Digest.of(String.join("\n", all).getBytes(StandardCharsets.UTF_8));
    Path parent = work == null ? Libtorch.cacheFolder().resolve("jobs") : work;
    return parent.toAbsolutePath().resolve(digest.substring(0, NAME_DIGITS));
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }
}

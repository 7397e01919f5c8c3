package dev.anneal.cli;

import dev.anneal.bench.Launcher;
import dev.anneal.bench.Machine;
import dev.anneal.bench.Program;
import dev.anneal.bench.Row;
import dev.anneal.bench.Suite;
import dev.anneal.bench.Table;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code anneal bench}: every comparison that needs nothing but Anneal, in one table. {@link
 * BenchTraining}, {@link BenchGenerate} and {@link BenchServe} make parts of it on their own, and
 * {@link BenchSoak} wears a service.
 */
@Command(
    name = "bench",
    subcommands = {
      BenchTraining.class,
      BenchGenerate.class,
      BenchServe.class,
      BenchSoak.class,
      BenchDevice.class
    },
    description = {
      "Measure training, generation, the service and the start against slower ways to the same, and"
          + " print one table.",
      "Each part runs in processes of its own, the parts in turn; numbers are medians of the"
          + " rounds. On an idle machine only are they worth something: the first row, calibration,"
          + " says how many cores it has now."
    })
final class Bench implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--rounds", description = "Rounds (default: 3; 1 if --quick).")
  private @Nullable Integer rounds;

  @Option(names = "--quick", description = "Fewer and smaller parts: about a minute.")
  private boolean quick;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the table with the numbers of each round to a file, too.")
  private @Nullable Path json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    int wanted = rounds == null ? (quick ? 1 : 3) : rounds;
    Suite suite = quick ? Suite.quick(wanted) : Suite.whole(wanted);
    requireFolder();
    Program program = launcher();
    Streams streams = Streams.of(spec);
    Machine machine = Machine.here();
    streams.out().println(machine.words());
    streams.out().flush();
    List<Row> rows =
        suite.run(
            program,
            words -> {
              streams.err().println(words);
              streams.err().flush();
            });
    Table.lines(rows).forEach(streams.out()::println);
    streams.out().flush();
    if (json != null) {
      Files.writeString(json, report(machine, rows) + "\n", StandardCharsets.UTF_8);
    }
    return 0;
  }

  /** Nobody is to wait for a table that cannot be written. */
  private void requireFolder() {
    Path folder = json == null ? null : json.toAbsolutePath().getParent();
    if (folder != null && !Files.isWritable(folder)) {
      throw new IllegalArgumentException(
          "--json %s: expected a file in a folder that can be written".formatted(json));
    }
  }

  private static Program launcher() {
    String home = System.getProperty("anneal.home");
    if (home == null) {
      throw new IllegalArgumentException(
          "bench starts ./anneal again for each part: expected to be started by it");
    }
    return new Launcher(Path.of(home).resolve("anneal"));
  }

  private static String report(Machine machine, List<Row> rows) {
    var report = new LinkedHashMap<String, Object>();
    report.put("machine", machine);
    report.put("rows", rows.stream().map(Row::json).toList());
    return new JsonMapper().writeValueAsString(report);
  }
}

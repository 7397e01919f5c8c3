package dev.anneal.cli;

import dev.anneal.schedule.Hyperschedule;
import dev.anneal.schedule.HyperscheduleDrawing;
import dev.anneal.schedule.Partition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code anneal inspect}: shows a hyperschedule as numbers or as a picture. */
@Command(
    name = "inspect",
    description = "Show a hyperschedule: the noise level of every position in every state.")
final class Inspect implements Callable<Integer> {

  /** What a terminal shows at once. */
  private static final int COLUMNS = 100;

  private static final int ROWS = 50;

  @Spec private @Nullable CommandSpec spec;

  @Mixin private final HyperscheduleOptions hyperschedule = new HyperscheduleOptions();

  @Option(
      names = "--length",
      paramLabel = "D",
      defaultValue = "64",
      description = "Positions of the sequence (default: ${DEFAULT-VALUE}).")
  private int length;

  @Option(names = "--svg", paramLabel = "FILE", description = "Write the picture to a file.")
  private @Nullable Path svg;

  @Option(
      names = "--json",
      description = "Print levels (a row for each state), steps and partition as one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    if (length < 1) {
      throw new IllegalArgumentException("length %d: expected at least 1".formatted(length));
    }
    Hyperschedule shown = hyperschedule.forLength(length);
    Streams streams = Streams.of(spec);
    if (svg != null) {
      Files.writeString(svg, HyperscheduleDrawing.svg(shown, length), StandardCharsets.UTF_8);
    }
    if (json) {
      streams.out().println(new JsonMapper().writeValueAsString(table(shown)));
    } else if (svg == null) {
      streams.out().print(HyperscheduleDrawing.terminal(shown, length, COLUMNS, ROWS));
    }
    streams.out().flush();
    return 0;
  }

  private Map<String, Object> table(Hyperschedule shown) {
    int steps = shown.steps(length);
    List<int[]> levels = new ArrayList<>();
    List<Map<String, Integer>> partition = new ArrayList<>();
    for (int state = 0; state <= steps; state++) {
      int[] row = new int[length];
      for (int position = 0; position < length; position++) {
        row[position] = shown.level(state, position);
      }
      levels.add(row);
      if (state < steps) {
        partition.add(described(shown.partition(state, length)));
      }
    }
    var table = new LinkedHashMap<String, Object>();
    table.put("levels", levels);
    table.put("steps", steps);
    table.put("partition", partition);
    return table;
  }

  private static Map<String, Integer> described(Partition call) {
    var described = new LinkedHashMap<String, Integer>();
    described.put("settled", call.settled());
    described.put("active", call.active());
    described.put("worthless", call.worthless());
    return described;
  }
}

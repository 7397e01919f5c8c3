package dev.anneal.cli;

import dev.anneal.study.Comparison;
import dev.anneal.study.Evidence;
import dev.anneal.study.ReportPage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code anneal compare}: puts training runs and reports side by side. */
@Command(
    name = "compare",
    description = {
      "Put training runs and reports side by side: settings that differ, tokens seen, bounds on"
          + " held-out text, figures.",
      "A study's folder stands for all of its runs and reports."
    })
final class Compare implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "RUN",
      description = "Folders of training runs, reports and studies.")
  private List<Path> folders = List.of();

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Write a page with tables and pictures, too.")
  private @Nullable Path html;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Evidence evidence = Evidence.in(folders);
    var comparison = new Comparison(evidence);
    if (html != null) {
      Files.writeString(html, ReportPage.html("Comparison", evidence), StandardCharsets.UTF_8);
    }
    Streams streams = Streams.of(spec);
    if (json) {
      streams.out().println(new JsonMapper().writeValueAsString(comparison.json()));
    } else {
      comparison
          .tables()
          .forEach(table -> streams.out().println(table.title() + "\n\n" + table.markdown()));
    }
    streams.out().flush();
    return 0;
  }
}

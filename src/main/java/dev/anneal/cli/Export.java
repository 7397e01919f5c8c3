package dev.anneal.cli;

import dev.anneal.store.published.HdlmExport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code anneal export}: turns an Anneal model into a folder of the official HDLM code. */
@Command(
    name = "export",
    description = {
      "Write an ε- or γ-hybrid model in the layout of the official HDLM code.",
      "anneal import brings it back, bit for bit."
    })
final class Export implements Callable<Integer> {

  @Parameters(index = "0", paramLabel = "SRC", description = "An Anneal model folder.")
  private Path source = Path.of("");

  @Parameters(index = "1", paramLabel = "DST", description = "The folder to make.")
  private Path target = Path.of("");

  @Override
  public Integer call() throws IOException {
    HdlmExport.run(source, target);
    return 0;
  }
}

package dev.anneal.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Where a command writes.
 *
 * @param out results
 * @param err progress, logs and failures
 * @param terminal true if a person watches the progress
 */
record Streams(PrintWriter out, PrintWriter err, boolean terminal) {

  /** The streams of a running command. */
  @SuppressWarnings("SystemConsoleNull") // true of JDK 25, but its annotations say otherwise
  static Streams of(@Nullable CommandSpec spec) {
    var line = Objects.requireNonNull(spec, "picocli sets it").commandLine();
    @Nullable Console console = System.console();
    boolean terminal = console != null && console.isTerminal();
    return new Streams(line.getOut(), line.getErr(), terminal);
  }
}

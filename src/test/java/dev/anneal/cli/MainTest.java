package dev.anneal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

class MainTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  /** A command that fails as it is told. */
  @Command(name = "stumble", description = "Fails.")
  static final class Stumble implements Runnable {
    @Option(names = "--width")
    int width = 1;

    @Override
    public void run() {
      if (width < 1) {
        throw new IllegalArgumentException("width is " + width + "; expected at least 1");
      }
      if (width > 9) {
        throw new OutOfMemoryError("Java heap space");
      }
      throw new IllegalStateException("stumbled");
    }
  }

  private int run(String... arguments) {
    CommandLine commandLine = Main.commandLine();
    commandLine.addSubcommand(new Stumble());
    commandLine.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return Main.run(commandLine, arguments);
  }

  @Test
  void withoutACommandTheUsageGoesToStandardError() {
    assertThat(run()).isEqualTo(2);
    assertThat(err.toString()).contains("Usage: anneal");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void helpGoesToStandardOutput() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).contains("Usage: anneal").contains("stumble");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void everyCommandHasHelp() {
    assertThat(run("stumble", "--help")).isZero();
    assertThat(out.toString()).contains("Usage: anneal stumble").contains("--width");
  }

  @Test
  void whatNoCommandForeseesIsNotSilent() {
    assertThat(run("stumble", "--width", "10")).isEqualTo(1);
    assertThat(err.toString())
        .startsWith("anneal: OutOfMemoryError: Java heap space")
        .contains("at dev.anneal.cli.MainTest");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void theVersionIsPrinted() {
    assertThat(run("--version")).isZero();
    assertThat(out.toString()).startsWith("anneal ");
  }

  @Test
  void anUnknownCommandIsAnsweredWithANearOne() {
    assertThat(run("stumbel")).isEqualTo(2);
    assertThat(err.toString().lines())
        .containsExactly(
            "anneal: Unmatched argument at index 0: 'stumbel'; did you mean stumble?"
                + " (see anneal --help)");
  }

  @Test
  void aMissingCommandIsAskedFor() {
    assertThat(run("--verbose")).isEqualTo(2);
    assertThat(err.toString().lines())
        .containsExactly("anneal: Missing required subcommand (see anneal --help)");
  }

  @Test
  void anIllTypedOptionIsBadInput() {
    assertThat(run("stumble", "--width", "wide")).isEqualTo(2);
    assertThat(err.toString().lines())
        .containsExactly(
            "anneal: Invalid value for option '--width': 'wide' is not an int"
                + " (see anneal stumble --help)");
  }

  @Test
  void badInputIsOneLine() {
    assertThat(run("stumble", "--width", "0")).isEqualTo(2);
    assertThat(err.toString().lines()).containsExactly("anneal: width is 0; expected at least 1");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void aFailedJobIsOneLine() {
    assertThat(run("stumble")).isEqualTo(1);
    assertThat(err.toString().lines()).containsExactly("anneal: stumbled");
  }

  @Test
  void verboseAddsTheStackTraceBeforeOrAfterTheCommand() {
    assertThat(run("--verbose", "stumble")).isEqualTo(1);
    assertThat(run("stumble", "--verbose")).isEqualTo(1);
    assertThat(err.toString().lines().filter(line -> line.contains("at dev.anneal.cli.MainTest")))
        .hasSizeGreaterThanOrEqualTo(2);
  }
}

package dev.anneal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a command printed, and how it ended.
 *
 * @param exitCode of the process
 * @param out standard output
 * @param err standard error
 */
record Ran(int exitCode, String out, String err) {

  /** Runs a command line. */
  static Ran command(Object... arguments) {
    return command(System.getenv(), arguments);
  }

  /** Runs a command line in an environment. */
  static Ran command(Map<String, String> environment, Object... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    String[] words = new String[arguments.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = arguments[i].toString();
    }
    int exitCode =
        Main.commandLine(environment)
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(words);
    return new Ran(exitCode, out.toString(), err.toString());
  }

  JsonNode json() {
    return JsonMapper.shared().readTree(out);
  }

  Ran succeeds() {
    assertThat(exitCode).as(err).isZero();
    return this;
  }

  void isRefused(String... words) {
    assertThat(exitCode).as(err).isEqualTo(2);
    assertThat(out).isEmpty();
    assertThat(err.lines()).hasSize(1);
    assertThat(err).startsWith("anneal: ").contains(words);
  }
}

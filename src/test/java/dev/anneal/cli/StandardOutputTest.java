package dev.anneal.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.anneal.noise.EpsilonHybrid;
import dev.anneal.noise.Noise;
import dev.anneal.schedule.Linear;
import dev.anneal.store.TinyModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Standard output that cannot be written. */
@Timeout(60)
final class StandardOutputTest {
  private final StringWriter err = new StringWriter();

  /** Takes some bytes, then fails. */
  private static final class Failing extends OutputStream {
    private final String reason;
    private int room;

    Failing(int room, String reason) {
      this.room = room;
      this.reason = reason;
    }

    @Override
    public void write(int single) throws IOException {
      if (room-- <= 0) {
        throw new IOException(reason);
      }
    }
  }

  private int exitCode(OutputStream stream, int exitCode) {
    var output = new StandardOutput(stream);
    output.writer(UTF_8).println("täxt");
    return output.exitCode(exitCode, new PrintWriter(err));
  }

  @Test
  void whatCanBeWrittenIsWritten() {
    var bytes = new ByteArrayOutputStream();
    assertThat(exitCode(bytes, 1)).isEqualTo(1);
    assertThat(bytes.toString(UTF_8)).isEqualTo("täxt" + System.lineSeparator());
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void aReaderWhoHasGoneIsNoFailureToTellOf() {
    assertThat(exitCode(new Failing(2, "Broken pipe"), 0)).isEqualTo(141);
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void aFullDiskIsTold() {
    assertThat(exitCode(new Failing(2, "No space left on device"), 0)).isEqualTo(1);
    assertThat(err.toString().strip())
        .isEqualTo("anneal: standard output: No space left on device");
  }

  @Test
  void aCommandThatHasToldOfAFailureSaysNoMore() {
    assertThat(exitCode(new Failing(2, "No space left on device"), 2)).isEqualTo(2);
    assertThat(err.toString()).isEmpty();
  }

  /** It has a step for every noise level, which would take days. */
  @Test
  void aTextIsNotMadeToItsEndIfItsReaderHasGone(@TempDir Path folder) throws IOException {
    Path model = folder.resolve("tiny");
    TinyModel.save(model, 32, new Noise(new EpsilonHybrid(0.01), new Linear()));
    var output = new StandardOutput(new Failing(1, "Broken pipe"));
    CommandLine line = Main.commandLine().setOut(output.writer(UTF_8));
    String[] generate = {
      "generate",
      "--model",
      model.toString(),
      "--prompt",
      "abc",
      "--length",
      "32",
      "--hyperschedule",
      "flat",
      "--levels",
      "1000000000"
    };
    assertThat(Main.run(line, generate)).isZero();
    assertThat(output.exitCode(0, new PrintWriter(err))).isEqualTo(StandardOutput.READER_GONE);
    assertThat(err.toString()).isEmpty();
  }
}

package dev.anneal.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anneal.attention.Aligned;
import dev.anneal.data.ByteTokenizer;
import dev.anneal.data.Tokenizer;
import dev.anneal.evaluate.LossTally.Denominator;
import dev.anneal.evaluate.Passages.Cut;
import dev.anneal.objective.ToyDenoiser;
import dev.anneal.tensor.Rng;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A measurement whose process ends in the midst of it. */
final class KeptMeasurementTest {
  private static final int HALTED = 9;

  /** Sequences are measured three together: the last of these is measured, and cut off. */
  private static final int FINISHED = 4;

  @TempDir private Path folder;

  /** Measures a text, and gives its likelihood. */
  private static TextLikelihood measure(Path file, KeptMeasurement.Listener listener)
      throws IOException {
    Tokenizer bytes = new ByteTokenizer();
    int[] text =
        bytes.encode("A text of some words, and of some more, which ends here. ".repeat(2));
    text[30] = bytes.end();
    text[text.length - 1] = bytes.end();
    var passages = new Passages(new ArrayCorpus(text), bytes, Cut.ALL, 10, new Rng(1));
    var estimator =
        new MaskedLikelihood(
            new ToyDenoiser(bytes.size(), 10),
            new Aligned(),
            new RandomMasks(2),
            new Rng(7),
            new Batch(6));
    var measurement = new TextMeasurement(passages, passages.count(), estimator);
    var tally = new LossTally(measurement, bytes, Denominator.MEASURED);
    new KeptMeasurement(measurement, tally).run(file, listener);
    return tally.likelihood();
  }

  /** A process that ends at once, whatever it is doing, after some sequences. */
  static final class Halting {
    private Halting() {}

    public static void main(String[] arguments) throws IOException {
      measure(
          Path.of(arguments[0]),
          (done, kept) -> {
            if (done == FINISHED) {
              Runtime.getRuntime().halt(HALTED);
            }
          });
    }
  }

  private int halted(Path file) throws IOException, InterruptedException {
    Path log = folder.resolve("log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Halting.class.getName(),
                file.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).as(Files.readString(log)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return process.exitValue();
  }

  @Test
  void whatAKilledRunFinishedIsKeptAndTheNumberIsThatOfOneRun() throws Exception {
    TextLikelihood whole = measure(folder.resolve("whole"), (done, kept) -> {});
    assertThat(folder.resolve("whole")).doesNotExist();
    Path file = folder.resolve("killed");
    assertThat(halted(file)).isEqualTo(HALTED);
    List<Integer> heard = new ArrayList<>();
    TextLikelihood resumed =
        measure(
            file,
            (done, kept) -> {
              assertThat(kept).isEqualTo(3);
              heard.add(done);
            });
    assertThat(heard).startsWith(3, 4, 5).endsWith(12);
    assertThat(resumed).isEqualTo(whole);
    assertThat(file).doesNotExist();
  }
}

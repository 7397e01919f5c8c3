package dev.anneal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anneal.noise.EpsilonHybrid;
import dev.anneal.noise.Noise;
import dev.anneal.schedule.Linear;
import dev.anneal.store.TinyModel;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code anneal rehearse}. */
final class RehearseTest {
  @TempDir private Path folder;

  @Test
  void nobodySeesARehearsal() throws IOException {
    Path model = folder.resolve("tiny");
    TinyModel.save(model, 32, new Noise(new EpsilonHybrid(0.01), new Linear()));
    Ran ran = Ran.command("rehearse", "--model", model);
    assertThat(ran.succeeds().out()).isEmpty();
    assertThat(Ran.command("--help").out()).contains("generate").doesNotContain("rehearse");
  }

  @Test
  void aRehearsalWithoutItsModelFails() {
    Ran ran = Ran.command("rehearse", "--model", folder.resolve("none"));
    assertThat(ran.exitCode()).isNotZero();
  }
}

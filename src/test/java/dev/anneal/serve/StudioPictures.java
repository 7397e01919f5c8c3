package dev.anneal.serve;

import dev.anneal.store.Model;
import dev.anneal.tensor.Device;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Takes the pictures of the README, with the bundled model. It is run by name only: {@code ./verify
 * -Dtest=StudioPictures -Dsurefire.failIfNoSpecifiedTests=false}; {@code pngquant} makes them
 * small.
 */
final class StudioPictures {
  private static final Path FOLDER = Path.of("docs/images");
  private static final double SCALE = 1.25;
  private static final Settings SETTINGS =
      new Settings(
          "127.0.0.1", 0, "starter", Optional.empty(), new Limits(128, 8, 8, Duration.ofHours(1)));

  @Test
  void takesThePictures(@TempDir Path downloads) throws IOException {
    Browser browser = Browser.start(downloads).orElse(null);
    Assumptions.assumeTrue(browser != null, "there is no chromium with its chromedriver: skipped");
    try (browser;
        Model model = Model.load(Path.of("models/starter"), Device.CPU);
        Server server = Server.start(model, SETTINGS, _ -> {})) {
      browser.prefer("prefers-reduced-motion", "reduce");
      browser.resize(1360, 740, SCALE);
      browser.open(
          URI.create(
              server.address()
                  + "/#prompt=It+was+a&hyperschedule=slide&width=24&rate=1&length=128&seed=4"
                  + "&temperature=0.8&sampler=adaptive-correction&sampler.eta=0.3"));
      take(browser, 62, 5, "studio-light.png");
      browser.prefer("prefers-color-scheme", "dark");
      browser.resize(1440, 880, SCALE);
      browser.open(
          URI.create(
              server.address()
                  + "/#prompt=The+captain&hyperschedule=block&width=32&rate=1&length=80&seed=2"
                  + "&temperature=0.8&sampler=adaptive-correction&sampler.eta=0.5&versus=ancestral"));
      take(browser, 56, 7, "studio-dark.png");
    }
  }

  /** A picture of a step, with one of its revised tokens chosen. */
  private static void take(Browser browser, int step, int revised, String file) throws IOException {
    browser.awaitStatus("done");
    browser.set("#state", step);
    browser.awaitDrawn();
    browser.all(".lane:first-child .token.revised").get(revised).click();
    browser.awaitDrawn();
    Files.write(FOLDER.resolve(file), browser.picture());
  }
}

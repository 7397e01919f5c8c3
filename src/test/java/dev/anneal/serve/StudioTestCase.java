package dev.anneal.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tests of the page in a real browser, one for all of a class. */
@Timeout(300)
abstract class StudioTestCase {

  /** What is said of a run that has ended. */
  static final String DONE = "done";

  @TempDir static Path folder;
  static StudioPage page;
  static Browser browser;

  @BeforeAll
  static void start() throws IOException {
    page = StudioPage.start(folder);
    browser = page.browser();
  }

  @AfterAll
  static void stop() {
    StudioPage.close(page);
  }

  @AfterEach
  void thePageHasNotFailed() {
    assertThat(page.failures()).isEmpty();
  }
}

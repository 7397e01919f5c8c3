package dev.anneal.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailureTest {

  @Test
  void theCallersMistakeIsBadInput() {
    assertThat(Failure.of(new IllegalArgumentException("width is 0; expected at least 1")))
        .isEqualTo(new Failure(2, "anneal: width is 0; expected at least 1"));
  }

  @Test
  void aFileThatCannotBeUsedIsBadInput() {
    assertThat(Failure.of(new IOException("No space left on device")).exitCode()).isEqualTo(2);
    assertThat(Failure.of(new UncheckedIOException(new FileNotFoundException("model"))))
        .isEqualTo(new Failure(2, "anneal: model"));
  }

  @Test
  void aMissingFileIsNamedWithItsReason(@TempDir Path folder) {
    Path missing = folder.resolve("absent.yaml");
    try {
      Files.readString(missing);
      throw new AssertionError("the file was read");
    } catch (IOException e) {
      assertThat(Failure.of(e).line()).isEqualTo("anneal: " + missing + ": no such file or folder");
    }
  }

  @Test
  void aReasonThatAFileProblemGivesIsEnough() {
    assertThat(Failure.of(new NoSuchFileException("models/x", null, "no such model")).line())
        .isEqualTo("anneal: models/x: no such model");
  }

  @Test
  void anythingElseIsAFailedJob() {
    assertThat(Failure.of(new IllegalStateException("the loss is not finite at step 7")))
        .isEqualTo(new Failure(1, "anneal: the loss is not finite at step 7"));
  }

  @Test
  void aMessageOfSeveralLinesBecomesOne() {
    assertThat(Failure.of(new IllegalArgumentException("one\n  two\r\nthree\n")).line())
        .isEqualTo("anneal: one two three");
  }

  @Test
  void anExceptionWithoutAMessageIsNamedByItsClass() {
    assertThat(Failure.of(new UnsupportedOperationException()).line())
        .isEqualTo("anneal: UnsupportedOperationException");
  }
}

package dev.anneal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anneal.store.Checkpoints.Checkpoint;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointsTest {

  @TempDir Path parent;

  @Test
  void aRunThatNeverSavedHasNone() throws IOException {
    var checkpoints = new Checkpoints(parent.resolve("run"));
    assertThat(checkpoints.all()).isEmpty();
    assertThat(checkpoints.newest()).isEmpty();
    assertThat(parent).isEmptyDirectory();
  }

  @Test
  void theNewestIsTheOneOfTheHighestStep() throws IOException {
    var checkpoints = new Checkpoints(parent.resolve("deep/run"));
    Checkpoint millionth = save(checkpoints, 1_000_000);
    Checkpoint hundredth = save(checkpoints, 100);

    assertThat(hundredth.folder()).isEqualTo(parent.resolve("deep/run/checkpoint-000100"));
    assertThat(millionth.folder().resolve("weights")).hasContent("weights of 1000000");
    assertThat(checkpoints.all()).containsExactly(hundredth, millionth);
    assertThat(checkpoints.newest()).contains(millionth);
  }

  @Test
  void whatIsNoCheckpointIsNotTakenForOne() throws IOException {
    var checkpoints = new Checkpoints(parent);
    Files.createDirectory(parent.resolve("checkpoint-best"));
    Files.createDirectory(parent.resolve("checkpoint-7"));
    Files.writeString(parent.resolve("checkpoint-000007"), "a file");
    Files.createDirectory(AtomicWriteTest.leftover(parent.resolve("checkpoint-000008")));
    assertThat(checkpoints.all()).isEmpty();
  }

  @Test
  void aSaveThatFailsLeavesTheOneBefore() throws IOException {
    var checkpoints = new Checkpoints(parent);
    Checkpoint first = save(checkpoints, 1);

    assertThatThrownBy(
            () ->
                checkpoints.save(
                    2,
                    folder -> {
                      Files.writeString(folder.resolve("weights"), "half");
                      throw new IOException("No space left on device");
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage(parent.resolve("checkpoint-000002") + ": No space left on device");

    assertThat(checkpoints.newest()).contains(first);
    assertThat(entries()).isEqualTo(1);
  }

  @Test
  void whatAKilledRunLeftIsRemovedByTheNextSaveOfAnyStep() throws IOException {
    var checkpoints = new Checkpoints(parent);
    Path killed = AtomicWriteTest.leftover(parent.resolve("checkpoint-000057"));
    Files.createDirectory(killed);
    Files.writeString(killed.resolve("weights"), "half");

    save(checkpoints, 100);

    assertThat(killed).doesNotExist();
    assertThat(entries()).isEqualTo(1);
  }

  @Test
  void aStepIsSavedOnce() throws IOException {
    var checkpoints = new Checkpoints(parent);
    Checkpoint saved = save(checkpoints, 5);
    assertThatThrownBy(() -> checkpoints.save(5, folder -> {}))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessageContaining("checkpoint-000005");
    assertThat(saved.folder().resolve("weights")).hasContent("weights of 5");
  }

  @Test
  void onlyTheNewestAreKept() throws IOException {
    var checkpoints = new Checkpoints(parent);
    for (long step = 1; step <= 4; step++) {
      save(checkpoints, step);
    }

    checkpoints.keepNewest(9);
    assertThat(checkpoints.all()).hasSize(4);
    checkpoints.keepNewest(2);

    assertThat(checkpoints.all()).extracting(Checkpoint::step).containsExactly(3L, 4L);
    assertThat(entries()).isEqualTo(2);
  }

  @Test
  void wrongNumbersAreRefused() {
    var checkpoints = new Checkpoints(parent);
    assertThatThrownBy(() -> checkpoints.save(-1, folder -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("step -1: expected 0 or more");
    assertThatThrownBy(() -> checkpoints.keepNewest(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("count 0: expected at least 1");
  }

  @Test
  void aFileInPlaceOfTheRunIsNamed() throws IOException {
    Path file = Files.writeString(parent.resolve("run"), "");
    assertThatThrownBy(() -> new Checkpoints(file).all())
        .isInstanceOf(NotDirectoryException.class)
        .hasMessageContaining(file.toString());
  }

  private static Checkpoint save(Checkpoints checkpoints, long step) throws IOException {
    return checkpoints.save(
        step, folder -> Files.writeString(folder.resolve("weights"), "weights of " + step));
  }

  private long entries() throws IOException {
    try (Stream<Path> paths = Files.list(parent)) {
      return paths.count();
    }
  }
}

package dev.anneal.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicWriteTest {

  @TempDir Path parent;
  private Path target = Path.of("set before each test");

  @BeforeEach
  void nameTarget() {
    target = parent.resolve("target");
  }

  @Test
  void aReaderFindsTheOldFileUntilTheNewOneIsWhole() throws IOException {
    Files.writeString(target, "old");

    AtomicWrite.file(
        target,
        channel -> {
          write(channel, "ne");
          assertThat(target).hasContent("old");
          write(channel, "w");
        });

    assertThat(target).hasContent("new");
    assertThat(entries()).containsExactly(target);
  }

  @Test
  void aFileThatFailsHalfWayLeavesTheOldOneAndNothingElse() throws IOException {
    Files.writeString(target, "old");

    assertThatThrownBy(
            () ->
                AtomicWrite.file(
                    target,
                    channel -> {
                      write(channel, "ne");
                      throw new IOException("No space left on device");
                    }))
        .isInstanceOf(FileSystemException.class)
        .hasMessage(target + ": No space left on device");

    assertThat(target).hasContent("old");
    assertThat(entries()).containsExactly(target);
  }

  @Test
  void ourOwnMistakeLeavesNothingEither() throws IOException {
    assertThatThrownBy(
            () ->
                AtomicWrite.folder(
                    target,
                    folder -> {
                      Files.writeString(folder.resolve("part"), "half");
                      throw new IllegalStateException("a defect");
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a defect");

    assertThat(entries()).isEmpty();
  }

  @Test
  void aFolderAppearsOnlyWhenItIsWhole() throws IOException {
    AtomicWrite.folder(
        target,
        folder -> {
          Files.writeString(folder.resolve("first"), "1");
          Files.createDirectories(folder.resolve("deep/deeper"));
          assertThat(target).doesNotExist();
          Files.writeString(folder.resolve("deep/deeper/second"), "2");
        });

    assertThat(target.resolve("first")).hasContent("1");
    assertThat(target.resolve("deep/deeper/second")).hasContent("2");
    assertThat(entries()).containsExactly(target);
  }

  @Test
  void aFolderThatFailsHalfWayLeavesNothing() throws IOException {
    assertThatThrownBy(
            () ->
                AtomicWrite.folder(
                    target,
                    folder -> {
                      Files.createDirectories(folder.resolve("deep/deeper"));
                      Files.writeString(folder.resolve("deep/deeper/part"), "half");
                      AtomicWrite.file(
                          folder.resolve("weights"),
                          channel -> {
                            throw new IOException("No space left on device");
                          });
                    }))
        .isInstanceOf(FileSystemException.class)
        .hasMessage(target + ": No space left on device");

    assertThat(entries()).isEmpty();
  }

  @Test
  void aFolderIsNeverReplaced() throws IOException {
    Files.createDirectory(target);
    Files.writeString(target.resolve("old"), "old");

    assertThatThrownBy(() -> AtomicWrite.folder(target, folder -> {}))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessageContaining(target + ": exists already");

    assertThat(target.resolve("old")).hasContent("old");
  }

  @Test
  void aFolderThatAnotherMadeMeanwhileIsNotReplaced() throws IOException {
    assertThatThrownBy(
            () ->
                AtomicWrite.folder(
                    target,
                    folder -> {
                      Files.createDirectory(target);
                      Files.writeString(target.resolve("other"), "other");
                    }))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining(target.toString());

    assertThat(target.resolve("other")).hasContent("other");
    assertThat(entries()).containsExactly(target);
  }

  @Test
  void aTargetInNoFolderIsRefusedByName() {
    Path lost = parent.resolve("nowhere/target");
    assertThatThrownBy(() -> AtomicWrite.file(lost, channel -> {}))
        .isInstanceOf(FileSystemException.class)
        .hasMessage(lost + ": its folder does not exist")
        .hasCauseInstanceOf(NoSuchFileException.class);
  }

  @Test
  void theRootIsNoTarget() {
    assertThatThrownBy(() -> AtomicWrite.file(Path.of("/"), channel -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("path [/]: expected a file or a folder in one");
  }

  @Test
  void whatAKilledProcessLeftIsRemovedByTheNextWriter() throws IOException {
    Path file = leftover(target);
    Files.writeString(file, "half");
    Path folder = leftover(target);
    Files.createDirectories(folder.resolve("deep"));
    Files.writeString(folder.resolve("deep/part"), "half");

    AtomicWrite.file(target, channel -> write(channel, "new"));

    assertThat(entries()).containsExactly(target);
  }

  @Test
  void theDraftsOfOtherTargetsAreLeftAlone() throws IOException {
    Path other = leftover(parent.resolve("target.other"));
    Files.writeString(other, "half");
    Path hidden = Files.writeString(parent.resolve(".target.draft"), "a name of the user's");

    AtomicWrite.file(target, channel -> write(channel, "new"));

    assertThat(entries()).containsExactlyInAnyOrder(target, other, hidden);
  }

  @Test
  void aWriterWhoseDraftWasTakenForALeftoverFails() throws IOException {
    assertThatThrownBy(
            () ->
                AtomicWrite.folder(
                    target,
                    folder -> {
                      Files.writeString(folder.resolve("first"), "1");
                      Draft.remove(folder);
                    }))
        .isInstanceOf(FileSystemException.class)
        .hasMessageContaining(target.toString());
    assertThat(entries()).isEmpty();
  }

  @Test
  void twoThreadsMayWriteTheSameFile() throws IOException, InterruptedException {
    String first = "1".repeat(100_000);
    String second = "2".repeat(100_000);
    var threads = Stream.of(first, second).map(this::writing).toList();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(Files.readString(target)).isIn(first, second);
    assertThat(entries()).containsExactly(target);
  }

  private Thread writing(String text) {
    return Thread.ofPlatform()
        .start(
            () -> {
              try {
                AtomicWrite.file(target, channel -> write(channel, text));
              } catch (IOException failure) {
                throw new AssertionError(failure);
              }
            });
  }

  /** Where a process that no longer lives would have drafted a target. */
  static Path leftover(Path target) throws IOException {
    Path ours = Draft.of(target).path();
    String name = String.valueOf(ours.getFileName());
    return ours.resolveSibling(
        name.replaceFirst("[0-9a-f-]{36}", "00000000-1111-2222-3333-444444444444"));
  }

  private List<Path> entries() throws IOException {
    try (Stream<Path> paths = Files.list(parent)) {
      return paths.toList();
    }
  }

  private static void write(WritableByteChannel channel, String text) throws IOException {
    channel.write(ByteBuffer.wrap(text.getBytes(UTF_8)));
  }
}

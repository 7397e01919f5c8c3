package dev.anneal.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A file or folder that is being written beside its target, under a name that no reader looks for.
 *
 * <p>Closing removes it, unless it was published. What a killed process left behind is known by its
 * name, which holds a token of the process, and is swept by the next writer of the same target.
 *
 * @param path where to write; nothing is there yet
 * @param target the name it is published under, in the same folder
 */
record Draft(Path path, Path target) implements AutoCloseable {

  private static final String PROCESS = UUID.randomUUID().toString();
  private static final AtomicLong COUNT = new AtomicLong();
  private static final Pattern NAME = Pattern.compile("\\.(.+)\\.([0-9a-f-]{36})-\\d+\\.draft");

  /**
   * A draft of a target. Leftovers of earlier drafts of it are removed.
   *
   * @throws NoSuchFileException if the folder of the target does not exist
   */
  static Draft of(Path target) throws IOException {
    Path folder = folder(target);
    if (!Files.isDirectory(folder)) {
      throw new NoSuchFileException(target.toString(), null, "its folder does not exist");
    }
    sweep(folder, name(target)::equals);
    return beside(target);
  }

  /**
   * Removes the drafts that other processes left in a folder. One of them that still lives fails
   * when it publishes; what it wrote is never seen half-removed.
   *
   * @param targets whose drafts, by the name of their target
   */
  static void sweep(Path folder, Predicate<String> targets) throws IOException {
    try (DirectoryStream<Path> drafts = Files.newDirectoryStream(folder, ".*.draft")) {
      for (Path draft : drafts) {
        Matcher name = NAME.matcher(name(draft));
        if (name.matches() && targets.test(name.group(1)) && !name.group(2).equals(PROCESS)) {
          remove(draft);
        }
      }
    }
  }

  /**
   * Removes a file or a folder so that no reader finds half of it: it first loses its name.
   *
   * @throws IOException if it could not be removed; then a later sweep takes it for a leftover
   */
  static void remove(Path published) throws IOException {
    Path nameless = beside(published).path();
    Files.move(published, nameless, StandardCopyOption.ATOMIC_MOVE);
    removeTree(nameless);
  }

  /** Gives the draft its final name, once all of it is on the disk. */
  void publish() throws IOException {
    for (Path written : tree(path)) {
      force(written);
    }
    Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
    force(folder(target));
  }

  /** Removes the draft if it was not published. */
  @Override
  public void close() throws IOException {
    if (Files.exists(path)) {
      removeTree(path);
    }
  }

  private static Draft beside(Path target) {
    // A leftover of a leftover is still a leftover of the first target.
    Matcher leftover = NAME.matcher(name(target));
    String name = leftover.matches() ? leftover.group(1) : name(target);
    String draft = ".%s.%s-%d.draft".formatted(name, PROCESS, COUNT.incrementAndGet());
    return new Draft(folder(target).resolve(draft), target);
  }

  private static void force(Path fileOrFolder) throws IOException {
    try (FileChannel channel = FileChannel.open(fileOrFolder)) {
      channel.force(true);
    }
  }

  private static void removeTree(Path root) throws IOException {
    for (Path path : tree(root)) {
      Files.delete(path);
    }
  }

  /** A file, or a folder with all it holds: what lies deeper comes first. */
  private static List<Path> tree(Path root) throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      return paths.sorted(Comparator.reverseOrder()).toList();
    }
  }

  private static Path folder(Path target) {
    return belowRoot(target, target.toAbsolutePath().getParent());
  }

  private static String name(Path path) {
    return belowRoot(path, path.getFileName()).toString();
  }

  private static Path belowRoot(Path path, @Nullable Path part) {
    if (part == null) {
      throw new IllegalArgumentException("path [" + path + "]: expected a file or a folder in one");
    }
    return part;
  }
}

package dev.anneal.store;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The checkpoints of one run: folders {@code checkpoint-000100}, each whole, named by its training
 * step.
 *
 * <p>The newest is the one of the highest step; there is no pointer that could be wrong
 * (docs/decisions/0005). One process writes to a run at a time, any number may read.
 *
 * @param run the run's folder; the first checkpoint creates it
 */
public record Checkpoints(Path run) {

  private static final Pattern NAME = Pattern.compile("checkpoint-(\\d{6,18})");

  /**
   * A checkpoint.
   *
   * @param step the number of optimizer updates before it
   * @param folder where its files are
   */
  public record Checkpoint(long step, Path folder) {}

  /**
   * Saves a checkpoint. What a killed process left in the run is removed first.
   *
   * @param step the number of optimizer updates so far
   * @param content fills its folder
   * @throws java.nio.file.FileAlreadyExistsException if the run has one of that step
   * @throws IOException if it could not be written; then the run has no such checkpoint
   * @throws IllegalArgumentException if the step is negative
   */
  public Checkpoint save(long step, AtomicWrite.FolderContent content) throws IOException {
    if (step < 0) {
      throw new IllegalArgumentException("step " + step + ": expected 0 or more");
    }
    Files.createDirectories(run);
    Draft.sweep(run, name -> NAME.matcher(name).matches());
    Path folder = run.resolve("checkpoint-%06d".formatted(step));
    AtomicWrite.folder(folder, content);
    return new Checkpoint(step, folder);
  }

  /**
   * The checkpoints, oldest first; none where there is no run.
   *
   * @throws IOException if the folder cannot be listed
   */
  public List<Checkpoint> all() throws IOException {
    if (Files.notExists(run)) {
      return List.of();
    }
    if (!Files.isDirectory(run)) {
      throw new NotDirectoryException(run.toString());
    }
    var found = new ArrayList<Checkpoint>();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(run, "checkpoint-*")) {
      for (Path folder : folders) {
        Matcher name = NAME.matcher(String.valueOf(folder.getFileName()));
        if (name.matches() && Files.isDirectory(folder)) {
          found.add(new Checkpoint(Long.parseLong(name.group(1)), folder));
        }
      }
    }
    found.sort(Comparator.comparingLong(Checkpoint::step));
    return List.copyOf(found);
  }

  /** The checkpoint of the highest step, if there is any. */
  public Optional<Checkpoint> newest() throws IOException {
    List<Checkpoint> all = all();
    return all.isEmpty() ? Optional.empty() : Optional.of(all.getLast());
  }

  /**
   * Removes all but the newest. Who is reading an older one keeps what is open or mapped.
   *
   * @param count how many stay, at least 1
   * @throws IllegalArgumentException if the count is less than 1
   */
  public void keepNewest(int count) throws IOException {
    if (count < 1) {
      throw new IllegalArgumentException("count " + count + ": expected at least 1");
    }
    List<Checkpoint> all = all();
    for (Checkpoint old : all.subList(0, Math.max(0, all.size() - count))) {
      Draft.remove(old.folder());
    }
  }
}

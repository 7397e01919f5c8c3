package dev.anneal.store.pytorch;

import dev.anneal.store.RefusedFileException;
import dev.anneal.store.StoredTensor;
import dev.anneal.store.StoredTensors;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.SequencedMap;

/**
 * The tensors of a file that {@code torch.save} wrote ({@code pytorch_model.bin}, {@code .pt},
 * {@code .pth}, {@code .ckpt}), mapped: they are read from the disk when they are looked at.
 *
 * <p>A tensor's name is the way to it, through dictionaries and lists, with dots between: {@code
 * state_dict.blocks.0.norm1.weight}, {@code ema.shadow_params.3}. What is no tensor is left out.
 *
 * <p>The law of this package: a checkpoint is data, and nothing in it is run. What a file has no
 * need to say in order to hold tensors is refused, by its name, when the file is opened.
 */
public final class PyTorchFile implements StoredTensors {
  private final Path file;
  private final Arena arena;
  private final SequencedMap<String, StoredTensor> tensors;

  private PyTorchFile(Path file, Arena arena, MemorySegment mapped) throws IOException {
    this.file = file;
    this.arena = arena;
    TorchArchive archive = TorchArchive.of(file, mapped);
    var objects = new PickledObjects(file, archive.storages());
    PickleValue root = PickleMachine.load(file, archive.pickle(), objects);
    this.tensors =
        Collections.unmodifiableSequencedMap(
            NamedTensors.within(file, root).stored(mapped.byteSize(), arena));
  }

  /**
   * Maps a file and finds its tensors.
   *
   * @throws RefusedFileException if it is not such a file, or says more than tensors need
   * @throws IOException if it cannot be read
   */
  public static PyTorchFile open(Path file) throws IOException {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new RefusedFileException(file, "not a regular file");
    }
    @SuppressWarnings("MustBeClosedChecker") // the file takes it and closes it
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(file)) {
      return new PyTorchFile(file, arena, channel.map(MapMode.READ_ONLY, 0, channel.size(), arena));
    } catch (IOException | RuntimeException failure) {
      arena.close();
      throw failure;
    }
  }

  @Override
  public Path file() {
    return file;
  }

  /** The tensors by name, in the order in which they were saved. */
  @Override
  public SequencedMap<String, StoredTensor> tensors() {
    return tensors;
  }

  /** Unmaps the file; the bytes of its tensors can be reached no more. */
  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }
}

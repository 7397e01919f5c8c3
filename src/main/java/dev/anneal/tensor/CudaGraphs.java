package dev.anneal.tensor;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Records CUDA graphs on one GPU, by the library's own class for it, so that what the recorded
 * operators allocate stays theirs: it comes from a pool that graphs share, as no two of them run at
 * a time and none leaves anything in it. (docs/gpu.md, "Graphs")
 */
final class CudaGraphs implements Recorder {
  private static final Map<Device, Optional<Recorder>> OF_DEVICE = new ConcurrentHashMap<>();

  private final CudaFunctions functions;
  private final int device;
  private final MemorySegment stream;

  /** Hands its pool on, so it is not deleted before the next one is there. */
  private @Nullable CudaGraph latest;

  /** A graph that could not be recorded: the library still refers to it. */
  private @Nullable MemorySegment stuck;

  private CudaGraphs(CudaFunctions functions, int device) {
    this.functions = functions;
    this.device = device;
    this.stream = functions.newStream(device);
  }

  /** That of a GPU, if graphs are wanted and the library has what they take. */
  static Optional<Recorder> of(Device device) {
    return OF_DEVICE.computeIfAbsent(
        device,
        gpu ->
            Libtorch.wantsGraphs()
                ? CudaFunctions.find(Libtorch.load())
                    .map(functions -> new CudaGraphs(functions, gpu.index()))
                : Optional.empty());
  }

  /** Whether {@code ANNEAL_CUDA_GRAPHS} asks for graphs: 1, which is the default, or 0. */
  static boolean areWanted(Map<String, String> environment) {
    String wanted = environment.getOrDefault("ANNEAL_CUDA_GRAPHS", "1");
    return switch (wanted) {
      case "0" -> false;
      case "1" -> true;
      default ->
          throw new IllegalArgumentException(
              "ANNEAL_CUDA_GRAPHS '%s': expected 0 or 1".formatted(wanted));
    };
  }

  @Override
  public synchronized Recording record(Runnable work) {
    if (stuck != null) {
      throw failure(new TensorException("an earlier one failed"));
    }
    try (Guard guard = on(stream)) {
      MemorySegment graph = functions.newGraph();
      CudaGraph before = latest;
      functions.begin(graph, before == null ? functions.newPool() : before.pool());
      record(work, graph);
      var made = new CudaGraph(this, graph, executable(graph));
      latest = made;
      if (before != null && before.isClosed()) {
        before.delete();
      }
      return made;
    }
  }

  /** Does the work while the stream is recorded. */
  private void record(Runnable work, MemorySegment graph) {
    boolean done = false;
    try {
      work.run();
      done = true;
    } catch (TensorException e) {
      throw failure(e);
    } finally {
      if (functions.isRecording(stream)) {
        functions.end(graph);
        if (!done) {
          functions.deleteGraph(graph);
        }
      } else {
        // The library would end the process if it were told; so it never learns of the end, and
        // the graph, which it still refers to, stays.
        stuck = graph;
        functions.stop(stream);
      }
    }
    if (stuck != null) {
      throw failure(new TensorException("an operator has spoilt it"));
    }
  }

  private MemorySegment executable(MemorySegment graph) {
    try {
      return functions.instantiate(graph);
    } catch (TensorException e) {
      functions.deleteGraph(graph);
      throw failure(e);
    }
  }

  private static TensorException failure(TensorException cause) {
    return new TensorException(
        "cannot record a CUDA graph: %s; ANNEAL_CUDA_GRAPHS=0 goes without"
            .formatted(cause.getMessage()),
        cause);
  }

  void launch(MemorySegment executable) {
    MemorySegment current = functions.currentStream(device);
    try (Guard guard = on(current)) {
      functions.launch(executable, current);
    }
  }

  /** Deletes a graph, now or when its pool has been handed on. */
  synchronized void close(CudaGraph graph) {
    if (!graph.isClosed()) {
      graph.markClosed();
      if (graph != latest) {
        graph.delete();
      }
    }
  }

  CudaFunctions functions() {
    return functions;
  }

  private Guard on(MemorySegment chosen) {
    return new Guard(functions.useStream(chosen, device));
  }

  /** Has operators use another stream until it is closed. */
  private final class Guard implements AutoCloseable {
    private final MemorySegment guard;

    Guard(MemorySegment guard) {
      this.guard = guard;
    }

    @Override
    public void close() {
      functions.leaveStream(guard);
    }
  }
}

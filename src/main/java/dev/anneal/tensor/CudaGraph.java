package dev.anneal.tensor;

import java.lang.foreign.MemorySegment;

/** One graph of {@link CudaGraphs}: what the library keeps of it, and what the GPU runs. */
final class CudaGraph implements Recording {
  private final CudaGraphs graphs;
  private final MemorySegment graph;
  private final MemorySegment executable;
  private boolean closed;

  CudaGraph(CudaGraphs graphs, MemorySegment graph, MemorySegment executable) {
    this.graphs = graphs;
    this.graph = graph;
    this.executable = executable;
  }

  @Override
  public void replay() {
    if (closed) {
      throw new AssertionError("a graph was replayed after it was closed");
    }
    graphs.launch(executable);
  }

  /** The pool that its memory comes from. */
  MemorySegment pool() {
    return graphs.functions().poolOf(graph);
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    graphs.close(this);
  }

  void markClosed() {
    closed = true;
  }

  void delete() {
    graphs.functions().deleteExecutable(executable);
    graphs.functions().deleteGraph(graph);
  }
}

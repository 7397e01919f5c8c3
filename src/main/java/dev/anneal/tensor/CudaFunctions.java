package dev.anneal.tensor;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.invoke.MethodHandle;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What it takes to record on a GPU: functions of the library's stable C interface, of its class
 * {@code at::cuda::CUDAGraph}, which no C function stands for, and of CUDA's runtime.
 */
final class CudaFunctions {

  /** {@code std::pair<unsigned long long, unsigned long long>}: which pool memory comes from. */
  private static final MemoryLayout POOL = MemoryLayout.structLayout(JAVA_LONG, JAVA_LONG);

  /** More than the class takes in any version; 2.13's takes less than 500. */
  private static final long GRAPH_BYTES = 4096;

  /** {@code cudaStreamCaptureModeThreadLocal}: what other threads do does not matter. */
  private static final int THIS_THREAD = 1;

  /** {@code cudaStreamCaptureStatusActive}. */
  private static final int ACTIVE = 1;

  private enum Function {
    STREAM_FROM_POOL(
        "torch_get_cuda_stream_from_pool",
        FunctionDescriptor.of(JAVA_INT, JAVA_BOOLEAN, JAVA_INT, ADDRESS)),
    CURRENT_STREAM(
        "aoti_torch_get_current_cuda_stream", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS)),
    USE_STREAM(
        "aoti_torch_create_cuda_stream_guard",
        FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, ADDRESS)),
    LEAVE_STREAM("aoti_torch_delete_cuda_stream_guard", FunctionDescriptor.of(JAVA_INT, ADDRESS)),
    NEW_GRAPH("_ZN2at4cuda9CUDAGraphC1Eb", FunctionDescriptor.ofVoid(ADDRESS, JAVA_BOOLEAN)),
    DELETE_GRAPH("_ZN2at4cuda9CUDAGraphD1Ev", FunctionDescriptor.ofVoid(ADDRESS)),
    BEGIN(
        "_ZN2at4cuda9CUDAGraph13capture_beginESt4pairIyyE21cudaStreamCaptureMode",
        FunctionDescriptor.ofVoid(ADDRESS, POOL, JAVA_INT)),
    END("_ZN2at4cuda9CUDAGraph11capture_endEv", FunctionDescriptor.ofVoid(ADDRESS)),
    POOL_OF("_ZN2at4cuda9CUDAGraph4poolEv", FunctionDescriptor.of(POOL, ADDRESS)),
    RAW("_ZN2at4cuda9CUDAGraph14raw_cuda_graphEv", FunctionDescriptor.of(ADDRESS, ADDRESS)),
    STATUS("cudaStreamIsCapturing", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS)),
    STOP("cudaStreamEndCapture", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS)),
    INSTANTIATE(
        "cudaGraphInstantiateWithFlags",
        FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG)),
    LAUNCH("cudaGraphLaunch", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS)),
    DELETE_EXECUTABLE("cudaGraphExecDestroy", FunctionDescriptor.of(JAVA_INT, ADDRESS)),
    ERROR_TEXT("cudaGetErrorString", FunctionDescriptor.of(ADDRESS, JAVA_INT)),
    FORGET_ERROR("cudaGetLastError", FunctionDescriptor.of(JAVA_INT));

    private final String symbol;

    @SuppressWarnings("ImmutableEnumChecker") // a descriptor is immutable, but not marked so
    private final FunctionDescriptor descriptor;

    Function(String symbol, FunctionDescriptor descriptor) {
      this.symbol = symbol;
      this.descriptor = descriptor;
    }
  }

  private final Map<Function, MethodHandle> handles;

  private CudaFunctions(Map<Function, MethodHandle> handles) {
    this.handles = handles;
  }

  /** Those of a library, if it has all of them. */
  static Optional<CudaFunctions> find(Libtorch library) {
    var handles = new EnumMap<Function, MethodHandle>(Function.class);
    for (Function function : Function.values()) {
      library
          .bindIfPresent(function.symbol, function.descriptor)
          .ifPresent(handle -> handles.put(function, handle));
    }
    return handles.size() == Function.values().length
        ? Optional.of(new CudaFunctions(handles))
        : Optional.empty();
  }

  // Streams

  /** A stream of the library's own beside the usual one. */
  MemorySegment newStream(int device) {
    return answer(out -> (int) handle(Function.STREAM_FROM_POOL).invokeExact(false, device, out));
  }

  /** The stream that operators use. */
  MemorySegment currentStream(int device) {
    return answer(out -> (int) handle(Function.CURRENT_STREAM).invokeExact(device, out));
  }

  /** Has operators use a stream, and its device be the current one, until the guard is deleted. */
  MemorySegment useStream(MemorySegment stream, int device) {
    return answer(out -> (int) handle(Function.USE_STREAM).invokeExact(stream, device, out));
  }

  void leaveStream(MemorySegment guard) {
    run(() -> Native.check((int) handle(Function.LEAVE_STREAM).invokeExact(guard), "a stream"));
  }

  // Graphs of the library

  /**
   * A graph that keeps what it records, and does not make it executable itself: it would end the
   * process if it failed. Its memory is freed when nobody refers to it any more.
   */
  MemorySegment newGraph() {
    MemorySegment graph = Arena.ofAuto().allocate(GRAPH_BYTES, 16);
    run(
        () -> {
          handle(Function.NEW_GRAPH).invokeExact(graph, true);
        });
    return graph;
  }

  void deleteGraph(MemorySegment graph) {
    run(
        () -> {
          handle(Function.DELETE_GRAPH).invokeExact(graph);
        });
  }

  /** Begins to record the current stream, with memory of a pool. */
  void begin(MemorySegment graph, MemorySegment pool) {
    run(
        () -> {
          handle(Function.BEGIN).invokeExact(graph, pool, THIS_THREAD);
        });
  }

  /** Ends a recording that {@link #isRecording}: another would end the process. */
  void end(MemorySegment graph) {
    run(
        () -> {
          handle(Function.END).invokeExact(graph);
        });
  }

  /** Stands for a pool that no graph has yet. */
  MemorySegment newPool() {
    return Arena.ofAuto().allocate(POOL);
  }

  /** The pool that a recorded graph's memory comes from. */
  MemorySegment poolOf(MemorySegment graph) {
    SegmentAllocator memory = Arena.ofAuto();
    return ask(() -> (MemorySegment) handle(Function.POOL_OF).invokeExact(memory, graph));
  }

  // CUDA's runtime

  /** Whether a stream is being recorded, and nothing has gone wrong. */
  boolean isRecording(MemorySegment stream) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment status = arena.allocate(JAVA_INT);
      int error = ask(() -> (int) handle(Function.STATUS).invokeExact(stream, status));
      return error == 0 && status.get(JAVA_INT, 0) == ACTIVE;
    }
  }

  /** Ends a recording in which something has gone wrong. */
  void stop(MemorySegment stream) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment none = arena.allocate(ADDRESS);
      run(
          () -> {
            int _ = (int) handle(Function.STOP).invokeExact(stream, none);
            int _ = (int) handle(Function.FORGET_ERROR).invokeExact();
          });
    }
  }

  /** What a recorded graph is run as. */
  MemorySegment instantiate(MemorySegment graph) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ADDRESS);
      run(
          () -> {
            var raw = (MemorySegment) handle(Function.RAW).invokeExact(graph);
            check((int) handle(Function.INSTANTIATE).invokeExact(out, raw, 0L));
          });
      return out.get(ADDRESS, 0);
    }
  }

  void launch(MemorySegment executable, MemorySegment stream) {
    run(() -> check((int) handle(Function.LAUNCH).invokeExact(executable, stream)));
  }

  void deleteExecutable(MemorySegment executable) {
    run(() -> check((int) handle(Function.DELETE_EXECUTABLE).invokeExact(executable)));
  }

  private void check(int error) throws Throwable {
    if (error != 0) {
      var text = (MemorySegment) handle(Function.ERROR_TEXT).invokeExact(error);
      int _ = (int) handle(Function.FORGET_ERROR).invokeExact(); // the next operator would find it
      throw new TensorException("CUDA: " + text.reinterpret(Long.MAX_VALUE).getString(0));
    }
  }

  // Calls

  private MethodHandle handle(Function function) {
    return Objects.requireNonNull(handles.get(function));
  }

  @FunctionalInterface
  private interface Run {
    void run() throws Throwable;
  }

  @FunctionalInterface
  private interface Ask<T> {
    T ask() throws Throwable;
  }

  @FunctionalInterface
  private interface Answering {
    int call(MemorySegment out) throws Throwable;
  }

  private static void run(Run call) {
    try {
      call.run();
    } catch (Throwable e) {
      throw Native.failure(e);
    }
  }

  private static <T> T ask(Ask<T> call) {
    try {
      return call.ask();
    } catch (Throwable e) {
      throw Native.failure(e);
    }
  }

  /** The address that a function of the C interface writes. */
  private static MemorySegment answer(Answering function) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ADDRESS);
      run(() -> Native.check(function.call(out), "a stream"));
      return out.get(ADDRESS, 0);
    }
  }
}

package dev.anneal.tensor;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * The processes that an MPI launcher started together, through MPI's C interface.
 *
 * <p>One thread makes all calls. All processes make them in the same order.
 */
public final class Mpi {

  /**
   * An implementation of MPI: what its header says in numbers, its library says in no other way.
   */
  public enum Implementation {
    OPEN_MPI("libmpi.so.40"),
    MPICH("libmpich.so.12");

    private final String library;

    Implementation(String library) {
      this.library = library;
    }

    /** The file of its library. */
    public String library() {
      return library;
    }

    private Constants constants(SymbolLookup lookup) {
      return switch (this) {
        case OPEN_MPI ->
            new Constants(
                symbol(lookup, "ompi_mpi_comm_world"),
                symbol(lookup, "ompi_mpi_float"),
                symbol(lookup, "ompi_mpi_double"),
                symbol(lookup, "ompi_mpi_op_sum"),
                MemorySegment.ofAddress(1));
        // Its handles are ints, which arrive in the lower half of a pointer's register.
        case MPICH ->
            new Constants(
                MemorySegment.ofAddress(0x44000000),
                MemorySegment.ofAddress(0x4c00040a),
                MemorySegment.ofAddress(0x4c00080b),
                MemorySegment.ofAddress(0x58000003),
                MemorySegment.ofAddress(-1));
      };
    }
  }

  private record Constants(
      MemorySegment world,
      MemorySegment floats,
      MemorySegment doubles,
      MemorySegment sum,
      MemorySegment inPlace) {}

  private final Constants constants;
  private final MethodHandle sum;
  private final MethodHandle test;
  private final MethodHandle end;
  private final int rank;
  private final int size;

  /**
   * Joins the others; waits until they have joined.
   *
   * @throws TensorException if there is no such library, or MPI fails
   */
  public Mpi(Implementation implementation) {
    SymbolLookup lookup = open(implementation.library());
    constants = implementation.constants(lookup);
    MethodHandle begin = bind(lookup, "MPI_Init", ADDRESS, ADDRESS);
    sum =
        bind(
            lookup,
            "MPI_Iallreduce",
            ADDRESS,
            ADDRESS,
            JAVA_INT,
            ADDRESS,
            ADDRESS,
            ADDRESS,
            ADDRESS);
    test = bind(lookup, "MPI_Test", ADDRESS, ADDRESS, ADDRESS);
    end = bind(lookup, "MPI_Finalize");
    try {
      check((int) begin.invokeExact(MemorySegment.NULL, MemorySegment.NULL), "MPI_Init");
    } catch (Throwable e) {
      throw Native.failure(e);
    }
    rank = ask(lookup, "MPI_Comm_rank");
    size = ask(lookup, "MPI_Comm_size");
  }

  private static SymbolLookup open(String library) {
    try {
      return SymbolLookup.libraryLookup(library, Arena.global());
    } catch (IllegalArgumentException e) {
      throw new TensorException(
          "cannot open %s, the library of the MPI that started this process: %s"
              .formatted(library, e.getMessage()),
          e);
    }
  }

  private static MemorySegment symbol(SymbolLookup lookup, String name) {
    return lookup
        .find(name)
        .orElseThrow(() -> new TensorException("the MPI library lacks " + name));
  }

  private static MethodHandle bind(SymbolLookup lookup, String name, MemoryLayout... arguments) {
    return Linker.nativeLinker()
        .downcallHandle(symbol(lookup, name), FunctionDescriptor.of(JAVA_INT, arguments));
  }

  private static void check(int error, String function) {
    if (error != 0) {
      throw new TensorException("%s failed with code %d".formatted(function, error));
    }
  }

  private int ask(SymbolLookup lookup, String function) {
    MethodHandle question = bind(lookup, function, ADDRESS, ADDRESS);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment answer = arena.allocate(JAVA_INT);
      check((int) question.invokeExact(constants.world, answer), function);
      return answer.get(JAVA_INT, 0);
    } catch (Throwable e) {
      throw Native.failure(e);
    }
  }

  /** This process's number, from 0. */
  public int rank() {
    return rank;
  }

  /** How many processes there are. */
  public int size() {
    return size;
  }

  /** A sum over all processes that is under way. */
  public final class Pending implements AutoCloseable {
    private static final int STATUS_BYTES = 64; // no implementation's status is longer

    private final Arena arena = Arena.ofConfined();
    private final MemorySegment request = arena.allocate(ADDRESS);
    private final MemorySegment done = arena.allocate(JAVA_INT);
    private final MemorySegment status = arena.allocate(STATUS_BYTES, ADDRESS.byteAlignment());

    private Pending(MemorySegment memory, int count, MemorySegment type) {
      try {
        check(
            (int)
                sum.invokeExact(
                    constants.inPlace,
                    memory,
                    count,
                    type,
                    constants.sum,
                    constants.world,
                    request),
            "MPI_Iallreduce");
      } catch (Throwable e) {
        throw Native.failure(e);
      }
    }

    /** Whether the sums are there; works on them. */
    public boolean isDone() {
      try {
        check((int) test.invokeExact(request, done, status), "MPI_Test");
      } catch (Throwable e) {
        throw Native.failure(e);
      }
      return done.get(JAVA_INT, 0) != 0;
    }

    /** Once it is done; MPI may still write to the memory of one that is not. */
    @Override
    public void close() {
      arena.close();
    }
  }

  /**
   * Begins to replace each number by its sum over all processes.
   *
   * @param tensor float32 or float64, contiguous, on the CPU; it must live until the sum is there
   */
  public Pending sum(Tensor tensor) {
    MemorySegment type =
        switch (tensor.dtype()) {
          case FLOAT32 -> constants.floats;
          case FLOAT64 -> constants.doubles;
          default ->
              throw new IllegalArgumentException(tensor + ": expected float32 or float64 to sum");
        };
    return new Pending(tensor.memory(), Math.toIntExact(tensor.count()), type);
  }

  /** Leaves; waits for the others to do the same. */
  public void end() {
    try {
      check((int) end.invokeExact(), "MPI_Finalize");
    } catch (Throwable e) {
      throw Native.failure(e);
    }
  }
}

package dev.anneal.tensor;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds and opens libtorch, and binds its C functions.
 *
 * <p>The library is the one {@code ANNEAL_LIBTORCH} names (the {@code lib} folder of a libtorch or
 * PyTorch install, CPU or CUDA), else the default that comes as a jar. {@code ANNEAL_OPENBLAS}
 * names a BLAS to open before the default library, which then uses it instead of its own: an OpenMP
 * build shares its threads with libtorch, where two pools would spin against each other.
 */
public final class Libtorch {
  private static final Arena FOREVER = Arena.global();

  private final String origin;
  private final SymbolLookup core;
  private final SymbolLookup torch;
  private final boolean cuda;

  private Libtorch(String origin, SymbolLookup core, SymbolLookup torch, boolean cuda) {
    this.origin = origin;
    this.core = core;
    this.torch = torch;
    this.cuda = cuda;
  }

  private static final class Opened {
    static final Libtorch LIBRARY = open();
  }

  /**
   * Opens the library, if it is not open yet.
   *
   * @throws TensorException saying where it was looked for and what to do
   */
  public static Libtorch load() {
    try {
      return Opened.LIBRARY;
    } catch (ExceptionInInitializerError e) {
      if (e.getCause() instanceof TensorException cause) {
        throw cause;
      }
      throw e;
    }
  }

  /** Which library and which BLAS run, in words. */
  public String origin() {
    return origin;
  }

  /** How many threads an operator may use that this thread calls. */
  public int threads() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ValueLayout.JAVA_INT);
      Native.check((int) Native.THREADS.invokeExact(out), "threads");
      return out.get(ValueLayout.JAVA_INT, 0);
    } catch (Throwable e) {
      throw Native.failure(e);
    }
  }

  /**
   * Says how many threads an operator may use that this thread calls, or one that begins to later.
   *
   * @param threads at least 1
   */
  public void useThreads(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads %d: expected at least 1".formatted(threads));
    }
    try {
      Native.USE_THREADS.invokeExact(threads);
    } catch (Throwable e) {
      throw Native.failure(e);
    }
  }

  /** What threads of the library do between two operators, as the environment says. */
  static Threads.Waiting waiting() {
    return Threads.Waiting.of(System.getenv());
  }

  /** Whether the environment asks for CUDA graphs. */
  static boolean wantsGraphs() {
    return CudaGraphs.areWanted(System.getenv());
  }

  /** True if the library can drive a GPU. */
  public boolean hasCuda() {
    return cuda;
  }

  MethodHandle bind(String function, MemoryLayout result, MemoryLayout... arguments) {
    return bindIfPresent(function, result, arguments)
        .orElseThrow(() -> new TensorException(origin + " lacks the function " + function));
  }

  Optional<MethodHandle> bindIfPresent(
      String function, MemoryLayout result, MemoryLayout... arguments) {
    return bindIfPresent(function, FunctionDescriptor.of(result, arguments));
  }

  MethodHandle bindVoid(String function, MemoryLayout... arguments) {
    return bindVoidIfPresent(function, arguments).orElseThrow();
  }

  Optional<MethodHandle> bindVoidIfPresent(String function, MemoryLayout... arguments) {
    return bindIfPresent(function, FunctionDescriptor.ofVoid(arguments));
  }

  Optional<MethodHandle> bindIfPresent(String function, FunctionDescriptor descriptor) {
    return find(function).map(address -> Linker.nativeLinker().downcallHandle(address, descriptor));
  }

  boolean has(String function) {
    return find(function).isPresent();
  }

  private Optional<MemorySegment> find(String function) {
    return torch
        .find(function)
        .or(() -> core.find(function))
        .or(() -> Linker.nativeLinker().defaultLookup().find(function));
  }

  /**
   * Where Anneal keeps what it can make again: {@code ANNEAL_CACHE}, else {@code anneal} in the
   * user's cache folder.
   */
  public static Path cacheFolder() {
    String chosen = System.getenv("ANNEAL_CACHE");
    if (chosen != null && !chosen.isBlank()) {
      return Path.of(chosen);
    }
    String shared = System.getenv("XDG_CACHE_HOME");
    Path caches =
        shared == null || shared.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(shared);
    return caches.resolve("anneal");
  }

  private static Path unpacked() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String machine = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    String os = system.startsWith("mac") ? "macosx" : system;
    String arch =
        switch (machine) {
          case "amd64" -> "x86_64";
          case "aarch64" -> "arm64";
          default -> machine;
        };
    return new NativeFiles(os + "-" + arch).unpackedInto(cacheFolder().resolve("natives"));
  }

  private static Libtorch open() {
    String chosen = System.getenv("ANNEAL_LIBTORCH");
    if (chosen != null && !chosen.isBlank()) {
      Path folder = Path.of(chosen);
      if (!Files.isRegularFile(folder.resolve("libtorch_cpu.so"))) {
        throw new TensorException(
            "ANNEAL_LIBTORCH=" + chosen + ": expected a folder that holds libtorch_cpu.so");
      }
      return open(folder, "libtorch of ANNEAL_LIBTORCH");
    }
    String blas = System.getenv("ANNEAL_OPENBLAS");
    if (blas != null && !blas.isBlank()) {
      library(Path.of(blas));
      return open(unpacked(), "default libtorch with OpenBLAS of ANNEAL_OPENBLAS");
    }
    Path folder = unpacked();
    for (String file : new String[] {"libquadmath.so.0", "libgfortran.so.5", "libopenblas.so.0"}) {
      library(folder.resolve(file));
    }
    return open(folder, "default libtorch with its own OpenBLAS");
  }

  private static Libtorch open(Path folder, String origin) {
    try (Stream<Path> files = Files.list(folder)) {
      files
          .filter(file -> file.getFileName().toString().startsWith("libgomp"))
          .sorted()
          .forEach(Libtorch::library);
    } catch (IOException e) {
      throw new TensorException("cannot read " + folder, e);
    }
    SymbolLookup core = library(folder.resolve("libc10.so"));
    SymbolLookup torch = library(folder.resolve("libtorch_cpu.so"));
    Path cuda = folder.resolve("libtorch_cuda.so");
    if (!Files.isRegularFile(cuda)) {
      return new Libtorch(origin, core, torch, false);
    }
    library(folder.resolve("libc10_cuda.so"));
    SymbolLookup gpu = library(cuda);
    return new Libtorch(origin, core, name -> torch.find(name).or(() -> gpu.find(name)), true);
  }

  private static SymbolLookup library(Path file) {
    try {
      return SymbolLookup.libraryLookup(file, FOREVER);
    } catch (IllegalArgumentException e) {
      throw new TensorException("cannot open " + file + ": " + e.getMessage(), e);
    }
  }
}

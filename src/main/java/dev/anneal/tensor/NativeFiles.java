package dev.anneal.tensor;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;

/**
 * The native files of the default library, unpacked from their jars once into a cache folder.
 *
 * <p>The folder carries the versions of the jars in its name, so another version never meets old
 * files. Two processes that start together are safe: one unpacks into a temporary folder and moves
 * it into place, the other waits for the lock and finds it done.
 */
final class NativeFiles {
  private static final String PLATFORM = platform();
  private static final String TORCH = "org/bytedeco/pytorch/" + PLATFORM + "/";
  private static final String BLAS = "org/bytedeco/openblas/" + PLATFORM + "/";
  private static final List<String> TORCH_FILES =
      List.of("libgomp.so.1", "libc10.so", "libtorch_cpu.so");
  private static final List<String> BLAS_FILES =
      List.of("libquadmath.so.0", "libgfortran.so.5", "libopenblas.so.0");

  private NativeFiles() {}

  /** The folder that holds the default library's files, filled if it is not there yet. */
  static Path unpacked() {
    String name =
        jarName(TORCH + TORCH_FILES.getFirst()) + "+" + jarName(BLAS + BLAS_FILES.getLast());
    Path root = cacheFolder().resolve("natives");
    Path folder = root.resolve(name);
    if (Files.isDirectory(folder)) {
      return folder;
    }
    try {
      Files.createDirectories(root);
      try (FileChannel channel =
              FileChannel.open(
                  root.resolve(name + ".lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          var lock = channel.lock()) {
        if (lock.isValid() && !Files.isDirectory(folder)) {
          unpack(root, folder);
        }
      }
      return folder;
    } catch (IOException e) {
      throw new TensorException("cannot unpack the native library into " + folder + ": " + e, e);
    }
  }

  private static void unpack(Path root, Path folder) throws IOException {
    Path temporary = Files.createTempDirectory(root, "unpacking-");
    try {
      for (String file : TORCH_FILES) {
        copy(TORCH + file, temporary.resolve(file));
      }
      for (String file : BLAS_FILES) {
        copy(BLAS + file, temporary.resolve(file));
      }
      Files.move(temporary, folder, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      delete(temporary);
    }
  }

  private static void copy(String resource, Path target) throws IOException {
    try (InputStream in = resource(resource).openStream()) {
      Files.copy(in, target);
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      try (var files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(folder);
    }
  }

  private static String jarName(String resource) {
    String jar = resource(resource).getPath();
    jar = jar.substring(0, jar.indexOf(".jar!"));
    return jar.substring(jar.lastIndexOf('/') + 1);
  }

  private static URL resource(String name) {
    URL url = NativeFiles.class.getClassLoader().getResource(name);
    if (url == null || !url.getProtocol().equals("jar")) {
      throw new TensorException(
          "no native library for "
              + PLATFORM
              + " on the class path: set ANNEAL_LIBTORCH to the lib folder of a libtorch or PyTorch"
              + " install");
    }
    return url;
  }

  private static Path cacheFolder() {
    String chosen = System.getenv("ANNEAL_CACHE");
    if (chosen != null) {
      return Path.of(chosen);
    }
    String shared = System.getenv("XDG_CACHE_HOME");
    Path caches =
        shared == null ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(shared);
    return caches.resolve("anneal");
  }

  private static String platform() {
    String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String machine = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    String os = system.startsWith("mac") ? "macosx" : system.startsWith("linux") ? "linux" : system;
    return os
        + "-"
        + (machine.equals("amd64") ? "x86_64" : machine.equals("aarch64") ? "arm64" : machine);
  }
}

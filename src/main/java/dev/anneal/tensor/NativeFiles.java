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

/**
 * The native files of the default library, unpacked from their jars once into a cache folder.
 *
 * <p>The folder carries the versions of the jars in its name, so another version never meets old
 * files. Two processes that start together are safe: one unpacks into a temporary folder and moves
 * it into place, the other waits for the lock and finds it done.
 */
final class NativeFiles {
  private static final List<String> TORCH_FILES =
      List.of("libgomp.so.1", "libc10.so", "libtorch_cpu.so");
  private static final List<String> BLAS_FILES =
      List.of("libquadmath.so.0", "libgfortran.so.5", "libopenblas.so.0");

  private final String platform;

  /** The files for a platform, named as the jars name it, such as linux-x86_64. */
  NativeFiles(String platform) {
    this.platform = platform;
  }

  private String torch(String file) {
    return "org/bytedeco/pytorch/" + platform + "/" + file;
  }

  private String blas(String file) {
    return "org/bytedeco/openblas/" + platform + "/" + file;
  }

  /** The folder that holds the files, filled if it is not there yet. */
  Path unpackedInto(Path root) {
    String name =
        jarName(torch(TORCH_FILES.getFirst())) + "+" + jarName(blas(BLAS_FILES.getLast()));
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

  private void unpack(Path root, Path folder) throws IOException {
    Path temporary = Files.createTempDirectory(root, "unpacking-");
    try {
      for (String file : TORCH_FILES) {
        copy(torch(file), temporary.resolve(file));
      }
      for (String file : BLAS_FILES) {
        copy(blas(file), temporary.resolve(file));
      }
      Files.move(temporary, folder, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      delete(temporary);
    }
  }

  private void copy(String resource, Path target) throws IOException {
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

  private String jarName(String resource) {
    String jar = resource(resource).getPath();
    jar = jar.substring(0, jar.indexOf(".jar!"));
    return jar.substring(jar.lastIndexOf('/') + 1);
  }

  private URL resource(String name) {
    URL url = NativeFiles.class.getClassLoader().getResource(name);
    if (url == null || !url.getProtocol().equals("jar")) {
      throw new TensorException(
          "no native library for "
              + platform
              + " on the class path: set ANNEAL_LIBTORCH to the lib folder of a libtorch or PyTorch"
              + " install");
    }
    return url;
  }
}

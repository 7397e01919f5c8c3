package dev.anneal.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The memory of this process as the system counts it, native memory included. */
public final class ProcessMemory {
  private static final Path STATUS = Path.of("/proc/self/status");

  private ProcessMemory() {}

  /** What it has now, in MB; −1 where the system does not tell. */
  public static long megabytes() throws IOException {
    return megabytes("VmRSS:");
  }

  /** The most it ever had, in MB; −1 where the system does not tell. */
  public static long peakMegabytes() throws IOException {
    return megabytes("VmHWM:");
  }

  private static long megabytes(String name) throws IOException {
    if (!Files.isReadable(STATUS)) {
      return -1;
    }
    try (var lines = Files.lines(STATUS)) {
      return lines
          .filter(line -> line.startsWith(name))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
          .findFirst()
          .orElse(-1);
    }
  }
}

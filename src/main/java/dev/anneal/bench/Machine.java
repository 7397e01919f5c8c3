package dev.anneal.bench;

import dev.anneal.tensor.Libtorch;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What the numbers were measured on.
 *
 * @param library which libtorch and which BLAS
 * @param threads of an operator
 * @param processor its name, or what is known of it
 * @param processors how many there are
 * @param load how many processes wanted one, on average over the last minute; below 0 if unknown
 */
public record Machine(String library, int threads, String processor, int processors, double load) {
  private static final Path PROCESSORS = Path.of("/proc/cpuinfo");
  private static final String NAME = "model name";

  /** This machine, now. */
  public static Machine here() throws IOException {
    return new Machine(
        Libtorch.load().origin(),
        Libtorch.load().threads(),
        processorName(),
        Runtime.getRuntime().availableProcessors(),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
  }

  private static String processorName() throws IOException {
    String kind = ManagementFactory.getOperatingSystemMXBean().getArch();
    if (!Files.isReadable(PROCESSORS)) {
      return kind;
    }
    try (var lines = Files.lines(PROCESSORS)) {
      return lines
          .filter(line -> line.startsWith(NAME))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(kind);
    }
  }

  /** All in one line. */
  public String words() {
    return String.format(
        Locale.ROOT,
        "%s, %d threads; %d × %s, load %.1f",
        library,
        threads,
        processors,
        processor,
        load);
  }
}

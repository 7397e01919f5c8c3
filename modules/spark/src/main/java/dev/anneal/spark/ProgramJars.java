package dev.anneal.spark;

import dev.anneal.cli.Task;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** The jars that this program consists of, without Spark's own, which a cluster has. */
final class ProgramJars {

  private ProgramJars() {}

  /** Their paths, as {@code spark.jars} takes them. */
  static String list() {
    Path core = home(Task.class);
    var jars = new ArrayList<Path>();
    jars.add(home(SparkEngine.class));
    jars.add(core);
    named(core).map(core::resolveSibling).filter(Files::exists).forEach(jars::add);
    return String.join(",", jars.stream().map(Path::toString).toList());
  }

  private static Path home(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError("class loaders give proper addresses", e);
    }
  }

  /** What a jar's manifest names as its class path. */
  private static Stream<String> named(Path jar) {
    try (var file = new JarFile(new File(jar.toString()))) {
      String classPath =
          file.getManifest().getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
      return Stream.of(classPath.split(" ")).map(URI::create).map(URI::getPath);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

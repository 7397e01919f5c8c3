package dev.anneal;

import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs a copy of the launcher, with JDKs and a Maven that are three lines of shell each. */
class LauncherTest {

  /** How a run of the launcher ended. */
  private record Outcome(int exitCode, String out, String err) {}

  @TempDir private Path folder;
  private Path launcher;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void copyTheLauncher() throws IOException {
    Path root = folder.resolve("with a space");
    Files.createDirectories(root.resolve("bin"));
    Files.createDirectories(root.resolve("src/main"));
    Files.createDirectories(root.resolve("modules"));
    Files.writeString(root.resolve("pom.xml"), "<project/>");
    Files.writeString(root.resolve("modules/pom.xml"), "<project/>");
    launcher = Files.copy(Path.of("anneal"), root.resolve("anneal"), COPY_ATTRIBUTES);
    Files.copy(Path.of("bin/jdk.sh"), root.resolve("bin/jdk.sh"));
    maven("echo >> \"$root/builds\"; sleep 0.3; touch \"$root/target/anneal-1.jar\"");
    environment.put("PATH", folder.resolve("path") + ":/usr/bin:/bin");
    environment.put("ANNEAL_JDKS", folder.resolve("no-jdk-here").toString());
  }

  private static void script(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private void maven(String text) throws IOException {
    script(folder.resolve("path/mvn"), "root=${4%/pom.xml}\n" + text + "\n");
  }

  /** A JDK whose {@code java} prints what it was given and ends with {@code EXIT_CODE}. */
  private String jdk(String version) throws IOException {
    Path home = folder.resolve("jdk " + version);
    script(home.resolve("bin/javac"), "");
    script(
        home.resolve("bin/java"),
        """
        echo "version=%s openblas=${ANNEAL_OPENBLAS-unset} wait=${OMP_WAIT_POLICY-unset}"
        printf '<%%s>\\n' "$@"
        exit "${EXIT_CODE-0}"
        """
            .formatted(version));
    Files.writeString(home.resolve("release"), "X=\"Y\"\nJAVA_VERSION=\"" + version + "\"\n");
    return home.toString();
  }

  private Process start(Path program, String... words) throws IOException {
    var command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(words));
    var builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder.start();
  }

  private Outcome run(Path program, String... words) throws Exception {
    Process process = start(program, words);
    try (var out = process.inputReader();
        var err = process.errorReader()) {
      return new Outcome(process.waitFor(), out.readAllAsString(), err.readAllAsString());
    }
  }

  private int builds() throws IOException {
    return Files.readAllLines(launcher.resolveSibling("builds")).size();
  }

  @Test
  void aJdkTooOldIsNamedOnOneLine() throws Exception {
    String old = jdk("17.0.15");
    environment.put("JAVA_HOME", old);
    Outcome outcome = run(launcher);
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err().lines()).hasSize(1);
    assertThat(outcome.err())
        .startsWith("anneal: needs a JDK 25 or newer, found 17.0.15 (" + old + ")")
        .contains("install Eclipse Temurin 25");
  }

  @Test
  void javaHomeWinsWhereItIsNewEnough() throws Exception {
    environment.put("JAVA_HOME", jdk("25"));
    environment.put("ANNEAL_JDKS", jdk("26-ea"));
    assertThat(run(launcher).out()).startsWith("version=25 ");
  }

  @Test
  void theNewestOfTheUsualPlacesReplacesAJavaHomeTooOld() throws Exception {
    environment.put("JAVA_HOME", jdk("1.8.0_392"));
    environment.put("PATH", jdk("21.0.1") + "/bin:" + environment.get("PATH"));
    environment.put("ANNEAL_JDKS", jdk("25.0.3") + ":" + jdk("27.0.1") + ":" + jdk("26"));
    assertThat(run(launcher).out()).startsWith("version=27.0.1 ");
  }

  @Test
  void sourcesAreBuiltOnceAndAgainAfterAChange() throws Exception {
    environment.put("JAVA_HOME", jdk("25"));
    assertThat(run(launcher).err()).isEqualTo("Building Anneal (once) …\n");
    assertThat(run(launcher).err()).isEmpty();
    assertThat(builds()).isEqualTo(1);
    Path source = Files.createFile(launcher.resolveSibling("src/main/A.java"));
    Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
    assertThat(run(launcher).exitCode()).isZero();
    assertThat(builds()).isEqualTo(2);
  }

  @Test
  void sparkIsBuiltOnceWhereItIsAskedFor() throws Exception {
    environment.put("JAVA_HOME", jdk("25"));
    Path spark = Files.createDirectories(launcher.resolveSibling("modules/spark/src/main"));
    Files.writeString(spark.resolveSibling("../pom.xml"), "<project/>");
    maven(
        """
        root=${root%/modules}
        echo "$*" >> "$root/builds"
        touch "$root/target/anneal-1.jar"\
        """);
    Outcome first = run(launcher, "evaluate", "a.txt", "--engine", "spark");
    assertThat(first.err())
        .startsWith("Building Anneal (once) …\nBuilding Anneal for Spark (once;");
    assertThat(first.out())
        .contains("/anneal.jar:", "/modules/spark/target/anneal-spark.jar:", "/lib/*>")
        .endsWith("<dev.anneal.cli.Main>\n<evaluate>\n<a.txt>\n<--engine>\n<spark>\n");
    assertThat(Files.readString(launcher.resolveSibling("builds")))
        .contains("-pl :anneal-spark -am package");
    assertThat(run(launcher, "evaluate", "--engine=spark", "spark").err()).isEmpty();
    assertThat(run(launcher, "evaluate", "spark").out())
        .contains("<-jar>")
        .doesNotContain("/lib/*>");
    assertThat(builds()).isEqualTo(2);
  }

  @Test
  void startsAtTheSameTimeBuildOnce() throws Exception {
    environment.put("JAVA_HOME", jdk("25"));
    var processes = List.of(start(launcher), start(launcher), start(launcher));
    for (Process process : processes) {
      assertThat(process.waitFor()).isZero();
    }
    assertThat(builds()).isEqualTo(1);
  }

  @Test
  void aFailedBuildShowsTheCompilersErrorsAndIsTriedAgain() throws Exception {
    environment.put("JAVA_HOME", jdk("25"));
    maven(
        """
        echo "[ERROR] A.java:[3,5] cannot find symbol"
        echo "[ERROR] Failed to execute goal compile: Compilation failure -> [Help 1]"
        echo "[ERROR] advice about Maven"
        exit 1\
        """);
    for (int attempt = 0; attempt < 2; attempt++) {
      Outcome outcome = run(launcher, "generate");
      assertThat(outcome.exitCode()).isEqualTo(1);
      assertThat(outcome.out()).isEmpty();
      assertThat(outcome.err())
          .contains("A.java:[3,5] cannot find symbol")
          .doesNotContain("advice");
    }
  }

  @Test
  void wordsAndTheExitCodePassUnchangedThroughALink() throws Exception {
    environment.put("JAVA_HOME", jdk("25"));
    environment.put("ANNEAL_JAVA_OPTS", "-Xmx9g -Dstar=*");
    environment.put("EXIT_CODE", "7");
    Path link = Files.createSymbolicLink(folder.resolve("link"), launcher);
    Outcome outcome = run(link, "generate", "--prompt", "It was * a", "");
    assertThat(outcome.exitCode()).isEqualTo(7);
    assertThat(outcome.out())
        .contains("<-Xmx9g>\n<-Dstar=*>\n<-jar>\n")
        .endsWith("anneal.jar>\n<generate>\n<--prompt>\n<It was * a>\n<>\n");
  }

  @Test
  void threadsThatWaitSleepUnlessTheUserChoseOtherwise() throws Exception {
    environment.put("JAVA_HOME", jdk("25"));
    environment.put("ANNEAL_OPENBLAS", "");
    assertThat(run(launcher).out()).contains("openblas= wait=passive");
    environment.put("OMP_WAIT_POLICY", "active");
    assertThat(run(launcher).out()).contains("openblas= wait=active");
  }

  @Test
  void anotherOpenBlasOrLibtorchIsLeftAlone() throws Exception {
    environment.put("JAVA_HOME", jdk("25"));
    environment.put("ANNEAL_OPENBLAS", "blas/openblas.so");
    assertThat(run(launcher).out()).contains("openblas=blas/openblas.so wait=passive");
    environment.remove("ANNEAL_OPENBLAS");
    environment.put("ANNEAL_LIBTORCH", "torch/lib");
    assertThat(run(launcher).out()).contains("openblas=unset wait=passive");
  }
}

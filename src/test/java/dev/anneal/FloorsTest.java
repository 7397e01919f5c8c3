package dev.anneal;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.lang.foreign.Linker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The laws of the house: which package may import, call and print what. */
class FloorsTest {

  private static final String ROOT = "dev.anneal.";

  /** From the ground up; a package imports packages of lower floors only. */
  private static final List<Set<String>> FLOORS =
      List.of(
          Set.of("tensor", "schedule", "recipe", "client", "picture"),
          Set.of("noise", "attention", "data"),
          Set.of("model", "task"),
          Set.of("objective", "sample", "store"),
          Set.of("train", "evaluate"),
          Set.of("serve", "study"),
          Set.of("bench"),
          Set.of("cli"));

  /** They talk to the user. */
  private static final String[] OUTSIDE = {ROOT + "cli..", ROOT + "serve.."};

  /** Ways to call native code; mapping a file needs none of them. */
  private static final Set<String> NATIVE_CALLS =
      Set.of(
          "java.lang.foreign.Linker",
          "java.lang.foreign.SymbolLookup",
          "java.lang.foreign.FunctionDescriptor");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new DoNotIncludeTests())
          .importPackages("dev.anneal");

  private static final ArchRule ONLY_TENSOR_CALLS_NATIVE_CODE =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + "tensor..")
          .should()
          .dependOnClassesThat(
              describe("call native code", type -> NATIVE_CALLS.contains(type.getName())))
          .orShould()
          .callMethodWhere(called(Set.of("load", "loadLibrary"), System.class, Runtime.class))
          .allowEmptyShould(true);

  private static final ArchRule ONLY_OUTSIDE_PRINTS =
      noClasses()
          .that()
          .resideOutsideOfPackages(OUTSIDE)
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err")
          .orShould()
          .accessField(System.class, "in")
          .orShould()
          .callMethod(Throwable.class, "printStackTrace")
          .allowEmptyShould(true);

  private static final ArchRule ONLY_OUTSIDE_EXITS =
      noClasses()
          .that()
          .resideOutsideOfPackages(OUTSIDE)
          .should()
          .callMethodWhere(called(Set.of("exit", "halt"), System.class, Runtime.class))
          .allowEmptyShould(true);

  /**
   * Where libtorch and OpenBLAS lie is for the environment to say, also in tests and benchmarks.
   */
  private static final ArchRule ONLY_OUTSIDE_AND_LIBTORCH_READ_THE_ENVIRONMENT =
      noClasses()
          .that()
          .resideOutsideOfPackages(OUTSIDE)
          .and(describe("are not Libtorch", type -> !isOrIsIn(type, ROOT + "tensor.Libtorch")))
          .should()
          .callMethodWhere(called(Set.of("getenv", "getProperty", "getProperties"), System.class))
          .orShould()
          .callMethod(Boolean.class, "getBoolean", String.class)
          .orShould()
          .callMethodWhere(called(Set.of("getInteger"), Integer.class))
          .orShould()
          .callMethodWhere(called(Set.of("getLong"), Long.class))
          .allowEmptyShould(true);

  private static DescribedPredicate<JavaMethodCall> called(Set<String> names, Class<?>... owners) {
    return describe(
        "call " + names,
        call -> {
          AccessTarget target = call.getTarget();
          return names.contains(target.getName())
              && Stream.of(owners).anyMatch(target.getOwner()::isEquivalentTo);
        });
  }

  private static boolean isOrIsIn(JavaClass type, String name) {
    return type.getName().equals(name) || type.getName().startsWith(name + "$");
  }

  private static String[] patterns(Stream<String> packages) {
    return packages.map(name -> ROOT + name + "..").toArray(String[]::new);
  }

  /** A package may not import its neighbours on the same floor, or anything above. */
  private static ArchRule importsLowerFloorsOnly(int floor, String name) {
    Stream<String> forbidden =
        FLOORS.subList(floor, FLOORS.size()).stream()
            .flatMap(Set::stream)
            .filter(other -> !other.equals(name));
    return noClasses()
        .that()
        .resideInAPackage(ROOT + name + "..")
        .should()
        .dependOnClassesThat(resideInAnyPackage(patterns(forbidden)))
        .allowEmptyShould(true);
  }

  @Test
  void aPackageImportsLowerFloorsOnly() {
    for (int floor = 0; floor < FLOORS.size(); floor++) {
      for (String name : FLOORS.get(floor)) {
        importsLowerFloorsOnly(floor, name).check(CLASSES);
      }
    }
  }

  @Test
  void everyPackageHasItsFloor() {
    classes()
        .should()
        .resideInAnyPackage(patterns(FLOORS.stream().flatMap(Set::stream)))
        .check(CLASSES);
  }

  @Test
  void noPackagesImportEachOther() {
    slices().matching(ROOT + "(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void onlyTensorCallsNativeCode() {
    ONLY_TENSOR_CALLS_NATIVE_CODE.check(CLASSES);
  }

  @Test
  void onlyTheCommandLineAndTheServerPrint() {
    ONLY_OUTSIDE_PRINTS.check(CLASSES);
  }

  @Test
  void onlyTheCommandLineAndTheServerExit() {
    ONLY_OUTSIDE_EXITS.check(CLASSES);
  }

  @Test
  void onlyTheCommandLineTheServerAndLibtorchReadTheEnvironment() {
    ONLY_OUTSIDE_AND_LIBTORCH_READ_THE_ENVIRONMENT.check(CLASSES);
  }

  /** Breaks every law that is about a single class. */
  static final class Offender {
    static void print() {
      System.err.println(Linker.nativeLinker());
    }

    static void exit() {
      Runtime.getRuntime().halt(Integer.getInteger("code", 1));
    }
  }

  @Test
  void anOffenderIsFound() {
    JavaClasses offender = new ClassFileImporter().importClasses(Offender.class);
    assertThat(
            List.of(
                ONLY_TENSOR_CALLS_NATIVE_CODE,
                ONLY_OUTSIDE_PRINTS,
                ONLY_OUTSIDE_EXITS,
                ONLY_OUTSIDE_AND_LIBTORCH_READ_THE_ENVIRONMENT))
        .allMatch(rule -> rule.evaluate(offender).hasViolation());
  }

  @Test
  void noFileIsLongerThanFourHundredLines() throws IOException {
    var tooLong = new ArrayList<Path>();
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        if (Files.readAllLines(file).size() > 400) {
          tooLong.add(file);
        }
      }
    }
    assertThat(tooLong).isEmpty();
  }
}

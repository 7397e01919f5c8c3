package dev.anneal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafeTensorsTest {

  /** Written by the format's reference library, one tensor of each element type. */
  private static final Path REFERENCE =
      Path.of("src/test/resources/dev/anneal/store/reference.safetensors");

  @TempDir Path folder;

  @Test
  void aFileOfTheReferenceLibraryIsReadTensorByTensor() throws IOException {
    try (var file = SafeTensors.open(REFERENCE)) {
      assertThat(file.metadata())
          .containsOnly(entry("format", "pt"), entry("title", "ελέγχω \"quoted\"\n"));
      assertThat(file.tensors()).hasSize(11);
      assertTensor(file, "matrix", ElementType.F32, List.of(2L, 3L));
      assertThat(tensor(file, "matrix").bytes().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED))
          .containsExactly(0.5f, -1.5f, 2.0f, 3.25f, 4.0f, -5.0f);
      assertTensor(file, "double", ElementType.F64, List.of());
      assertThat(tensor(file, "double").bytes().toArray(ValueLayout.JAVA_DOUBLE_UNALIGNED))
          .containsExactly(0.1);
      assertTensor(file, "half", ElementType.F16, List.of(3L));
      assertThat(tensor(file, "half").bytes().toArray(ValueLayout.JAVA_SHORT_UNALIGNED))
          .containsExactly((short) 0x3C00, (short) 0xC100, (short) 0x7BFF);
      assertTensor(file, "brain", ElementType.BF16, List.of(1L, 2L));
      assertThat(tensor(file, "brain").bytes().toArray(ValueLayout.JAVA_SHORT_UNALIGNED))
          .containsExactly((short) 0x3F80, (short) 0xC049);
      assertTensor(file, "empty", ElementType.F32, List.of(0L, 5L));
    }
  }

  @Test
  void theWholeNumbersOfTheReferenceLibraryAreRead() throws IOException {
    try (var file = SafeTensors.open(REFERENCE)) {
      assertTensor(file, "ids", ElementType.I64, List.of(3L));
      assertThat(tensor(file, "ids").bytes().toArray(ValueLayout.JAVA_LONG_UNALIGNED))
          .containsExactly(1L, -1L, 1L << 62);
      assertTensor(file, "words", ElementType.I32, List.of(2L));
      assertThat(tensor(file, "words").bytes().toArray(ValueLayout.JAVA_INT_UNALIGNED))
          .containsExactly(7, -8);
      assertTensor(file, "shorts", ElementType.I16, List.of(1L));
      assertThat(tensor(file, "shorts").bytes().toArray(ValueLayout.JAVA_SHORT_UNALIGNED))
          .containsExactly((short) 300);
      assertTensor(file, "bytes", ElementType.I8, List.of(2L));
      assertTensor(file, "mask", ElementType.U8, List.of(3L));
      assertTensor(file, "flag", ElementType.BOOL, List.of(2L));
      assertThat(tensor(file, "bytes").bytes().toArray(ValueLayout.JAVA_BYTE))
          .containsExactly(-128, 127);
      assertThat(tensor(file, "mask").bytes().toArray(ValueLayout.JAVA_BYTE))
          .containsExactly(0, 1, -1);
      assertThat(tensor(file, "flag").bytes().toArray(ValueLayout.JAVA_BYTE)).containsExactly(1, 0);
    }
  }

  @Test
  void publishedModelFilesAreReadToTheLastByte() throws IOException {
    Path fixtures = Path.of("../shared/fixtures");
    Assumptions.assumeTrue(Files.exists(fixtures), fixtures + " is missing: skipped");
    List<Path> files;
    try (Stream<Path> all = Files.walk(fixtures)) {
      files = all.filter(path -> path.toString().endsWith(".safetensors")).toList();
    }
    assertThat(files).isNotEmpty();
    for (Path path : files) {
      try (var file = SafeTensors.open(path)) {
        assertThat(file.tensors().values())
            .as(path.toString())
            .isNotEmpty()
            .allSatisfy(SafeTensorsTest::assertFinite);
      }
    }
  }

  @Test
  void theTensorsKeepTheOrderOfTheHeader() throws IOException {
    Path path =
        HandMade.file(
            folder,
            HandMade.bytes(
                """
                {"zebra": {"dtype": "U8", "shape": [2], "data_offsets": [3, 5]},
                 "ape": {"data_offsets": [0, 3], "shape": [3, 1], "dtype": "I8"}}
                """,
                5));

    try (var file = SafeTensors.open(path)) {
      assertThat(file.tensors()).containsOnlyKeys("zebra", "ape");
      assertThat(file.tensors().firstEntry().getKey()).isEqualTo("zebra");
      assertThat(file.metadata()).isEmpty();
    }
  }

  @Test
  void aFileWithoutTensorsIsValid() throws IOException {
    try (var file = SafeTensors.open(HandMade.file(folder, HandMade.bytes("{}", 0)))) {
      assertThat(file.tensors()).isEmpty();
    }
  }

  @Test
  void aTensorThatStartsBetweenTwoFloatsSaysSo() throws IOException {
    String header = "{\"w\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [0, 4]}}";
    String padding = " ".repeat(Float.BYTES - header.length() % Float.BYTES);
    try (var file = SafeTensors.open(HandMade.file(folder, HandMade.bytes(header + padding, 4)))) {
      assertThat(tensor(file, "w").isAligned()).isTrue();
    }
    try (var file =
        SafeTensors.open(HandMade.file(folder, HandMade.bytes(header + padding + " ", 4)))) {
      assertThat(tensor(file, "w").isAligned()).isFalse();
    }
  }

  @Test
  void theBytesCannotBeWrittenToAndEndWithTheFile() throws IOException {
    var file = SafeTensors.open(REFERENCE);
    var bytes = tensor(file, "mask").bytes();
    assertThat(bytes.isReadOnly()).isTrue();

    file.close();
    file.close();

    assertThatThrownBy(() -> bytes.get(ValueLayout.JAVA_BYTE, 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aMissingFileIsNamed() {
    Path missing = folder.resolve("nowhere.safetensors");
    assertThatThrownBy(() -> SafeTensors.open(missing))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining(missing.toString());
  }

  @Test
  void aFolderIsRefusedByName() {
    assertThatThrownBy(() -> SafeTensors.open(folder))
        .isInstanceOf(RefusedFileException.class)
        .hasMessage(folder + ": not a regular file");
  }

  @Test
  void aFileThatDoesNotFitTheModelIsRefusedByName() throws IOException {
    try (var file = SafeTensors.open(HandMade.file(folder, HandMade.bytes("{}", 0)))) {
      file.requireExactly(Map.of());
      assertThatThrownBy(() -> file.requireExactly(Map.of("head.weight", List.of(2L))))
          .isInstanceOf(RefusedFileException.class)
          .hasMessage(file.file() + ": does not fit the model: 1 missing: [head.weight]");
    }
  }

  private static StoredTensor tensor(SafeTensors file, String name) {
    return Objects.requireNonNull(file.tensors().get(name), name);
  }

  private static void assertTensor(
      SafeTensors file, String name, ElementType type, List<Long> shape) {
    assertThat(tensor(file, name).declaration())
        .isEqualTo(new TensorDeclaration(name, type, shape));
  }

  private static void assertFinite(StoredTensor tensor) {
    if (tensor.type() == ElementType.F32) {
      for (float value : tensor.bytes().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED)) {
        assertThat(Float.isFinite(value)).as(tensor.name()).isTrue();
      }
    }
  }
}

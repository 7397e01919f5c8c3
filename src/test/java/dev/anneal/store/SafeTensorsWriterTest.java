package dev.anneal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafeTensorsWriterTest {

  @TempDir Path folder;

  @Test
  void aFileHoldsExactlyTheBytesOfTheFormat() throws IOException {
    Path path = folder.resolve("small.safetensors");
    SafeTensorsWriter.write(
        path, Map.of("format", "pt"), List.of(tensor("w", ElementType.U8, List.of(3L), 7, 8, 9)));

    String header =
        "{\"__metadata__\":{\"format\":\"pt\"},"
            + "\"w\":{\"dtype\":\"U8\",\"shape\":[3],\"data_offsets\":[0,3]}}";
    byte[] expected = HandMade.bytes(header + " ".repeat(120 - header.length()), 3);
    System.arraycopy(new byte[] {7, 8, 9}, 0, expected, 128, 3);
    assertThat(path).hasBinaryContent(expected);
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    Path path = folder.resolve("model.safetensors");
    var metadata = new LinkedHashMap<String, String>();
    metadata.put("recipe", "width: 4\nρ: \"1\"\0");
    metadata.put("card", "");
    List<StoredTensor> written = oneOfEachType();

    SafeTensorsWriter.write(path, metadata, written);

    try (var file = SafeTensors.open(path)) {
      assertThat(file.metadata()).containsExactlyEntriesOf(metadata);
      assertThat(file.tensors().values())
          .extracting(StoredTensor::declaration)
          .containsExactlyElementsOf(written.stream().map(StoredTensor::declaration).toList());
      for (StoredTensor tensor : written) {
        assertThat(file.tensors().get(tensor.name()))
            .isNotNull()
            .satisfies(found -> assertThat(found.bytes().mismatch(tensor.bytes())).isEqualTo(-1))
            .matches(StoredTensor::isAligned, "is aligned");
      }
    }
  }

  @Test
  void aTensorLargerThanAPieceIsWrittenWhole() throws IOException {
    byte[] bytes = new byte[2_500_000];
    new Random(1).nextBytes(bytes);
    var declaration = new TensorDeclaration("w", ElementType.I8, List.of(2_500_000L));
    Path path = folder.resolve("large.safetensors");

    SafeTensorsWriter.write(
        path, Map.of(), List.of(new StoredTensor(declaration, MemorySegment.ofArray(bytes))));

    try (var file = SafeTensors.open(path)) {
      assertThat(
              file.tensors().firstEntry().getValue().bytes().mismatch(MemorySegment.ofArray(bytes)))
          .isEqualTo(-1);
    }
  }

  @Test
  void aMappedFileOutlivesItsReplacement() throws IOException {
    Path target = folder.resolve("model.safetensors");
    SafeTensorsWriter.write(target, Map.of("version", "old"), List.of());
    try (var old = SafeTensors.open(target)) {
      SafeTensorsWriter.write(target, Map.of("version", "new"), List.of());
      assertThat(old.metadata()).containsEntry("version", "old");
      try (var replaced = SafeTensors.open(target)) {
        assertThat(replaced.metadata()).containsEntry("version", "new");
      }
    }
  }

  @Test
  void theSourceIsAskedForOneTensorAfterTheOther() throws IOException {
    var asked = new ArrayList<String>();
    var declarations =
        List.of(
            new TensorDeclaration("small", ElementType.U8, List.of(1L)),
            new TensorDeclaration("large", ElementType.F64, List.of()));
    Path path = folder.resolve("model.safetensors");

    SafeTensorsWriter.write(
        path,
        Map.of(),
        declarations,
        declaration -> {
          asked.add(declaration.name());
          return MemorySegment.ofArray(new byte[(int) declaration.byteSize()]);
        });

    assertThat(asked).containsExactly("large", "small");
    try (var file = SafeTensors.open(path)) {
      assertThat(file.tensors().sequencedKeySet()).containsExactly("small", "large");
    }
  }

  @Test
  void aSourceThatFailsHalfWayLeavesTheOldFileAndNothingElse() throws IOException {
    Path path = folder.resolve("model.safetensors");
    Files.writeString(path, "old");
    var declarations =
        List.of(
            new TensorDeclaration("first", ElementType.U8, List.of(1L)),
            new TensorDeclaration("second", ElementType.U8, List.of(1L)));

    assertThatThrownBy(
            () ->
                SafeTensorsWriter.write(
                    path,
                    Map.of(),
                    declarations,
                    declaration -> {
                      if (declaration.name().equals("second")) {
                        throw new IOException("No space left on device");
                      }
                      return MemorySegment.ofArray(new byte[1]);
                    }))
        .isInstanceOf(IOException.class)
        .hasMessage(path + ": No space left on device");
    assertOnlyTheOldFile(path);
  }

  @Test
  void bytesOfAnotherSizeThanDeclaredAreRefusedAndNothingIsWritten() throws IOException {
    Path path = folder.resolve("model.safetensors");
    Files.writeString(path, "old");
    var declarations = List.of(new TensorDeclaration("w", ElementType.F32, List.of(2L)));

    assertThatThrownBy(
            () ->
                SafeTensorsWriter.write(
                    path, Map.of(), declarations, any -> MemorySegment.ofArray(new byte[7])))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("F32 [w] of shape [2] has 7 bytes, expected 8");
    assertOnlyTheOldFile(path);
  }

  @Test
  void aNameUsedTwiceIsRefused() {
    var tensor = tensor("w", ElementType.U8, List.of(1L), 0);
    assertThatThrownBy(
            () ->
                SafeTensorsWriter.write(
                    folder.resolve("model.safetensors"), Map.of(), List.of(tensor, tensor)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[w] is used twice");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aTensorWithTooManyAxesIsRefused() {
    var shape = Collections.nCopies(65, 1L);
    assertThatThrownBy(() -> new TensorDeclaration("w", ElementType.U8, shape))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("[w] has 65 axes, expected at most 64");
  }

  @Test
  void aNegativeAxisIsRefused() {
    assertThatThrownBy(() -> new TensorDeclaration("w", ElementType.U8, List.of(2L, -1L)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("[w] has shape [2, -1], expected no negative length");
  }

  @Test
  void theNameOfTheMetadataIsRefused() {
    assertThatThrownBy(() -> new TensorDeclaration("__metadata__", ElementType.U8, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[__metadata__]");
  }

  private void assertOnlyTheOldFile(Path path) throws IOException {
    assertThat(path).hasContent("old");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(path);
    }
  }

  /** Small elements first, so that only a reordering of the bytes aligns the large ones. */
  private static List<StoredTensor> oneOfEachType() {
    var tensors = new ArrayList<StoredTensor>();
    var random = new Random(2);
    for (ElementType type : List.of(ElementType.values()).reversed()) {
      byte[] bytes = new byte[3 * type.bytes()];
      random.nextBytes(bytes);
      var declaration = new TensorDeclaration("a \"" + type + "\" ε", type, List.of(1L, 3L));
      tensors.add(new StoredTensor(declaration, MemorySegment.ofArray(bytes)));
    }
    return tensors;
  }

  private static StoredTensor tensor(
      String name, ElementType type, List<Long> shape, int... bytes) {
    byte[] content = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      content[i] = (byte) bytes[i];
    }
    return new StoredTensor(
        new TensorDeclaration(name, type, shape), MemorySegment.ofArray(content));
  }
}

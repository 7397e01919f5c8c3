package dev.anneal.store.pytorch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anneal.store.ElementType;
import dev.anneal.store.StoredTensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What torch.save writes is read, tensor by tensor. */
final class PyTorchFileTest {
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  @TempDir private Path folder;

  private <T> T read(TorchZip zip, Function<PyTorchFile, T> reading) throws IOException {
    try (PyTorchFile file = PyTorchFile.open(zip.writeTo(folder.resolve("model.bin")))) {
      return reading.apply(file);
    }
  }

  private List<String> names(byte[] pickle) throws IOException {
    return read(
        TorchZip.of(pickle, TorchZip.floats(1, 2)),
        file -> List.copyOf(file.tensors().sequencedKeySet()));
  }

  private static float[] floats(PyTorchFile file, String name) {
    return MemorySegment.ofArray(bytes(file, name)).toArray(FLOAT);
  }

  private static byte[] bytes(PyTorchFile file, String name) {
    StoredTensor tensor = file.tensors().get(name);
    return tensor == null ? new byte[0] : tensor.bytes().toArray(ValueLayout.JAVA_BYTE);
  }

  /** Items that stand for the tensor [1, 2] of the first storage. */
  private static PickleWriter pair(PickleWriter writer) {
    return writer.tensor("0", 2, 0, new long[] {2}, new long[] {1});
  }

  @Test
  void aTensorIsAViewOfItsStorage() throws IOException {
    byte[] pickle =
        new PickleWriter()
            .code("}(")
            .text("matrix")
            .tensor("0", 7, 1, new long[] {2, 3}, new long[] {3, 1})
            .text("transposed")
            .tensor("0", 7, 1, new long[] {3, 2}, new long[] {1, 3})
            .text("column")
            .tensor("0", 7, 2, new long[] {2}, new long[] {3})
            .text("number")
            .tensor("0", 7, 6, new long[] {}, new long[] {})
            .text("empty")
            .tensor("0", 7, 7, new long[] {4, 0}, new long[] {1, 1})
            .text("row of one")
            .tensor("0", 7, 3, new long[] {1, 2}, new long[] {99, 1})
            .end();
    TorchZip zip = TorchZip.of(pickle, TorchZip.floats(0, 1, 2, 3, 4, 5, 6));
    read(
        zip,
        file -> {
          assertThat(floats(file, "matrix")).containsExactly(1, 2, 3, 4, 5, 6);
          assertThat(floats(file, "transposed")).containsExactly(1, 4, 2, 5, 3, 6);
          assertThat(floats(file, "column")).containsExactly(2, 5);
          assertThat(floats(file, "number")).containsExactly(6);
          assertThat(floats(file, "empty")).isEmpty();
          assertThat(floats(file, "row of one")).containsExactly(3, 4);
          assertThat(file.tensors().values())
              .extracting(StoredTensor::shape)
              .containsExactly(
                  List.of(2L, 3L),
                  List.of(3L, 2L),
                  List.of(2L),
                  List.of(),
                  List.of(4L, 0L),
                  List.of(1L, 2L));
          return file;
        });
  }

  @ParameterizedTest
  @CsvSource({
    "Double, F64", "Float, F32", "Half, F16", "BFloat16, BF16", "Long, I64",
    "Int, I32", "Short, I16", "Char, I8", "Byte, U8", "Bool, BOOL"
  })
  void aStorageHasTheTypeOfItsClass(String storage, ElementType type) throws IOException {
    byte[] pickle =
        new PickleWriter()
            .code("}(")
            .text("w")
            .tensor(storage, "0", 3, 1, new long[] {2}, new long[] {1})
            .end();
    TorchZip zip = TorchZip.of(pickle, new byte[3 * type.bytes()]);
    List<StoredTensor> tensors = read(zip, file -> List.copyOf(file.tensors().values()));
    assertThat(tensors).hasSize(1).allMatch(tensor -> tensor.type() == type);
  }

  @Test
  void aNameIsTheWayToTheTensor() throws IOException {
    var writer = new PickleWriter().code("}(").text("step").number(70_000);
    writer.text("rate").code("G\0\0\0\0\0\0\0\0").text("flags").bytes(0x88).code("N").bytes(0x86);
    writer.text("model").global("collections", "OrderedDict").code(")R(").text("a.b");
    pair(writer).code("u");
    pair(writer.text("ema").code("}(").text("shadow").code("]("));
    pair(writer).code("eu");
    pair(writer.text("state").code("}(").number(0));
    pair(writer.number(-1)).code("u");
    assertThat(names(writer.end()))
        .containsExactly("model.a.b", "ema.shadow.0", "ema.shadow.1", "state.0", "state.-1");
  }

  @Test
  void aParameterAndASharedTensorAreTensors() throws IOException {
    var writer = new PickleWriter().code("}(").text("first");
    writer.global("torch._utils", "_rebuild_parameter").code("(");
    pair(writer).bytes(0x88).global("collections", "OrderedDict").code(")RtRq\0r\1\2\3\0");
    writer.text("second").code("h\0").text("third").code("j\1\2\3\0");
    assertThat(names(writer.end())).containsExactly("first", "second", "third");
  }

  @Test
  void theStateOfADictionaryIsNoPartOfIt() throws IOException {
    var writer = new PickleWriter().global("collections", "OrderedDict").code(")R");
    pair(writer.text("w")).code("s");
    pair(writer.code("}").text("_metadata")).code("sb.");
    assertThat(names(writer.toBytes())).containsExactly("w");
  }

  @Test
  void anyNameOfTheFolderWillDoAndOtherEntriesDoNotMatter() throws IOException {
    byte[] pickle = pair(new PickleWriter().code("}(").text("w")).end();
    var zip =
        new TorchZip()
            .with("an archive/version", "3\n")
            .with("an archive/byteorder", "little")
            .with("an archive/data/0", TorchZip.floats(1, 2))
            .with("an archive/data.pkl", pickle);
    float[] floats = read(zip, file -> floats(file, "w"));
    assertThat(floats).containsExactly(1, 2);
  }

  /** {@code {"w": arange(6.).reshape(2, 3).t(), "h": float16 [1, 2], "l": [tensor(7)]}}. */
  @Test
  void aFileOfPyTorchItselfIsRead() throws Exception {
    var resource = Objects.requireNonNull(getClass().getResource("torch-2.13.pt"));
    try (PyTorchFile file = PyTorchFile.open(Path.of(resource.toURI()))) {
      assertThat(file.tensors().sequencedKeySet()).containsExactly("w", "h", "l.0");
      assertThat(floats(file, "w")).containsExactly(0, 3, 1, 4, 2, 5);
      assertThat(bytes(file, "h")).containsExactly(0, 0x3c, 0, 0x40);
      assertThat(bytes(file, "l.0")).containsExactly(7, 0, 0, 0, 0, 0, 0, 0);
    }
  }
}

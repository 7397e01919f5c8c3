package dev.anneal.store;

import dev.anneal.tensor.DType;
import dev.anneal.tensor.Device;
import dev.anneal.tensor.Scope;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tensors by name, to and from a safetensors file. */
public final class TensorFile {
  private TensorFile() {}

  /**
   * Writes tensors in the order of the map; a file of that name is replaced.
   *
   * @param type floating tensors are converted to it
   * @throws IOException if the file could not be written; it is as it was
   */
  public static void write(
      Path target, Map<String, String> metadata, Map<String, Tensor> tensors, ElementType type)
      throws IOException {
    var declarations =
        tensors.entrySet().stream()
            .map(each -> new TensorDeclaration(each.getKey(), type, shape(each.getValue())))
            .toList();
    SafeTensorsWriter.write(
        target,
        metadata,
        declarations,
        declaration -> bytes(get(tensors, declaration.name()), dtype(type)));
  }

  private static Tensor get(Map<String, Tensor> tensors, String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new AssertionError("no tensor " + name);
    }
    return tensor;
  }

  private static MemorySegment bytes(Tensor tensor, DType dtype) {
    try (Scope scope = Scope.withoutGradient()) {
      // The scope ends before the bytes are written: they need memory of their own.
      MemorySegment memory = tensor.to(Device.CPU).to(dtype).contiguous().memory();
      return MemorySegment.ofArray(memory.toArray(ValueLayout.JAVA_BYTE));
    }
  }

  /**
   * Reads a file that must hold exactly the expected tensors, as float32 with memory of their own.
   *
   * @param expected name to shape
   * @return detached tensors, which belong to the caller, in the expected order
   * @throws RefusedFileException listing everything that does not fit
   * @throws IOException if the file cannot be read
   */
  public static Map<String, Tensor> read(Path file, Map<String, List<Long>> expected, Device device)
      throws IOException {
    try (SafeTensors stored = SafeTensors.open(file)) {
      return read(stored, expected, device);
    }
  }

  /**
   * Reads tensors that must be exactly the expected ones, as float32 with memory of their own.
   *
   * @param expected name to shape
   * @return detached tensors, which belong to the caller, in the expected order
   * @throws RefusedFileException listing everything that does not fit
   */
  public static Map<String, Tensor> read(
      StoredTensors stored, Map<String, List<Long>> expected, Device device)
      throws RefusedFileException {
    stored.requireExactly(expected);
    stored.requireFloating();
    try (Scope scope = Scope.withoutGradient()) {
      var tensors = new LinkedHashMap<String, Tensor>();
      for (String name : expected.keySet()) {
        tensors.put(name, own(stored, name, device).detached());
      }
      return tensors;
    }
  }

  private static Tensor own(StoredTensors stored, String name, Device device) {
    StoredTensor entry = stored.tensors().get(name);
    if (entry == null) {
      throw new AssertionError("requireExactly let " + name + " pass");
    }
    long[] shape = entry.shape().stream().mapToLong(Long::longValue).toArray();
    Tensor copied = Tensors.copied(entry.bytes(), dtype(entry.type()), shape);
    return copied.to(DType.FLOAT32).to(device);
  }

  private static List<Long> shape(Tensor tensor) {
    return Arrays.stream(tensor.shape()).boxed().toList();
  }

  private static DType dtype(ElementType type) {
    return switch (type) {
      case F64 -> DType.FLOAT64;
      case F32 -> DType.FLOAT32;
      case F16 -> DType.FLOAT16;
      case BF16 -> DType.BFLOAT16;
      case I64 -> DType.INT64;
      case I32 -> DType.INT32;
      case U8 -> DType.UINT8;
      case BOOL -> DType.BOOL;
      case I16, I8 ->
          throw new IllegalArgumentException(type + ": expected a type that tensors have");
    };
  }
}

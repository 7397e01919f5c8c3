package dev.anneal.tensor;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The tensors of a safetensors file that is known to be sound. */
public final class TensorFile {
  private static final Map<String, DType> TYPES =
      Map.of("U8", DType.UINT8, "I64", DType.INT64, "F32", DType.FLOAT32, "F64", DType.FLOAT64);

  private TensorFile() {}

  /** All tensors by name; they belong to the innermost scope. */
  public static Map<String, Tensor> read(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    int headerBytes =
        Math.toIntExact(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong());
    JsonNode header = JsonMapper.shared().readTree(bytes, Long.BYTES, headerBytes);
    MemorySegment data = MemorySegment.ofArray(bytes).asSlice(Long.BYTES + headerBytes);
    var tensors = new LinkedHashMap<String, Tensor>();
    for (var entry : header.properties()) {
      JsonNode declared = entry.getValue();
      if (entry.getKey().equals("__metadata__")) {
        continue;
      }
      long start = declared.get("data_offsets").get(0).asLong();
      long end = declared.get("data_offsets").get(1).asLong();
      DType dtype = TYPES.get(declared.get("dtype").asString());
      if (dtype == null) {
        throw new IOException(file + " has the unexpected " + entry);
      }
      long[] shape = declared.get("shape").valueStream().mapToLong(JsonNode::asLong).toArray();
      tensors.put(entry.getKey(), Tensors.copied(data.asSlice(start, end - start), dtype, shape));
    }
    return tensors;
  }
}

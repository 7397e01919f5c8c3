package dev.anneal.store.pytorch;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Writes pickles of protocol 2, instruction by instruction, right or wrong. */
public final class PickleWriter {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** A pickle with nothing in it but its protocol. */
  public PickleWriter() {
    bytes(0x80, 2);
  }

  public PickleWriter bytes(int... values) {
    for (int value : values) {
      bytes.write(value);
    }
    return this;
  }

  /** Instructions that are characters. */
  public PickleWriter code(String opcodes) {
    bytes.writeBytes(opcodes.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  public PickleWriter text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return code("X").littleEndian(Integer.BYTES, utf8.length).raw(utf8);
  }

  /** A whole number, in the shortest of the ways that Python has. */
  PickleWriter number(long number) {
    if (number >= 0 && number <= 0xff) {
      return code("K").littleEndian(1, number);
    }
    if (number >= 0 && number <= 0xffff) {
      return code("M").littleEndian(2, number);
    }
    return number == (int) number
        ? code("J").littleEndian(4, number)
        : bytes(0x8a, 8).littleEndian(8, number);
  }

  PickleWriter tuple(long... numbers) {
    code("(");
    for (long number : numbers) {
      number(number);
    }
    return code("t");
  }

  public PickleWriter global(String module, String name) {
    return code("c" + module + "\n" + name + "\n");
  }

  /** Leaves a storage on the stack. */
  PickleWriter storage(String type, String key, long elements) {
    code("(").text("storage").global("torch", type + "Storage").text(key).text("cpu");
    return number(elements).code("tQ");
  }

  /** Leaves a tensor of a float32 storage on the stack. */
  public PickleWriter tensor(String key, long elements, long offset, long[] shape, long[] strides) {
    return tensor("Float", key, elements, offset, shape, strides);
  }

  public PickleWriter tensor(
      String type, String key, long elements, long offset, long[] shape, long[] strides) {
    global("torch._utils", "_rebuild_tensor_v2").code("(").storage(type, key, elements);
    number(offset).tuple(shape).tuple(strides).bytes(0x89);
    return global("collections", "OrderedDict").code(")RtR");
  }

  /** The pickle of a dictionary whose items this has written after {@code "}("}. */
  public byte[] end() {
    return code("u.").toBytes();
  }

  public byte[] toBytes() {
    return bytes.toByteArray();
  }

  PickleWriter littleEndian(int size, long number) {
    byte[] eight =
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(number).array();
    bytes.write(eight, 0, size);
    return this;
  }

  private PickleWriter raw(byte[] values) {
    bytes.writeBytes(values);
    return this;
  }
}

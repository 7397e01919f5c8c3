package dev.anneal.tensor;

/**
 * Where a tensor lies.
 *
 * @param type the kind of machine
 * @param index which of them, from 0
 */
public record Device(Type type, int index) {

  /** The kinds of device. */
  public enum Type {
    CPU(0),
    CUDA(1);

    private final int code;

    Type(int code) {
      this.code = code;
    }

    int code() {
      return code;
    }
  }

  public static final Device CPU = new Device(Type.CPU, 0);

  public Device {
    if (index < 0 || (type == Type.CPU && index > 0)) {
      throw new IllegalArgumentException(
          "device index " + index + ": expected 0, or a GPU's number");
    }
  }

  public static Device cuda(int index) {
    return new Device(Type.CUDA, index);
  }

  /** Reads {@code cpu}, {@code cuda} or {@code cuda:1}. */
  public static Device parse(String name) {
    if (name.equals("cpu")) {
      return CPU;
    }
    if (name.equals("cuda")) {
      return cuda(0);
    }
    if (name.matches("cuda:\\d{1,3}")) {
      return cuda(Integer.parseInt(name.substring(5)));
    }
    throw new IllegalArgumentException("device '" + name + "': expected cpu, cuda or cuda:N");
  }

  @Override
  public String toString() {
    return type == Type.CPU ? "cpu" : "cuda:" + index;
  }
}

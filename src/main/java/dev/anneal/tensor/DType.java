package dev.anneal.tensor;

/** An element type, with the native library's number for it. */
public enum DType {
  UINT8(0, 1),
  INT32(3, 4),
  INT64(4, 8),
  FLOAT16(5, 2),
  FLOAT32(6, 4),
  FLOAT64(7, 8),
  BOOL(11, 1),
  BFLOAT16(15, 2);

  private final int code;
  private final int bytes;

  DType(int code, int bytes) {
    this.code = code;
    this.bytes = bytes;
  }

  int code() {
    return code;
  }

  /** The size of one element in bytes. */
  public int bytes() {
    return bytes;
  }

  /** True of the types that take part in gradients. */
  public boolean isFloating() {
    return switch (this) {
      case FLOAT16, FLOAT32, FLOAT64, BFLOAT16 -> true;
      case UINT8, INT32, INT64, BOOL -> false;
    };
  }

  static DType ofCode(int code) {
    for (DType dtype : values()) {
      if (dtype.code == code) {
        return dtype;
      }
    }
    throw new TensorException("element type " + code + " of the native library is not supported");
  }
}

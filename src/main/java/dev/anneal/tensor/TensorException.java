package dev.anneal.tensor;

/** The native library is missing, cannot be loaded, or refused a call. */
public final class TensorException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public TensorException(String message) {
    super(message);
  }

  public TensorException(String message, Throwable cause) {
    super(message, cause);
  }
}

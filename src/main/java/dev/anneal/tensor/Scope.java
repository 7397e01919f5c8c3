package dev.anneal.tensor;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Frees what its block made: a tensor belongs to the innermost open scope of its thread, whoever
 * its operands are.
 *
 * <p>A method that opens a scope returns a tensor only through {@link #keep}. What lives longer
 * (weights, moments, a cache) leaves all scopes by {@link Tensor#detached()} and is closed by its
 * owner.
 */
public final class Scope implements AutoCloseable {
  private static final ThreadLocal<@Nullable Scope> INNERMOST = new ThreadLocal<>();

  private final @Nullable Scope outer;
  private final boolean gradientOutside;
  private List<Tensor> tensors = new ArrayList<>();

  private Scope(@Nullable Scope outer) {
    this.outer = outer;
    this.gradientOutside = gradientEnabled();
    INNERMOST.set(this);
  }

  /** Opens a scope inside the innermost one of this thread. */
  public static Scope open() {
    return new Scope(INNERMOST.get());
  }

  /** Opens a scope in which operations are not recorded for a gradient. */
  public static Scope withoutGradient() {
    var scope = open();
    enableGradient(false);
    return scope;
  }

  /** Whether operations of this thread are recorded for a gradient. */
  static boolean gradientEnabled() {
    try {
      return (boolean) Native.GRADIENT_ENABLED.invokeExact();
    } catch (Throwable e) {
      throw Native.failure(e);
    }
  }

  private static void enableGradient(boolean enabled) {
    try {
      Native.ENABLE_GRADIENT.invokeExact(enabled);
    } catch (Throwable e) {
      throw Native.failure(e);
    }
  }

  /** Hands a tensor to the scope outside this one, so that it survives this block. */
  public Tensor keep(Tensor tensor) {
    if (outer == null) {
      throw new AssertionError("no scope outside this one: take the tensor with detached()");
    }
    tensor.moveTo(outer);
    return tensor;
  }

  static Scope innermost() {
    Scope scope = INNERMOST.get();
    if (scope == null) {
      throw new AssertionError("a tensor was made outside any scope");
    }
    return scope;
  }

  void add(Tensor tensor) {
    tensors.add(tensor);
  }

  @Override
  public void close() {
    if (INNERMOST.get() != this) {
      throw new AssertionError("scopes close in the order they opened, on their own thread");
    }
    for (Tensor tensor : tensors) {
      tensor.free(this);
    }
    tensors = List.of();
    enableGradient(gradientOutside);
    if (outer == null) {
      INNERMOST.remove();
    } else {
      INNERMOST.set(outer);
    }
  }
}

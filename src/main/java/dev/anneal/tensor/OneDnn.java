package dev.anneal.tensor;

import static java.lang.foreign.ValueLayout.ADDRESS;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * Products by oneDNN: about twice as fast as those of a BLAS, but without a gradient.
 *
 * <p>They have a C function of their own. The library's dispatcher, which takes the operator too,
 * keeps a copy of every text among the arguments of a call for good, 48 bytes each.
 */
final class OneDnn {
  private static final MethodHandle LINEAR = Native.oneDnnLinear();

  private static final MemorySegment NONE = text("none");
  private static final MemorySegment GELU = text("gelu");

  /** The form of the unit: an address of the address of its name. */
  private static final MemorySegment TANH = Arena.global().allocateFrom(ADDRESS, text("tanh"));

  private OneDnn() {}

  private static MemorySegment text(String text) {
    return Arena.global().allocateFrom(text);
  }

  /**
   * {@code input · weightᵀ}, and the bias.
   *
   * @param input [.., channel], not empty
   * @param weight [output, channel], perhaps in a layout of oneDNN's own
   * @param bias [output]
   */
  static Tensor linear(Tensor input, Tensor weight, Optional<Tensor> bias) {
    return call(input, weight, bias, NONE, MemorySegment.NULL);
  }

  /** {@link Nn#gelu} of {@link #linear}, in one pass over the memory. */
  static Tensor gelu(Tensor input, Tensor weight, Optional<Tensor> bias) {
    return call(input, weight, bias, GELU, TANH);
  }

  private static Tensor call(
      Tensor input, Tensor weight, Optional<Tensor> bias, MemorySegment unit, MemorySegment form) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ADDRESS);
      MemorySegment shift =
          bias.isPresent() ? arena.allocateFrom(ADDRESS, bias.get().handle()) : MemorySegment.NULL;
      int error =
          (int)
              LINEAR.invokeExact(
                  input.handle(), weight.handle(), shift, unit, MemorySegment.NULL, 0L, form, out);
      Native.check(error, () -> "linear " + input + ", " + weight);
      return Tensor.adopt(out.get(ADDRESS, 0));
    } catch (Throwable e) {
      throw Native.failure(e);
    }
  }
}

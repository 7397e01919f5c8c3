package dev.anneal.tensor;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A native array of numbers, and the operators on it.
 *
 * <p>It belongs to a {@link Scope}, or to the owner that took it with {@link #detached()}. A thread
 * touches only tensors that it made, but for those that all only read, such as weights. Operators
 * give new tensors (some of them views of the same memory); those that end in an underscore change
 * their receiver.
 */
public final class Tensor implements AutoCloseable {
  private static final AtomicLong LIVE = new AtomicLong();

  private static final Operator RESHAPE = Operator.of("aten::reshape(Tensor, int[]) -> 1");
  private static final Operator TRANSPOSE =
      Operator.of("aten::transpose.int(Tensor, int, int) -> 1");
  private static final Operator SELECT = Operator.of("aten::select.int(Tensor, int, int) -> 1");
  private static final Operator UNSQUEEZE = Operator.of("aten::unsqueeze(Tensor, int) -> 1");
  private static final Operator CONTIGUOUS =
      Operator.of("aten::contiguous(Tensor, MemoryFormat?) -> 1");
  private static final Operator ROLL = Operator.of("aten::roll(Tensor, int[], int[]) -> 1");
  private static final Operator INDEX_SELECT =
      Operator.of("aten::index_select(Tensor, int, Tensor) -> 1");
  private static final Operator GATHER =
      Operator.of("aten::gather(Tensor, int, Tensor, bool) -> 1");
  private static final Operator MULTIPLY = Operator.of("aten::mul.Tensor(Tensor, Tensor) -> 1");
  private static final Operator EXP = Operator.of("aten::exp(Tensor) -> 1");
  private static final Operator LOG = Operator.of("aten::log(Tensor) -> 1");
  private static final Operator DOT = Operator.of("aten::dot(Tensor, Tensor) -> 1");
  private static final Operator SUM = Operator.of("aten::sum(Tensor, ScalarType?) -> 1");
  private static final Operator SUM_OVER =
      Operator.of("aten::sum.dim_IntList(Tensor, int[]?, bool, ScalarType?) -> 1");
  private static final Operator CUMULATIVE_SUM =
      Operator.of("aten::cumsum(Tensor, int, ScalarType?) -> 1");
  private static final Operator ARGMAX = Operator.of("aten::argmax(Tensor, int?, bool) -> 1");
  private static final Operator TO_DTYPE =
      Operator.of("aten::to.dtype(Tensor, ScalarType, bool, bool, MemoryFormat?) -> 1");
  static final Operator BACKWARD =
      Operator.of("aten::_backward(Tensor, Tensor[], Tensor?, bool?, bool) -> 0");

  private final MemorySegment handle;
  private @Nullable Scope scope;
  private boolean freed;
  private volatile long @Nullable [] shape; // as other threads may ask, too
  private @Nullable DType dtype;

  private Tensor(MemorySegment handle, Scope scope) {
    this.handle = handle;
    this.scope = scope;
    scope.add(this);
    LIVE.incrementAndGet();
  }

  /** Takes a handle the library gave away into the innermost scope. */
  static Tensor adopt(MemorySegment handle) {
    return new Tensor(handle, Scope.innermost());
  }

  /** How many tensors are not freed yet, in the whole program: what a leak test compares. */
  public static long live() {
    return LIVE.get();
  }

  MemorySegment handle() {
    if (freed) {
      throw new AssertionError("a tensor was used after it was freed");
    }
    return handle;
  }

  // Ownership

  void moveTo(Scope other) {
    scope = other;
    other.add(this);
  }

  /** Leaves all scopes: whoever calls this owns the tensor and closes it. */
  public Tensor detached() {
    scope = null;
    return this;
  }

  void free(Scope owner) {
    if (scope == owner) {
      close();
    }
  }

  /** Frees the tensor now; the memory goes when no view is left. */
  @Override
  public void close() {
    if (!freed) {
      freed = true;
      LIVE.decrementAndGet();
      try {
        Native.check((int) Native.DELETE_TENSOR.invokeExact(handle), "delete");
      } catch (Throwable e) {
        throw Native.failure(e);
      }
    }
  }

  // What it is

  /** The sizes of the axes, outermost first. */
  public long[] shape() {
    long[] known = shape;
    if (known == null) {
      known = Handles.shape(handle());
      shape = known;
    }
    return known.clone();
  }

  /** The size of one axis; −1 is the last one. */
  public long size(int axis) {
    long[] sizes = shape();
    return sizes[axis < 0 ? sizes.length + axis : axis];
  }

  /** How many axes it has. */
  public int axes() {
    return shape().length;
  }

  /** How many elements it has. */
  public long count() {
    return Shapes.count(shape());
  }

  /** The type of its elements. */
  public DType dtype() {
    DType known = dtype;
    if (known == null) {
      known = Handles.dtype(handle());
      dtype = known;
    }
    return known;
  }

  /** Where it lies. */
  public Device device() {
    return Handles.device(handle());
  }

  /**
   * Whether Java may read and write its numbers where they lie, by {@link #memory}: contiguous
   * float32 on the CPU, of which nothing is recorded for a gradient.
   */
  public boolean isOpenToJava() {
    return Nn.isPlain(this) && Handles.isContiguous(handle());
  }

  @Override
  public String toString() {
    return freed ? "freed tensor" : dtype() + Arrays.toString(shape());
  }

  // Axes

  /** The same elements, in order, under other sizes; one of them may be −1. */
  public Tensor reshape(long... sizes) {
    Shapes.checkReshape(shape(), sizes);
    return Dispatcher.call(RESHAPE, this, sizes);
  }

  /** A view with two axes exchanged. */
  public Tensor transpose(int first, int second) {
    return Dispatcher.call(TRANSPOSE, this, first, second);
  }

  /** A view of one index of an axis, which goes. */
  public Tensor select(int axis, long index) {
    return Dispatcher.call(SELECT, this, axis, index);
  }

  /** A view of {@code length} indices of an axis from {@code start} on. */
  public Tensor narrow(int axis, long start, long length) {
    if (start < 0 || length < 0 || start + length > size(axis)) {
      throw new IllegalArgumentException(
          "narrow axis " + axis + " of " + this + " to " + length + " from " + start);
    }
    return Direct.narrow(this, axis, start, length);
  }

  /**
   * A view of any axes of the same memory, which no gradient follows; only of a contiguous tensor.
   *
   * @param sizes of its axes
   * @param steps between neighbours along each axis, in elements
   * @param first which element is its first
   */
  public Tensor strided(long[] sizes, long[] steps, long first) {
    Shapes.checkWithin("strided", shape(), sizes, steps, first);
    return Direct.strided(this, sizes, steps, first);
  }

  /** A view with an axis of size one put before {@code axis}. */
  public Tensor unsqueeze(int axis) {
    return Dispatcher.call(UNSQUEEZE, this, axis);
  }

  /** The same elements, laid out in row-major order. */
  public Tensor contiguous() {
    return Dispatcher.call(CONTIGUOUS, this, Dispatcher.NONE);
  }

  /** Moves the elements of an axis by {@code shift}, those at the end to the front. */
  public Tensor roll(int axis, long shift) {
    return Dispatcher.call(ROLL, this, new long[] {shift}, new long[] {axis});
  }

  /** The indices {@code index} (int64, one axis) of an axis. */
  public Tensor indexSelect(int axis, Tensor index) {
    return Dispatcher.call(INDEX_SELECT, this, axis, index);
  }

  /** One element of {@code axis} for each element of {@code index} (int64, as many axes). */
  public Tensor gather(int axis, Tensor index) {
    return Dispatcher.call(GATHER, this, axis, index, false);
  }

  // Arithmetic: operands broadcast

  /** The sum. */
  public Tensor add(Tensor other) {
    return subtract(other, -1);
  }

  /** The difference. */
  public Tensor subtract(Tensor other) {
    return subtract(other, 1);
  }

  /** {@code this − factor · other}. */
  private Tensor subtract(Tensor other, double factor) {
    Shapes.checkBroadcast("add", shape(), other.shape());
    return Direct.subtract(this, other, factor);
  }

  /** The product, element by element. */
  public Tensor multiply(Tensor other) {
    Shapes.checkBroadcast("multiply", shape(), other.shape());
    return Dispatcher.call(MULTIPLY, this, other);
  }

  /** The product with a number. */
  public Tensor multiply(double factor) {
    return Dispatcher.call(MULTIPLY, this, Tensors.scalar(factor, dtype(), device()));
  }

  /** e to the power of each element. */
  public Tensor exp() {
    return Dispatcher.call(EXP, this);
  }

  /** The natural logarithm of each element. */
  public Tensor log() {
    return Dispatcher.call(LOG, this);
  }

  /** The sum of products of two tensors with one axis. */
  public Tensor dot(Tensor other) {
    return Dispatcher.call(DOT, this, other);
  }

  /** The sum of all elements, without axes. */
  public Tensor sum() {
    return Dispatcher.call(SUM, this, Dispatcher.NONE);
  }

  /** The sum over one axis, which goes. */
  public Tensor sum(int axis) {
    return Dispatcher.call(SUM_OVER, this, new long[] {axis}, false, Dispatcher.NONE);
  }

  /** The running sum along an axis. */
  public Tensor cumulativeSum(int axis) {
    return Dispatcher.call(CUMULATIVE_SUM, this, axis, Dispatcher.NONE);
  }

  /** The index (int64) of the largest element along an axis, which goes. */
  public Tensor argmax(int axis) {
    return Dispatcher.call(ARGMAX, this, axis, false);
  }

  // Copies

  /** The same numbers in another element type; itself if it has that type already. */
  public Tensor to(DType other) {
    if (dtype() == other) {
      return this;
    }
    return Dispatcher.call(TO_DTYPE, this, other, false, false, Dispatcher.NONE);
  }

  /** The same numbers on another device; itself if it lies there already. */
  public Tensor to(Device other) {
    return device().equals(other) ? this : Tensors.copied(this, other);
  }

  /** Overwrites its elements with those of {@code source}, which may lie on another device. */
  public void copy_(Tensor source) {
    Shapes.checkBroadcast("copy_", shape(), source.shape());
    Direct.copy(this, source);
  }

  /** Sets every element to one number. */
  public void fill_(double value) {
    Direct.fill(this, value);
  }

  /** Makes this tensor a leaf whose gradient {@link #backward} accumulates. */
  public Tensor requireGradient() {
    try {
      Native.check((int) Native.REQUIRE_GRADIENT.invokeExact(handle(), true), "require gradient");
      return this;
    } catch (Throwable e) {
      throw Native.failure(e);
    }
  }

  /** Adds the gradient of this number to every leaf it was computed from. */
  public void backward() {
    Dispatcher.run(BACKWARD, this, List.of(), Dispatcher.NONE, Dispatcher.NONE, false);
  }

  /**
   * The accumulated gradient of a leaf: a view, so that changing it changes the gradient.
   *
   * @throws IllegalStateException if there is none yet
   */
  public Tensor gradient() {
    return Handles.gradient(handle())
        .map(Tensor::adopt)
        .orElseThrow(() -> new IllegalStateException("no gradient has reached " + this));
  }

  // Numbers for Java, in row-major order

  /** The elements as float32. */
  public float[] toFloats() {
    return readable(DType.FLOAT32, Float.BYTES).toArray(JAVA_FLOAT);
  }

  /** The elements as float64. */
  public double[] toDoubles() {
    return readable(DType.FLOAT64, Double.BYTES).toArray(JAVA_DOUBLE);
  }

  /** The elements as int64. */
  public long[] toLongs() {
    return readable(DType.INT64, Long.BYTES).toArray(JAVA_LONG);
  }

  /** The one element of a tensor that has one. */
  public double item() {
    if (count() != 1) {
      throw new IllegalArgumentException("item of " + this + ": expected one element");
    }
    return toDoubles()[0];
  }

  /**
   * The memory of a contiguous tensor on the CPU, valid while the tensor lives: for reading and
   * writing it without a copy.
   */
  public MemorySegment memory() {
    if (!device().equals(Device.CPU)) {
      throw new AssertionError("the memory of a tensor on " + device() + ": expected the CPU's");
    }
    return Handles.data(handle()).reinterpret(count() * dtype().bytes());
  }

  private MemorySegment readable(DType wanted, int bytes) {
    try (Scope temporary = Scope.withoutGradient()) {
      Tensor ready = to(Device.CPU).to(wanted).contiguous();
      MemorySegment copy = Arena.ofAuto().allocate(count() * bytes, bytes);
      copy.copyFrom(ready.memory());
      return copy;
    }
  }
}

package dev.anneal.tensor;

import java.util.List;
import java.util.Optional;

/** The operators of a neural network that are more than arithmetic. */
public final class Nn {
  private static final Operator EMBEDDING =
      Operator.of("aten::embedding(Tensor, Tensor, int, bool, bool) -> 1");
  private static final Operator LINEAR = Operator.of("aten::linear(Tensor, Tensor, Tensor?) -> 1");
  private static final Operator MATRIX_PRODUCT = Operator.of("aten::matmul(Tensor, Tensor) -> 1");
  private static final Operator LAYER_NORM =
      Operator.of("aten::layer_norm(Tensor, int[], Tensor?, Tensor?, float, bool) -> 1");
  private static final Operator ATTENTION =
      Operator.of(
          "aten::scaled_dot_product_attention"
              + "(Tensor, Tensor, Tensor, Tensor?, float, bool, float?, bool) -> 1");
  private static final Operator GELU = Operator.of("aten::gelu(Tensor, str) -> 1");
  private static final Operator SILU = Operator.of("aten::silu(Tensor) -> 1");
  private static final Operator COSINE = Operator.of("aten::cos(Tensor) -> 1");
  private static final Operator SINE = Operator.of("aten::sin(Tensor) -> 1");
  private static final Operator SOFTMAX =
      Operator.of("aten::softmax.int(Tensor, int, ScalarType?) -> 1");
  private static final Operator LOG_SOFTMAX =
      Operator.of("aten::log_softmax.int(Tensor, int, ScalarType?) -> 1");
  private static final Operator CROSS_ENTROPY =
      Operator.of("aten::cross_entropy_loss(Tensor, Tensor, Tensor?, int, int, float) -> 1");
  private static final Operator EXPM1 = Operator.of("aten::expm1(Tensor) -> 1");
  private static final Operator LOG_ADD_EXP = Operator.of("aten::logaddexp(Tensor, Tensor) -> 1");
  private static final Operator CLAMP =
      Operator.of("aten::clamp.Tensor(Tensor, Tensor?, Tensor?) -> 1");
  private static final Operator SCATTER =
      Operator.of("aten::scatter.src(Tensor, int, Tensor, Tensor) -> 1");
  private static final Operator SORT = Operator.of("aten::sort(Tensor, int, bool) -> 2");
  private static final Operator SEARCH =
      Operator.of("aten::searchsorted.Tensor(Tensor, Tensor, bool, bool, str?, Tensor?) -> 1");

  private static final Operator EQUAL = Operator.of("aten::eq.Tensor(Tensor, Tensor) -> 1");

  /** {@code cross_entropy_loss} gives one loss a row. */
  private static final int NO_REDUCTION = 0;

  private static final int NO_IGNORED_TARGET = -100;

  /** What a row of a mask begins at multiples of, for the fused kernels of a GPU. */
  private static final int ALIGNMENT = 8;

  private Nn() {}

  /**
   * Rows of a table.
   *
   * @param table [vocab, channel]
   * @param ids int64, any shape
   * @return [ids' shape, channel]
   */
  public static Tensor embedding(Tensor table, Tensor ids) {
    return Dispatcher.call(EMBEDDING, table, ids, -1, false, false);
  }

  /**
   * {@code input · weightᵀ}.
   *
   * @param input [.., channel]
   * @param weight [output, channel]
   */
  public static Tensor linear(Tensor input, Tensor weight) {
    Shapes.checkLast("linear", input.shape(), weight.shape());
    return product(input, weight, Optional.empty());
  }

  /**
   * {@code input · weightᵀ + bias}.
   *
   * @param input [.., channel]
   * @param weight [output, channel]
   * @param bias [output]
   */
  public static Tensor linear(Tensor input, Tensor weight, Tensor bias) {
    Shapes.checkLast("linear", input.shape(), weight.shape());
    return product(input, weight, Optional.of(bias));
  }

  private static Tensor product(Tensor input, Tensor weight, Optional<Tensor> bias) {
    if (mayUseOneDnn(input) && input.count() > 0) {
      return OneDnn.linear(input, weight, bias);
    }
    return Dispatcher.call(LINEAR, input, weight, bias.isPresent() ? bias.get() : Dispatcher.NONE);
  }

  /** Whether an operand may be multiplied by {@link OneDnn}. */
  static boolean mayUseOneDnn(Tensor operand) {
    return Native.HAS_ONEDNN && isPlain(operand);
  }

  /** Whether a tensor is float32 on the CPU, and nothing is recorded for a gradient. */
  static boolean isPlain(Tensor tensor) {
    return !Scope.gradientEnabled()
        && tensor.device().equals(Device.CPU)
        && tensor.dtype() == DType.FLOAT32;
  }

  /**
   * Products of matrices, one for each index of the axes in front.
   *
   * @param left [.., row, inner]
   * @param right [.., inner, column]
   */
  public static Tensor matrixProduct(Tensor left, Tensor right) {
    if (left.axes() < 2 || right.axes() < 2 || left.size(-1) != right.size(right.axes() - 2)) {
      throw Shapes.mismatch("matrixProduct", left.shape(), right.shape());
    }
    return Dispatcher.call(MATRIX_PRODUCT, left, right);
  }

  /** Normalises the last axis to mean 0 and variance 1 (ε = 1e-5) and scales it. */
  public static Tensor layerNorm(Tensor input, Tensor scale) {
    Shapes.checkLast("layerNorm", input.shape(), scale.shape());
    return Dispatcher.call(LAYER_NORM, input, scale.shape(), scale, Dispatcher.NONE, 1e-5, false);
  }

  /** Normalises the last axis to mean 0 and variance 1 (ε = 1e-5), scales and shifts it. */
  public static Tensor layerNorm(Tensor input, Tensor scale, Tensor bias) {
    Shapes.checkLast("layerNorm", input.shape(), scale.shape());
    return Dispatcher.call(LAYER_NORM, input, scale.shape(), scale, bias, 1e-5, false);
  }

  /**
   * A mask with rows that begin at multiples of eight elements, as the fused kernels of GPUs want
   * them: else the library would copy the mask in each call. On the CPU, the mask itself.
   *
   * @param mask [batch, head, query, key]
   */
  public static Tensor aligned(Tensor mask) {
    return mask.device().type() == Device.Type.CPU ? mask : padded(mask);
  }

  /** The mask as a view of one whose rows are padded with zeros to a multiple of eight. */
  static Tensor padded(Tensor mask) {
    long keys = mask.size(3);
    long room = Math.ceilDiv(keys, ALIGNMENT) * ALIGNMENT;
    if (room == keys) {
      return mask;
    }
    Tensor whole =
        Tensors.zeros(mask.dtype(), mask.device(), mask.size(0), mask.size(1), mask.size(2), room);
    Tensor view = whole.narrow(3, 0, keys);
    view.copy_(mask);
    return view;
  }

  /**
   * softmax(query · keyᵀ / √channel) · value, over the keys a query may look at.
   *
   * @param query [batch, head, query, channel]
   * @param key [batch, head, key, channel]
   * @param value [batch, head, key, channel]
   * @param mask broadcast to [batch, head, query, key]: bool, true = may look; or of the query's
   *     type, added to the scores, −∞ = must not look. Absent = everything. Every query must see a
   *     key.
   */
  public static Tensor attention(Tensor query, Tensor key, Tensor value, Optional<Tensor> mask) {
    Object hidden = mask.isPresent() ? mask.get() : Dispatcher.NONE;
    return Dispatcher.call(
        ATTENTION, query, key, value, hidden, 0.0, false, Dispatcher.NONE, false);
  }

  /** The Gaussian error linear unit in its tanh form. */
  public static Tensor gelu(Tensor input) {
    return Dispatcher.call(GELU, input, "tanh");
  }

  /** The sigmoid linear unit, x · sigmoid(x). */
  public static Tensor silu(Tensor input) {
    return Dispatcher.call(SILU, input);
  }

  /** The cosines of the last axis, then its sines: that axis is twice as long. */
  public static Tensor cosinesAndSines(Tensor angles) {
    return Tensors.concatenate(
        List.of(Dispatcher.call(COSINE, angles), Dispatcher.call(SINE, angles)), -1);
  }

  /** Chances along the last axis. */
  public static Tensor softmax(Tensor logits) {
    return Dispatcher.call(SOFTMAX, logits, -1, Dispatcher.NONE);
  }

  /** Log-chances along the last axis. */
  public static Tensor logSoftmax(Tensor logits) {
    return Dispatcher.call(LOG_SOFTMAX, logits, -1, Dispatcher.NONE);
  }

  /**
   * −log softmax(logits)[target].
   *
   * @param logits [row, vocab]
   * @param targets int64 [row]
   * @return nats [row]
   */
  public static Tensor crossEntropy(Tensor logits, Tensor targets) {
    if (logits.axes() != 2 || targets.axes() != 1 || logits.size(0) != targets.size(0)) {
      throw Shapes.mismatch("crossEntropy", logits.shape(), targets.shape());
    }
    return Dispatcher.call(
        CROSS_ENTROPY, logits, targets, Dispatcher.NONE, NO_REDUCTION, NO_IGNORED_TARGET, 0.0);
  }

  /** e to the power of each element, less one; exact for small ones. */
  public static Tensor expm1(Tensor input) {
    return Dispatcher.call(EXPM1, input);
  }

  /** log(e^first + e^second), element by element; operands broadcast. */
  public static Tensor logAddExp(Tensor first, Tensor second) {
    Shapes.checkBroadcast("logAddExp", first.shape(), second.shape());
    return Dispatcher.call(LOG_ADD_EXP, first, second);
  }

  /** Each element, or the bound that it lies beyond; bounds broadcast. */
  public static Tensor clamp(Tensor input, Tensor low, Tensor high) {
    Shapes.checkBroadcast("clamp", input.shape(), low.shape());
    Shapes.checkBroadcast("clamp", input.shape(), high.shape());
    return Dispatcher.call(CLAMP, input, low, high);
  }

  /**
   * The rows, with one element of each replaced.
   *
   * @param rows [row, vocab]
   * @param index which element, int64 [row, 1]
   * @param replacements what stands there instead, [row, 1]
   */
  public static Tensor replaceOne(Tensor rows, Tensor index, Tensor replacements) {
    return Dispatcher.call(SCATTER, rows, 1, index, replacements);
  }

  /** The last axis in falling order, and the index (int64) each element came from. */
  public static Sorted sortDescending(Tensor values) {
    var both = Dispatcher.callForAll(SORT, values, -1, true);
    return new Sorted(both.get(0), both.get(1));
  }

  /**
   * What a sort gives.
   *
   * @param values the elements in order
   * @param indices int64, where each came from
   */
  public record Sorted(Tensor values, Tensor indices) {}

  /**
   * How many elements of each row are at most the one sought.
   *
   * @param rows rising along the last axis, [row, vocab]
   * @param sought [row, 1]
   * @return int64 [row, 1]
   */
  public static Tensor searchSorted(Tensor rows, Tensor sought) {
    return Dispatcher.call(SEARCH, rows, sought, false, true, Dispatcher.NONE, Dispatcher.NONE);
  }

  /**
   * Where each row holds the element sought.
   *
   * @param rows int64 [row, vocab]
   * @param sought int64 [row, 1], one of its row
   * @return int64 [row, 1]
   */
  public static Tensor indexOf(Tensor rows, Tensor sought) {
    Tensor equal = Dispatcher.call(EQUAL, rows, sought);
    return equal.to(DType.INT64).argmax(1).unsqueeze(1);
  }
}

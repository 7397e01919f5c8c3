package dev.anneal.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InScope.class)
final class TensorTest {
  private static Tensor ramp(long... shape) {
    float[] values = new float[(int) Shapes.count(shape)];
    for (int i = 0; i < values.length; i++) {
      values[i] = i;
    }
    return Tensors.of(values, shape);
  }

  @Test
  void numbersComeBackAsTheyWentIn() {
    assertThat(Tensors.of(new float[] {1, 2, 3, 4}, 2, 2).toFloats()).containsExactly(1, 2, 3, 4);
    assertThat(Tensors.of(new double[] {1e-300}, 1).toDoubles()).containsExactly(1e-300);
    assertThat(Tensors.of(new int[] {-7, 1 << 30}, 2).toLongs()).containsExactly(-7, 1 << 30);
    assertThat(Tensors.scalar(2.5, DType.FLOAT64, Device.CPU).item()).isEqualTo(2.5);
    assertThat(Tensors.zeros(DType.FLOAT32, Device.CPU, 3).toFloats()).containsExactly(0, 0, 0);
  }

  @Test
  void arithmeticBroadcasts() {
    Tensor rows = ramp(2, 3);
    Tensor row = Tensors.of(new float[] {10, 20, 30}, 3);
    assertThat(rows.add(row).toFloats()).containsExactly(10, 21, 32, 13, 24, 35);
    assertThat(rows.subtract(row).toFloats()).containsExactly(-10, -19, -28, -7, -16, -25);
    assertThat(rows.multiply(row).toFloats()).containsExactly(0, 20, 60, 30, 80, 150);
    assertThat(row.multiply(0.5).toFloats()).containsExactly(5, 10, 15);
    assertThat(rows.sum(0).toFloats()).containsExactly(3, 5, 7);
    assertThat(rows.sum().item()).isEqualTo(15);
    assertThat(rows.cumulativeSum(1).toFloats()).containsExactly(0, 1, 3, 3, 7, 12);
    assertThat(row.dot(row).item()).isEqualTo(1400);
    assertThat(Tensors.of(new float[] {1, 3, 2, 4, 0, 1}, 2, 3).argmax(1).toLongs())
        .containsExactly(1, 0);
    assertThat(row.log().exp().toDoubles()[1]).isCloseTo(20, within());
  }

  private static org.assertj.core.data.Offset<Double> within() {
    return org.assertj.core.api.Assertions.within(1e-4);
  }

  @Test
  void axesAreMovedCutAndJoined() {
    Tensor rows = ramp(2, 3);
    assertThat(rows.transpose(0, 1).toFloats()).containsExactly(0, 3, 1, 4, 2, 5);
    assertThat(rows.reshape(3, -1).shape()).containsExactly(3, 2);
    assertThat(rows.select(1, 2).toFloats()).containsExactly(2, 5);
    assertThat(rows.narrow(1, 1, 2).toFloats()).containsExactly(1, 2, 4, 5);
    assertThat(rows.roll(1, 1).toFloats()).containsExactly(2, 0, 1, 5, 3, 4);
    assertThat(rows.unsqueeze(1).shape()).containsExactly(2, 1, 3);
    Tensor index = Tensors.of(new int[] {1, 0, 1}, 3);
    assertThat(rows.indexSelect(0, index).toFloats()).containsExactly(3, 4, 5, 0, 1, 2, 3, 4, 5);
    Tensor column = Tensors.of(new int[] {2, 0}, 2, 1);
    assertThat(rows.gather(1, column).toFloats()).containsExactly(2, 3);
    assertThat(Tensors.concatenate(List.of(rows, rows), 1).shape()).containsExactly(2, 6);
    assertThat(Tensors.stack(List.of(rows, rows), 0).shape()).containsExactly(2, 2, 3);
  }

  @Test
  void piecesOfAnAxisHaveTheirPartsOfTheGradient() {
    Tensor rows = Tensors.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3).requireGradient();
    List<Tensor> pieces = Tensors.split(rows, 1, 1, 2);
    assertThat(pieces.get(0).toFloats()).containsExactly(1, 4);
    assertThat(pieces.get(1).toFloats()).containsExactly(2, 3, 5, 6);
    List<Tensor> lines = Tensors.unbind(rows, 0);
    assertThat(lines).hasSize(2);
    assertThat(lines.get(1).toFloats()).containsExactly(4, 5, 6);
    pieces.get(1).multiply(10).sum().add(lines.get(0).sum()).backward();
    assertThat(rows.gradient().toFloats()).containsExactly(1, 11, 11, 0, 10, 10);
    assertThatThrownBy(() -> Tensors.split(rows, 1, 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("split axis 1 of FLOAT32[2, 3] into [1, 1]");
  }

  @Test
  void aStridedViewGoesThroughTheSameMemoryByItsOwnSteps() {
    Tensor rows = Tensors.of(new float[] {0, 1, 2, 3, 4, 5}, 2, 3);
    Tensor columns = rows.strided(new long[] {2, 2}, new long[] {1, 3}, 1);
    assertThat(columns.toFloats()).containsExactly(1, 4, 2, 5);
    columns.fill_(7);
    assertThat(rows.toFloats()).containsExactly(0, 7, 7, 3, 7, 7);
  }

  @Test
  void aStridedViewBeyondTheMemoryIsRefused() {
    Tensor rows = Tensors.of(new float[] {0, 1, 2, 3, 4, 5}, 2, 3);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> rows.strided(new long[] {2, 2}, new long[] {1, 3}, 2))
        .withMessage("strided: [2, 3] does not fit [2, 2]");
  }

  @Test
  void copiesHaveMemoryOfTheirOwn() {
    Tensor original = ramp(2);
    Tensor copy = Tensors.empty(DType.FLOAT32, Device.CPU, 2);
    copy.copy_(original);
    copy.fill_(9);
    assertThat(original.toFloats()).containsExactly(0, 1);
    original.copy_(copy);
    assertThat(original.toFloats()).containsExactly(9, 9);
    assertThat(original.to(DType.FLOAT64).dtype()).isEqualTo(DType.FLOAT64);
    assertThat(original.to(Device.CPU)).isSameAs(original);
  }

  @Test
  void networkOperatorsGiveTheirFormulas() {
    Tensor logits = Tensors.of(new float[] {0, (float) Math.log(3)}, 1, 2);
    assertThat(Nn.softmax(logits).toDoubles()[1]).isCloseTo(0.75, within());
    assertThat(Nn.logSoftmax(logits).toDoubles()[0]).isCloseTo(Math.log(0.25), within());
    assertThat(Nn.crossEntropy(logits, Tensors.of(new int[] {0}, 1)).item())
        .isCloseTo(Math.log(4), within());
    assertThat(Nn.gelu(Tensors.of(new float[] {1}, 1)).item()).isCloseTo(0.8412, within());
    assertThat(Nn.layerNorm(Tensors.of(new float[] {1, 3}, 2), Tensors.of(new float[] {2, 4}, 2)))
        .satisfies(normed -> assertThat(normed.toDoubles()[0]).isCloseTo(-2, within()));
    Tensor two = Tensors.of(new float[] {1, 3}, 2);
    assertThat(Nn.layerNorm(two, two, two).toDoubles()[0]).isCloseTo(0, within());
    assertThat(Nn.silu(Tensors.of(new float[] {1}, 1)).item()).isCloseTo(0.7311, within());
    assertThat(Nn.cosinesAndSines(Tensors.of(new float[] {0, 1}, 1, 2)).toDoubles())
        .containsExactly(new double[] {1, 0.5403, 0, 0.8415}, within());
    assertThat(Nn.expm1(Tensors.of(new double[] {1e-20}, 1)).item()).isEqualTo(1e-20);
    assertThat(Nn.logAddExp(logits, logits).toDoubles()[1]).isCloseTo(Math.log(6), within());
    Tensor column = Tensors.of(new float[] {1, 1}, 2, 1);
    assertThat(Nn.clamp(ramp(2, 3), column, Tensors.of(new float[] {2, 4}, 2, 1)).toFloats())
        .containsExactly(1, 1, 2, 3, 4, 4);
    assertThat(Nn.replaceOne(ramp(2, 2), Tensors.of(new int[] {1, 0}, 2, 1), column).toFloats())
        .containsExactly(0, 1, 1, 3);
    Tensor table = ramp(3, 2);
    assertThat(Nn.embedding(table, Tensors.of(new int[] {2, 0}, 2)).toFloats())
        .containsExactly(4, 5, 0, 1);
    assertThat(Nn.linear(ramp(1, 2), table, Tensors.of(new float[] {1, 1, 1}, 3)).toFloats())
        .containsExactly(2, 4, 6);
    var sorted = Nn.sortDescending(Tensors.of(new float[] {1, 3, 2}, 1, 3));
    assertThat(sorted.values().toFloats()).containsExactly(3, 2, 1);
    assertThat(sorted.indices().toLongs()).containsExactly(1, 2, 0);
    Tensor sums = Tensors.of(new float[] {0.25f, 0.5f, 1}, 1, 3);
    assertThat(Nn.searchSorted(sums, Tensors.of(new float[] {0.5f}, 1, 1)).item()).isEqualTo(2);
    Tensor ids = Tensors.of(new long[] {7, 4, 9, 9, 4, 7}, 2, 3);
    assertThat(Nn.indexOf(ids, Tensors.of(new long[] {4, 7}, 2, 1)).toLongs())
        .containsExactly(1, 2);
  }

  @Test
  void matricesAreMultipliedOneByOne() {
    Tensor left = Tensors.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 2, 2, 2);
    Tensor right = Tensors.of(new float[] {1, 0, 10, 1, 0, 1, 1, 0}, 2, 2, 2);
    assertThat(Nn.matrixProduct(left, right).toFloats()).containsExactly(21, 2, 43, 4, 6, 5, 8, 7);
    assertThatThrownBy(() -> Nn.matrixProduct(left, Tensors.of(new float[] {1, 2, 3}, 3, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("matrixProduct");
  }

  @Test
  void attentionLooksOnlyWhereTheMaskAllows() {
    Tensor ones = Tensors.full(1, DType.FLOAT32, Device.CPU, 1, 1, 2, 4);
    Tensor values = ramp(1, 1, 2, 4);
    Tensor mask = Tensors.mask(MemorySegment.ofArray(new byte[] {1, 0, 1, 1}), 1, 1, 2, 2);
    assertThat(Nn.attention(ones, ones, values, Optional.of(mask)).toFloats())
        .containsExactly(0, 1, 2, 3, 2, 3, 4, 5);
    assertThat(Nn.attention(ones, ones, values, Optional.empty()).toDoubles()[0]).isEqualTo(2);
  }

  @Test
  void aPaddedMaskHidesTheSameKeys() {
    Tensor query = ramp(1, 1, 3, 4);
    Tensor key = ramp(1, 1, 5, 4);
    Tensor sees = Tensors.of(new float[] {1, 0, 1, 0, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1}, 1, 1, 3, 5);
    Tensor padded = Nn.padded(sees.log());
    assertThat(padded.toFloats()).containsExactly(sees.log().toFloats());
    assertThat(padded).isNotSameAs(sees);
    assertThat(Nn.attention(query, key, key, Optional.of(padded)).toFloats())
        .containsExactly(Nn.attention(query, key, key, Optional.of(sees.log())).toFloats());
    Tensor even = ramp(1, 1, 2, 8);
    assertThat(Nn.padded(even)).isSameAs(even);
  }

  @Test
  void gradientsAccumulateInLeaves() {
    Tensor leaf = ramp(3).requireGradient();
    leaf.multiply(leaf).sum().backward();
    leaf.sum().backward();
    assertThat(leaf.gradient().toFloats()).containsExactly(1, 3, 5);
    leaf.gradient().fill_(0);
    assertThat(leaf.gradient().toFloats()).containsExactly(0, 0, 0);
    assertThatThrownBy(() -> ramp(1).requireGradient().gradient())
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void nothingIsRecordedWithoutGradient() {
    Tensor leaf = ramp(2).requireGradient();
    try (Scope quiet = Scope.withoutGradient()) {
      Tensor sum = leaf.sum();
      assertThatThrownBy(sum::backward).isInstanceOf(TensorException.class);
    }
    leaf.sum().backward();
    assertThat(leaf.gradient().toFloats()).containsExactly(1, 1);
  }

  @Test
  void aScopeFreesWhatItDoesNotKeep() {
    long before = Tensor.live();
    Tensor kept;
    Tensor owned;
    try (Scope inner = Scope.open()) {
      kept = inner.keep(ramp(2));
      owned = ramp(3).detached();
      ramp(4).exp();
    }
    assertThat(Tensor.live()).isEqualTo(before + 2);
    assertThat(kept.toFloats()).containsExactly(0, 1);
    owned.close();
    assertThat(Tensor.live()).isEqualTo(before + 1);
    assertThatThrownBy(owned::exp).isInstanceOf(AssertionError.class);
  }

  @Test
  void mistakesNameTheOperationAndBothShapes() {
    assertThatThrownBy(() -> ramp(2, 3).add(ramp(2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("add")
        .hasMessageContaining("[2, 3]")
        .hasMessageContaining("[2]");
    assertThatThrownBy(() -> Nn.linear(ramp(2, 3), ramp(4, 2)))
        .hasMessageContaining("linear")
        .hasMessageContaining("[2, 3]")
        .hasMessageContaining("[4, 2]");
    assertThatThrownBy(() -> ramp(4).reshape(3, -1)).hasMessageContaining("[4]");
    assertThatThrownBy(() -> ramp(2, 3).indexSelect(0, Tensors.of(new int[] {7}, 1)))
        .isInstanceOf(TensorException.class)
        .hasMessageContaining("aten::index_select")
        .hasMessageContaining("FLOAT32[2, 3]")
        .hasMessageContaining("out of");
  }

  @Test
  void anUnknownOperatorAndAnAbsurdAllocationAreExceptions() {
    Operator unknown = Operator.of("aten::no_such_thing(Tensor) -> 1");
    assertThatThrownBy(() -> Dispatcher.call(unknown, ramp(1))).isInstanceOf(TensorException.class);
    assertThatThrownBy(() -> Tensors.empty(DType.FLOAT32, Device.CPU, 1L << 50))
        .isInstanceOf(TensorException.class);
  }

  @Test
  void argumentsOfTheWrongKindNeverReachTheLibrary() {
    Operator exp = Operator.of("aten::exp(Tensor) -> 1");
    assertThatThrownBy(() -> Dispatcher.call(exp, 1.0)).isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> Dispatcher.call(exp)).isInstanceOf(AssertionError.class);
  }
}

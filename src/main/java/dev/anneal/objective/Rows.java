package dev.anneal.objective;

import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;

/** Tensors with a number for each noised row. */
final class Rows {
  private Rows() {}

  /** Where the rows are in the flattened window. */
  static int[] places(List<NoisedRow> rows) {
    return rows.stream().mapToInt(NoisedRow::flat).toArray();
  }

  /** A number for each row, [row], of another tensor's type and on its device. */
  static Tensor numbers(List<NoisedRow> rows, Tensor like, ToDoubleFunction<NoisedRow> number) {
    return Tensors.of(rows.stream().mapToDouble(number).toArray(), rows.size())
        .to(like.dtype())
        .to(like.device());
  }

  /** The clean tokens, int64 [row]. */
  static Tensor clean(List<NoisedRow> rows, Tensor like) {
    return Tensors.of(rows.stream().mapToInt(NoisedRow::clean).toArray(), rows.size())
        .to(like.device());
  }

  /** One column of each row: [row, vocab] to [row]. */
  static Tensor column(Tensor table, List<NoisedRow> rows, ToIntFunction<NoisedRow> id) {
    return table.gather(1, columnIndex(table, rows, id)).reshape(rows.size());
  }

  /** The index of a column of each row, int64 [row, 1]; that of a mask, which has none, is any. */
  static Tensor columnIndex(Tensor table, List<NoisedRow> rows, ToIntFunction<NoisedRow> id) {
    int last = (int) table.size(1) - 1;
    int[] columns = rows.stream().mapToInt(id).map(token -> Math.min(token, last)).toArray();
    return Tensors.of(columns, rows.size(), 1).to(table.device());
  }
}

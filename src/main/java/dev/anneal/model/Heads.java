package dev.anneal.model;

import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.util.List;
import java.util.Optional;

/**
 * What a call's rows ask, offer and hold in a layer's attention, each [1, head, row, channel].
 *
 * @param queries turned by the rows' positions, as keys are, if the network does so
 */
record Heads(Tensor queries, Tensor keys, Tensor values) {
  private static final int PARTS = 3;

  /**
   * The heads in what one product makes of the rows.
   *
   * @param joint queries, keys and values, each head behind head, [row, 3 · head · channel]; not
   *     used again
   * @param heads how many there are
   * @param angles of the rows' positions, if queries and keys are to be turned
   * @param precision what attention multiplies in
   */
  static Heads of(Tensor joint, int heads, Optional<Rotary.Angles> angles, Precision precision) {
    if (joint.isOpenToJava()) {
      angles.ifPresent(positions -> positions.turn_(joint));
      return new Heads(view(joint, heads, 0), view(joint, heads, 1), view(joint, heads, 2));
    }
    List<Tensor> parts = Tensors.split(joint.reshape(joint.size(0), PARTS, heads, -1), 1, 2, 1);
    Tensor both = parts.get(0);
    Tensor turned = precision.of(angles.map(positions -> positions.turn(both)).orElse(both));
    List<Tensor> queriesKeys = Tensors.unbind(turned, 1);
    return new Heads(
        heads(queriesKeys.get(0)), heads(queriesKeys.get(1)), heads(parts.get(1).select(1, 0)));
  }

  private static Tensor view(Tensor joint, int heads, int part) {
    long rows = joint.size(0);
    long step = joint.size(1);
    long channels = step / PARTS / heads;
    return joint.strided(
        new long[] {1, heads, rows, channels},
        new long[] {rows * step, channels, step, 1},
        part * (heads * channels));
  }

  /** [row, head, channel] to [1, head, row, channel]. */
  private static Tensor heads(Tensor rows) {
    return rows.transpose(0, 1).unsqueeze(0);
  }
}

package dev.anneal.model;

import dev.anneal.noise.Chances;
import dev.anneal.tensor.Nn;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Rows of scores or guesses, what they show, and the noise they show it under. */
final class ScoreRows {
  private final Tensor values; // [row, N]
  private final int[] ids;
  private final List<Chances> noises;
  private final Tensor own; // int64 [row, 1]

  private ScoreRows(Tensor values, int[] ids, List<Chances> noises) {
    this.values = values;
    this.ids = ids;
    this.noises = noises;
    this.own = Tensors.of(ids, ids.length, 1).to(values.device());
  }

  /** All rows, if the three fit each other. */
  static ScoreRows of(Tensor values, int[] ids, List<Chances> chances) {
    if (values.axes() != 2 || values.size(0) != ids.length || chances.size() != ids.length) {
      throw new IllegalArgumentException(
          "%s for %d ids and %d chances: expected a row for each"
              .formatted(values, ids.length, chances.size()));
    }
    for (int row = 0; row < ids.length; row++) {
      Chances noise = chances.get(row);
      boolean masked = ids[row] == values.size(1);
      if (ids[row] < 0 || ids[row] > values.size(1)) {
        throw new IllegalArgumentException(
            "id %d in row %d: expected 0 … %d".formatted(ids[row], row, values.size(1)));
      }
      if (noise.kept() == 0 || (masked && noise.masked() == 0)) {
        throw new IllegalArgumentException(
            "row %d shows %d under %s: expected noise that keeps tokens and can show it"
                .formatted(row, ids[row], noise));
      }
    }
    return new ScoreRows(values, ids, chances);
  }

  Tensor values() {
    return values;
  }

  int count() {
    return ids.length;
  }

  boolean isMasked(int row) {
    return ids[row] == values.size(1);
  }

  Chances noise(int row) {
    return noises.get(row);
  }

  ScoreRows select(int[] members) {
    return new ScoreRows(
        values.indexSelect(0, Tensors.of(members, members.length).to(values.device())),
        IntStream.of(members).map(row -> ids[row]).toArray(),
        IntStream.of(members).mapToObj(noises::get).toList());
  }

  /** The rows with a number of its own, [row, 1], at each row's own token. */
  Tensor withOwn(Tensor numbers, Tensor rows) {
    return Nn.replaceOne(rows, own, numbers);
  }

  /** The chance of a token to be scattered to one given token. */
  double scatteredToOne(Chances noise) {
    return noise.scattered() / values.size(1);
  }

  /** How much likelier a token is kept than scattered to one given token. */
  double odds(Chances noise) {
    return noise.kept() / scatteredToOne(noise);
  }

  /** 1 − x̂(x) for each unit of V. */
  double restOfExcess(Chances noise) {
    double odds = odds(noise);
    return 1 / (odds * (1 + (values.size(1) - 1) / (1 + odds)));
  }

  /** log t, from 1 − x̂(x). */
  Tensor threshold(Tensor rest) {
    Tensor kept = column(noise -> odds(noise) / (1 + odds(noise)));
    return rest.multiply(kept).add(column(noise -> 1 / (1 + odds(noise)))).log();
  }

  /** The same number for each row, [row, 1]. */
  Tensor all(double number) {
    return Tensors.full(number, values.dtype(), values.device(), ids.length, 1);
  }

  /** A number for each row, [row, 1]. */
  Tensor column(ToDoubleFunction<Chances> number) {
    double[] numbers = noises.stream().mapToDouble(number).toArray();
    return Tensors.of(numbers, ids.length, 1).to(values.dtype()).to(values.device());
  }

  /** The logarithm of a number for each row, [row, 1]. */
  Tensor logs(ToDoubleFunction<Chances> number) {
    return column(noise -> Math.max(Math.log(number.applyAsDouble(noise)), Scores.LOG_OF_NOTHING));
  }
}

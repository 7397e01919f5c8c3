package dev.anneal.bench;

import dev.anneal.attention.AttentionPattern;
import dev.anneal.attention.Stripe;
import dev.anneal.model.Parameters;
import dev.anneal.model.Rotary;
import dev.anneal.model.TransformerShape;
import dev.anneal.model.Window;
import dev.anneal.tensor.DType;
import dev.anneal.tensor.Device;
import dev.anneal.tensor.Nn;
import dev.anneal.tensor.Scope;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * The network as the published code computes it: the scores of every row with every row are written
 * down, the mask hides what must not be seen, softmax, product; and every row has its logits. It
 * shares operators and weights with {@link dev.anneal.model.Transformer}, of the kind that is told
 * no noise.
 */
final class DenseTransformer implements AutoCloseable {
  private final TransformerShape shape;
  private final Parameters parameters;
  private final Rotary rotary;

  /** The network of given weights, which stay with whoever made them. */
  DenseTransformer(TransformerShape shape, Parameters parameters) {
    this.shape = shape;
    this.parameters = parameters;
    this.rotary = new Rotary(shape.length(), shape.headWidth(), Device.CPU);
  }

  /** The logits of every row of a window, padding included: [row, vocab]. */
  Tensor logits(Window window) {
    Tensor hidden = Nn.embedding(weight("embedding"), rows(window, window::ids)); // [row, channel]
    Rotary.Angles angles = rotary.at(rows(window, window::positions));
    Optional<Tensor> mask = mask(window);
    for (int layer = 0; layer < shape.layers(); layer++) {
      // What the backward pass needs it keeps itself, as where the published code leaves a block.
      try (Scope scope = Scope.open()) {
        String block = "blocks." + layer + ".";
        Tensor attended = hidden.add(attention(block + "attention.", hidden, window, angles, mask));
        hidden = scope.keep(attended.add(feedForward(block + "feed_forward.", attended)));
      }
    }
    return Nn.linear(
        Nn.layerNorm(hidden, weight("output.norm")),
        weight("output.weight").narrow(0, 0, shape.tokens()),
        weight("output.bias").narrow(0, 0, shape.tokens()));
  }

  private Tensor attention(
      String name, Tensor input, Window window, Rotary.Angles angles, Optional<Tensor> mask) {
    Tensor joint =
        Nn.linear(Nn.layerNorm(input, weight(name + "norm")), weight(name + "query_key_value"))
            .reshape(input.size(0), 3, shape.heads(), -1);
    Tensor turned = angles.turn(joint.narrow(1, 0, 2));
    Tensor query = heads(turned.select(1, 0), window).multiply(1 / Math.sqrt(shape.headWidth()));
    Tensor scores = Nn.matrixProduct(query, heads(turned.select(1, 1), window).transpose(2, 3));
    Tensor seen = mask.map(scores::add).orElse(scores); // [batch, head, query, key]
    Tensor mixed = Nn.matrixProduct(Nn.softmax(seen), heads(joint.select(1, 2), window));
    return Nn.linear(mixed.transpose(1, 2).reshape(input.size(0), -1), weight(name + "output"));
  }

  private Tensor feedForward(String name, Tensor input) {
    Tensor normed = Nn.layerNorm(input, weight(name + "norm"));
    Tensor up = Nn.linear(normed, weight(name + "up.weight"), weight(name + "up.bias"));
    return Nn.linear(Nn.gelu(up), weight(name + "down.weight"), weight(name + "down.bias"));
  }

  private Tensor weight(String name) {
    return parameters.get(name);
  }

  /** [row, head, channel] to [batch, head, row, channel]. */
  private Tensor heads(Tensor rows, Window window) {
    return rows.reshape(window.batch(), window.width(), shape.heads(), -1).transpose(1, 2);
  }

  /** What each sequence has in its rows, 0 in padding: int64 [row]. */
  private static Tensor rows(Window window, IntFunction<int[]> ofSequence) {
    int[] flat = new int[window.batch() * window.width()];
    for (int i = 0; i < window.batch(); i++) {
      int[] own = ofSequence.apply(i);
      System.arraycopy(own, 0, flat, window.flat(i, 0), own.length);
    }
    return Tensors.of(flat, flat.length);
  }

  /** What is added to the scores, [batch, 1, row, row]: 0 where a row sees another, else −∞. */
  private static Optional<Tensor> mask(Window window) {
    if (IntStream.range(0, window.batch())
        .mapToObj(window::pattern)
        .allMatch(each -> each.rows() == window.width() && each.isUnmasked())) {
      return Optional.empty();
    }
    Stripe whole = Stripe.whole(window.width());
    long cells = (long) window.width() * window.width();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment sees = arena.allocate(window.batch() * cells);
      for (int i = 0; i < window.batch(); i++) {
        AttentionPattern pattern = window.pattern(i);
        pattern.fill(sees.asSlice(i * cells, cells), 0, whole);
      }
      Tensor seen = Tensors.mask(sees, window.batch(), 1, window.width(), window.width());
      return Optional.of(seen.to(DType.FLOAT32).log());
    }
  }

  @Override
  public void close() {
    rotary.close();
  }
}

package dev.anneal.model;

import dev.anneal.tensor.DType;
import dev.anneal.tensor.Device;
import dev.anneal.tensor.Rng;
import dev.anneal.tensor.Scope;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The weights of a network by name, in a fixed order; owns them.
 *
 * <p>Initial values are those of the official code: uniform in ±1/√(inputs) for the embedding and
 * the linear layers, one for the scales, zero for the output layer, so that a fresh network guesses
 * every token alike. Each is a pure function of (seed, parameter, element).
 */
public final class Parameters implements AutoCloseable {

  /** How a parameter starts. */
  private enum Start {
    UNIFORM,
    ONE,
    ZERO
  }

  private record Spec(Start start, int inputs, List<Long> shape) {

    long[] sizes() {
      return shape.stream().mapToLong(Long::longValue).toArray();
    }
  }

  private final Map<String, Tensor> byName;

  private Parameters(Map<String, Tensor> byName) {
    this.byName = byName;
  }

  /** Fresh weights on the CPU. */
  public static Parameters initial(TransformerShape shape, Rng rng) {
    var byName = new LinkedHashMap<String, Tensor>();
    try (Scope scope = Scope.open()) {
      int number = 0;
      for (var entry : specs(shape).entrySet()) {
        Spec spec = entry.getValue();
        Tensor tensor =
            switch (spec.start) {
              case ONE -> Tensors.full(1, DType.FLOAT32, Device.CPU, spec.sizes());
              case ZERO -> Tensors.zeros(DType.FLOAT32, Device.CPU, spec.sizes());
              case UNIFORM -> uniform(spec, rng.stream(Rng.Purpose.WEIGHTS, number, 0));
            };
        byName.put(entry.getKey(), tensor.detached());
        number++;
      }
    }
    return new Parameters(byName);
  }

  /**
   * Given weights, which from now on belong to the result.
   *
   * @param tensors float32, of the names and sizes of {@link #shapes}, and no others
   * @throws IllegalArgumentException if a tensor is missing, unknown, or of another size or type:
   *     names all of them and takes none
   */
  public static Parameters of(TransformerShape shape, Map<String, Tensor> tensors) {
    Map<String, List<Long>> shapes = shapes(shape);
    List<String> faults = faults(shapes, tensors);
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException("parameters: " + String.join("; ", faults));
    }
    var ordered = new LinkedHashMap<String, Tensor>();
    tensors.forEach((name, tensor) -> tensor.detached());
    shapes.keySet().forEach(name -> ordered.put(name, tensors.get(name)));
    return new Parameters(ordered);
  }

  private static List<String> faults(Map<String, List<Long>> shapes, Map<String, Tensor> tensors) {
    var faults = new ArrayList<String>();
    shapes.forEach(
        (name, sizes) -> {
          Tensor tensor = tensors.get(name);
          if (tensor == null) {
            faults.add(name + " is missing");
          } else if (tensor.dtype() != DType.FLOAT32 || !sizes.equals(boxed(tensor.shape()))) {
            faults.add("%s is %s, expected FLOAT32%s".formatted(name, tensor, sizes));
          }
        });
    tensors.keySet().stream()
        .filter(name -> !shapes.containsKey(name))
        .sorted()
        .forEach(name -> faults.add(name + " is unknown"));
    return faults;
  }

  /** The names and sizes of a network's parameters, in their order. */
  public static Map<String, List<Long>> shapes(TransformerShape shape) {
    var shapes = new LinkedHashMap<String, List<Long>>();
    specs(shape).forEach((name, spec) -> shapes.put(name, spec.shape));
    return shapes;
  }

  private static List<Long> boxed(long[] sizes) {
    return Arrays.stream(sizes).boxed().toList();
  }

  private static Map<String, Spec> specs(TransformerShape shape) {
    int width = shape.channels();
    int hidden = TransformerShape.EXPANSION * width;
    int vocabulary = shape.vocabulary();
    var specs = new LinkedHashMap<String, Spec>();
    specs.put("embedding", uniform(width, vocabulary, width));
    for (int layer = 0; layer < shape.layers(); layer++) {
      String block = "blocks." + layer + ".";
      specs.put(block + "attention.norm", new Spec(Start.ONE, width, List.of((long) width)));
      specs.put(block + "attention.query_key_value", uniform(width, 3L * width, width));
      specs.put(block + "attention.output", uniform(width, width, width));
      specs.put(block + "feed_forward.norm", new Spec(Start.ONE, width, List.of((long) width)));
      specs.put(block + "feed_forward.up.weight", uniform(width, hidden, width));
      specs.put(block + "feed_forward.up.bias", uniform(width, hidden));
      specs.put(block + "feed_forward.down.weight", uniform(hidden, width, hidden));
      specs.put(block + "feed_forward.down.bias", uniform(hidden, width));
    }
    specs.put("output.norm", new Spec(Start.ONE, width, List.of((long) width)));
    specs.put(
        "output.weight", new Spec(Start.ZERO, width, List.of((long) vocabulary, (long) width)));
    specs.put("output.bias", new Spec(Start.ZERO, width, List.of((long) vocabulary)));
    return specs;
  }

  private static Spec uniform(int inputs, long... shape) {
    return new Spec(Start.UNIFORM, inputs, boxed(shape));
  }

  private static Tensor uniform(Spec spec, Rng.Stream draws) {
    double bound = 1 / Math.sqrt(spec.inputs);
    int count = 1;
    for (long size : spec.shape) {
      count = Math.multiplyExact(count, (int) size);
    }
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (bound * (2 * draws.uniform(i) - 1));
    }
    return Tensors.of(values, spec.sizes());
  }

  /** One parameter. */
  public Tensor get(String name) {
    Tensor tensor = byName.get(name);
    if (tensor == null) {
      throw new IllegalArgumentException("no parameter is named " + name);
    }
    return tensor;
  }

  /** All of them, in their order. */
  public Map<String, Tensor> all() {
    return Collections.unmodifiableMap(byName);
  }

  /** How many numbers a network learns. */
  public static long count(TransformerShape shape) {
    return shapes(shape).values().stream()
        .mapToLong(sizes -> sizes.stream().reduce(1L, Math::multiplyExact))
        .sum();
  }

  /** Makes each a leaf whose gradient the backward pass accumulates. */
  public Parameters requireGradient() {
    byName.values().forEach(Tensor::requireGradient);
    return this;
  }

  /** A copy on a device, with memory of its own. */
  public Parameters copyTo(Device device) {
    var copies = new LinkedHashMap<String, Tensor>();
    try (Scope scope = Scope.withoutGradient()) {
      byName.forEach(
          (name, tensor) -> {
            Tensor copy = Tensors.empty(tensor.dtype(), device, tensor.shape());
            copy.copy_(tensor);
            copies.put(name, copy.detached());
          });
    }
    return new Parameters(copies);
  }

  @Override
  public void close() {
    byName.values().forEach(Tensor::close);
  }
}

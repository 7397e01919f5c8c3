package dev.anneal.model;

import dev.anneal.tensor.DType;
import dev.anneal.tensor.Device;
import dev.anneal.tensor.Recorder;
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
import java.util.Optional;

/**
 * The weights of a network by name, in the order of its {@link Architecture}; owns them. A linear
 * layer's weight is [output, input].
 */
public final class Parameters implements AutoCloseable {
  private final Map<String, Tensor> byName;
  private Products products = new ChangingProducts(Precision.FLOAT32);
  private Optional<Recorder> recorder = Optional.empty();

  private Parameters(Map<String, Tensor> byName) {
    this.byName = byName;
  }

  /** Fresh weights on the CPU: each a pure function of (seed, parameter, element). */
  public static Parameters initial(Architecture architecture, Rng rng) {
    var byName = new LinkedHashMap<String, Tensor>();
    try (Scope scope = Scope.open()) {
      for (var entry : architecture.parameters().entrySet()) {
        var draws = rng.stream(Rng.Purpose.WEIGHTS, byName.size(), 0);
        byName.put(entry.getKey(), entry.getValue().initial(draws).detached());
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
  public static Parameters of(Architecture architecture, Map<String, Tensor> tensors) {
    Map<String, List<Long>> shapes = shapes(architecture);
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
  public static Map<String, List<Long>> shapes(Architecture architecture) {
    var shapes = new LinkedHashMap<String, List<Long>>();
    architecture.parameters().forEach((name, parameter) -> shapes.put(name, parameter.sizes()));
    return shapes;
  }

  private static List<Long> boxed(long[] sizes) {
    return Arrays.stream(sizes).boxed().toList();
  }

  /** One parameter. */
  public Tensor get(String name) {
    return find(name)
        .orElseThrow(() -> new IllegalArgumentException("no parameter is named " + name));
  }

  /** One parameter, if the network has it. */
  Optional<Tensor> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** All of them, in their order. */
  public Map<String, Tensor> all() {
    return Collections.unmodifiableMap(byName);
  }

  /** How many numbers a network learns. */
  public static long count(Architecture architecture) {
    return architecture.parameters().values().stream().mapToLong(Parameter::count).sum();
  }

  /** Makes each a leaf whose gradient the backward pass accumulates. */
  public Parameters requireGradient() {
    byName.values().forEach(Tensor::requireGradient);
    return this;
  }

  /** Networks that are made of them from now on multiply in a precision; before {@link #fixed}. */
  public Parameters multiplyIn(Precision precision) {
    products = new ChangingProducts(precision);
    return this;
  }

  /**
   * Promises that they stay as they are: networks that are made of them from now on multiply faster
   * and have no gradient, at the price of a second copy in the processor's order. On a GPU they
   * replay calls that come again.
   */
  public Parameters fixed() {
    return fixed(Recorder.of(placement().device()));
  }

  /**
   * The same {@linkplain #fixed() promise}.
   *
   * @param calls records calls that come again; absent if all are to be made anew
   */
  public Parameters fixed(Optional<Recorder> calls) {
    products = new FixedProducts(products.precision());
    recorder = calls;
    return this;
  }

  /** What records calls that come again, if they are to be. */
  Optional<Recorder> recorder() {
    return recorder;
  }

  Products products() {
    return products;
  }

  /** Where networks that are made of them compute. */
  Placement placement() {
    return new Placement(get("embedding").device(), products.precision());
  }

  /** A copy on a device, with memory of its own, for products of the same precision. */
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
    return new Parameters(copies).multiplyIn(products.precision());
  }

  @Override
  public void close() {
    products.close();
    byName.values().forEach(Tensor::close);
  }
}

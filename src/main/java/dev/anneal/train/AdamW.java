package dev.anneal.train;

import dev.anneal.model.Parameters;
import dev.anneal.tensor.DType;
import dev.anneal.tensor.Device;
import dev.anneal.tensor.Optimizers;
import dev.anneal.tensor.Scope;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019), after the gradient has been cut to
 * a largest norm. Only matrices decay; scales and biases do not.
 *
 * <p>Owns its moments; the parameters stay with whoever made them.
 */
public final class AdamW implements AutoCloseable {

  /**
   * What does not change during a run.
   *
   * @param weightDecay share of a weight that decays in a step, for each unit of learning rate
   * @param beta1 decay of the mean gradient
   * @param beta2 decay of the mean squared gradient
   * @param clip the largest norm of the gradient over all parameters
   */
  public record Settings(double weightDecay, double beta1, double beta2, double clip) {}

  private final Settings settings;
  private final List<Group> groups;
  private final Device device;

  /** Parameters that share a weight decay. */
  private static final class Group {
    final double weightDecay;
    final List<String> names = new ArrayList<>();
    final List<Tensor> weights = new ArrayList<>();
    final List<Tensor> means = new ArrayList<>();
    final List<Tensor> squares = new ArrayList<>();

    Group(double weightDecay) {
      this.weightDecay = weightDecay;
    }

    void add(String name, Tensor weight) {
      names.add(name);
      weights.add(weight);
      means.add(Tensors.zeros(DType.FLOAT32, weight.device(), weight.shape()).detached());
      squares.add(Tensors.zeros(DType.FLOAT32, weight.device(), weight.shape()).detached());
    }
  }

  /** An optimizer that has not moved yet; the parameters must require gradients. */
  public AdamW(Settings settings, Parameters parameters) {
    this.settings = settings;
    this.device = parameters.get("embedding").device();
    var decayed = new Group(settings.weightDecay());
    var free = new Group(0);
    try (Scope scope = Scope.open()) {
      parameters
          .all()
          .forEach((name, weight) -> (weight.axes() > 1 ? decayed : free).add(name, weight));
    }
    this.groups = List.of(decayed, free);
  }

  /**
   * Moves the parameters by their gradients, and sets those to zero.
   *
   * @param done updates made before
   * @param rate the learning rate
   * @return the norm of the gradient before it was cut
   */
  public double update(long done, double rate) {
    try (Scope scope = Scope.withoutGradient()) {
      var gradients = groups.stream().map(AdamW::gradients).toList();
      double norm = norm(gradients);
      if (!Double.isFinite(norm)) {
        return norm;
      }
      Tensor divisor = Tensors.scalar(Math.max(1, norm / settings.clip()), DType.FLOAT32, device);
      Tensor count = Tensors.scalar((double) (done + 1), DType.FLOAT32, device);
      for (int i = 0; i < groups.size(); i++) {
        Group group = groups.get(i);
        Optimizers.adamW_(
            new Optimizers.Moving(group.weights, gradients.get(i), group.means, group.squares),
            new Optimizers.Adam(
                rate, settings.beta1(), settings.beta2(), group.weightDecay, divisor),
            count);
        Optimizers.zero_(gradients.get(i));
      }
      return norm;
    }
  }

  private static List<Tensor> gradients(Group group) {
    return group.weights.stream().map(Tensor::gradient).toList();
  }

  private static double norm(List<List<Tensor>> gradients) {
    var squares = new ArrayList<Tensor>();
    for (List<Tensor> group : gradients) {
      for (Tensor gradient : group) {
        Tensor flat = gradient.reshape(-1);
        squares.add(flat.dot(flat));
      }
    }
    return Math.sqrt(Tensors.stack(squares, 0).to(DType.FLOAT64).sum().item());
  }

  /** The moments by name, for a checkpoint: {@code mean.NAME} and {@code square.NAME}. */
  public Map<String, Tensor> state() {
    var state = new LinkedHashMap<String, Tensor>();
    for (Group group : groups) {
      for (int i = 0; i < group.names.size(); i++) {
        state.put("mean." + group.names.get(i), group.means.get(i));
        state.put("square." + group.names.get(i), group.squares.get(i));
      }
    }
    return state;
  }

  @Override
  public void close() {
    state().values().forEach(Tensor::close);
  }
}

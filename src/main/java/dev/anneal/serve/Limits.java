package dev.anneal.serve;

import dev.anneal.store.ModelConfig;
import dev.anneal.tensor.Device;
import dev.anneal.tensor.Libtorch;
import java.time.Duration;

/**
 * How much a {@link Server} takes on.
 *
 * @param length tokens of a text, its prompt included; at most the model's
 * @param waiting requests that wait for their turn; one more is refused
 * @param running requests that take turns
 * @param deadline how long a request may take from its arrival on
 * @param workers threads that call the model, each for its share of the running requests
 */
public record Limits(int length, int waiting, int running, Duration deadline, int workers) {

  /** Texts that a request may ask for. */
  static final int SAMPLES = 16;

  /** Bytes that a request's body may have. */
  static final int BODY_BYTES = 1 << 20;

  /** Steps that are written down: they are kept in memory to the end. */
  private static final int TRACED_STEPS = 10_000;

  /** Checks the numbers. */
  public Limits {
    requirePositive("length", length);
    requirePositive("queue", waiting);
    requirePositive("running", running);
    requirePositive("workers", workers);
    if (!deadline.isPositive()) {
      throw new IllegalArgumentException(
          "deadline %s: expected a time above zero".formatted(deadline));
    }
  }

  /** With one worker. */
  public Limits(int length, int waiting, int running, Duration deadline) {
    this(length, waiting, running, deadline, 1);
  }

  /**
   * How many workers suit a device: a GPU makes a call at a time; on a processor two calls, each by
   * half of the cores, get through more than one by all of them.
   */
  public static int usualWorkers(Device device) {
    return device.type() == Device.Type.CPU ? Math.min(2, Libtorch.load().threads()) : 1;
  }

  /**
   * Refuses to write so many steps down.
   *
   * @param field of the request, by which they are asked for
   */
  static void requireTraced(String field, int steps) {
    if (steps > TRACED_STEPS) {
      throw Refusal.field(
          field, "%s of %d steps: expected at most %d".formatted(field, steps, TRACED_STEPS));
    }
  }

  private static void requirePositive(String name, int number) {
    if (number < 1) {
      throw new IllegalArgumentException("%s %d: expected at least 1".formatted(name, number));
    }
  }

  /**
   * Checks that no text may be longer than a model's.
   *
   * @throws IllegalArgumentException if one may
   */
  void requireFit(ModelConfig model) {
    if (length > model.longest()) {
      throw new IllegalArgumentException(
          "length %d is more than the model's: expected at most %d"
              .formatted(length, model.longest()));
    }
  }
}

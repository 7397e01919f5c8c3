package dev.anneal.train;

import dev.anneal.objective.Noising;
import dev.anneal.recipe.Choice;
import dev.anneal.recipe.Family;
import dev.anneal.schedule.Hyperschedule;
import dev.anneal.tensor.Rng;
import java.util.List;

/**
 * The hyperschedules a model is trained on, each with its share of the training tokens.
 *
 * @param parts at least one
 */
public record Mixture(List<Part> parts) {

  private static final Family<Hyperschedule> HYPERSCHEDULES =
      Family.of(Hyperschedule.class, "Annealing");

  /**
   * One of them.
   *
   * @param noising how its batches are noised
   * @param weight its share, relative to the other weights
   */
  public record Part(Noising noising, double weight) {

    /** Its name in metrics: the hyperschedule's, with the width where it has one. */
    public String name() {
      Choice choice = HYPERSCHEDULES.describe(noising.hyperschedule());
      Object width = choice.settings().get("width");
      return width == null ? choice.name() : choice.name() + " " + width;
    }
  }

  public Mixture {
    parts = List.copyOf(parts);
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("a mixture of no hyperschedule: expected at least one");
    }
  }

  /**
   * The part that a micro-batch follows: drawn by weight, the draws of one step stratified over its
   * micro-batches, so that a step sees the mixture as evenly as it can.
   */
  public Noising pick(Rng rng, long step, int microBatch, int microBatches) {
    double shift = rng.uniform(Rng.Purpose.HYPERSCHEDULE, 0, step, 0);
    double drawn = (shift + microBatch / (double) microBatches) % 1;
    double total = parts.stream().mapToDouble(Part::weight).sum();
    double passed = 0;
    for (Part part : parts) {
      passed += part.weight / total;
      if (drawn < passed) {
        return part.noising;
      }
    }
    return parts.getLast().noising;
  }
}

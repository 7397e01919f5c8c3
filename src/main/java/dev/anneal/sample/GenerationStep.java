package dev.anneal.sample;

import dev.anneal.schedule.Partition;
import dev.anneal.schedule.SettlingOrder;
import java.util.List;

/**
 * What one step of generation did.
 *
 * @param order which position a place in the settling order is
 * @param partition which unknown positions were settled, active, worthless, and their levels; rank
 *     r is at the place {@code order.known() + r}
 * @param changes [sequence], each from left to right; at most one a position
 */
public record GenerationStep(SettlingOrder order, Partition partition, List<List<Change>> changes) {

  /** Copies the changes. */
  public GenerationStep {
    changes = changes.stream().map(List::copyOf).toList();
  }

  /** The tokens of one text that became final, from left to right. */
  public List<Change> settled(int sequence) {
    return only(sequence, Change.Kind.SETTLED);
  }

  /** The changes of one kind in one text, from left to right. */
  List<Change> only(int sequence, Change.Kind kind) {
    return changes.get(sequence).stream().filter(change -> change.kind() == kind).toList();
  }
}

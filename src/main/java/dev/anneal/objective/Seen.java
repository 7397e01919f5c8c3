package dev.anneal.objective;

import dev.anneal.schedule.Partition;

/** Which of the active tokens of its calls a batch shows. */
public enum Seen {
  /** All. */
  ALL,
  /** Those that settle in the call. */
  SETTLING,
  /** Those that stay active after the call. */
  STAYING;

  /** How many tokens of a call are seen. */
  int count(Partition call) {
    return switch (this) {
      case ALL -> call.active();
      case SETTLING -> call.settling();
      case STAYING -> call.active() - call.settling();
    };
  }

  /** Whether a row is seen. */
  boolean shows(NoisedRow row) {
    return switch (this) {
      case ALL -> true;
      case SETTLING -> row.call().last();
      case STAYING -> !row.call().last();
    };
  }
}

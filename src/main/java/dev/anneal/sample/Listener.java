package dev.anneal.sample;

/** Watches generation step by step, and may end it. */
@FunctionalInterface
public interface Listener {

  /** What a listener answers. */
  enum Verdict {
    /** Make the next step. */
    CONTINUE,
    /** Make no step more: the texts stay as they are. */
    STOP
  }

  /** Watches nothing. */
  Listener NONE = step -> Verdict.CONTINUE;

  /** Called after each step, on the generating thread. */
  Verdict onStep(GenerationStep step);

  /** Both listen to each step, and either can end the generation. */
  default Listener and(Listener other) {
    return step -> {
      Verdict first = onStep(step);
      Verdict second = other.onStep(step);
      return first == Verdict.STOP ? first : second;
    };
  }
}

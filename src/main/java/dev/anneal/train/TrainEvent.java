package dev.anneal.train;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What happens in a training run, for whoever shows it. */
public sealed interface TrainEvent {

  /**
   * The run begins, or goes on.
   *
   * @param done updates made before
   * @param steps updates of the whole run
   * @param parameters numbers that are learned
   * @param corpusTokens tokens of the training text; absent where a task makes its examples
   */
  record Started(long done, long steps, long parameters, OptionalLong corpusTokens)
      implements TrainEvent {}

  /**
   * An update.
   *
   * @param update what it did
   * @param nats per token, smoothed over the last updates
   * @param tokensPerSecond of text, over the last updates
   * @param left time to the end at this speed
   */
  record Updated(Trainer.Update update, double nats, double tokensPerSecond, Duration left)
      implements TrainEvent {}

  /**
   * The averaged weights were measured on held-out text.
   *
   * @param step updates made
   * @param nats the exact bound per token, by hyperschedule
   */
  record Evaluated(long step, Map<String, Double> nats) implements TrainEvent {}

  /**
   * Texts of the averaged weights.
   *
   * @param step updates made
   * @param texts what was generated
   */
  record Sampled(long step, List<String> texts) implements TrainEvent {}

  /**
   * A checkpoint was written.
   *
   * @param step updates made
   * @param folder where it is
   */
  record Saved(long step, Path folder) implements TrainEvent {}

  /**
   * The run ended.
   *
   * @param step updates made
   * @param model the folder of the finished model; absent if the run was stopped before its end
   */
  record Ended(long step, Optional<Path> model) implements TrainEvent {}
}

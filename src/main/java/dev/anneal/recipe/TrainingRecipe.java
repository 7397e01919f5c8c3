package dev.anneal.recipe;

import java.util.List;

/**
 * How long and how fast a model learns. A step is one optimizer update.
 *
 * @param steps updates of the whole run
 * @param batch sequences of an update
 * @param microBatches equal parts a batch is computed in, to save memory; a divisor of {@code
 *     batch}; by default 1
 * @param learningRate the highest learning rate, reached after {@code warmUp} steps
 * @param finalLearningRate where the cosine ends; by default 0
 * @param warmUp steps from learning rate 0 to {@code learningRate}, linearly; by default 0
 * @param weightDecay AdamW's; by default 0.1
 * @param beta1 AdamW's decay of the mean gradient; by default 0.9
 * @param beta2 AdamW's decay of the mean squared gradient; by default 0.95
 * @param clip the largest norm of the gradient; a longer one is scaled to it; by default 1
 * @param ema decay of the averaged weights that are evaluated and sampled from; 0 averages nothing;
 *     by default 0.999
 * @param infill share of the sequences of which only some gaps are to be found, the rest known; 0 …
 *     1, by default 0
 * @param streams {@code two} trains {@code [clean ‖ noised]}, each token in one of its calls;
 *     {@code one} trains one drawn call of each sequence; by default two
 * @param seed of every draw of the run; by default 1
 * @param evaluateEvery steps between evaluations; by default 500
 * @param saveEvery steps between checkpoints; by default 500
 * @param logEvery steps between lines of metrics; by default 10
 * @param sequencesEvaluated sequences of an evaluation; by default 64
 * @param newTensors weights that a run which starts from a model does not take from it: names, in
 *     which {@code *} stands for any characters; by default none
 */
public record TrainingRecipe(
    int steps,
    int batch,
    @Default("1") int microBatches,
    double learningRate,
    @Default("0.0") double finalLearningRate,
    @Default("0") int warmUp,
    @Default("0.1") double weightDecay,
    @Default("0.9") double beta1,
    @Default("0.95") double beta2,
    @Default("1.0") double clip,
    @Default("0.999") double ema,
    @Default("0.0") double infill,
    @Default("two") Streams streams,
    @Default("1") long seed,
    @Default("500") int evaluateEvery,
    @Default("500") int saveEvery,
    @Default("10") int logEvery,
    @Default("64") int sequencesEvaluated,
    @Default("[]") List<String> newTensors) {

  /** How many streams a training window has. */
  public enum Streams {
    ONE,
    TWO
  }

  public TrainingRecipe {
    newTensors = List.copyOf(newTensors);
    IllegalSetting.requireAtLeast(1, "steps", steps);
    IllegalSetting.requireAtLeast(1, "batch", batch);
    IllegalSetting.requireAtLeast(1, "micro_batches", microBatches);
    if (batch % microBatches != 0) {
      throw new IllegalSetting("micro_batches", microBatches, "a divisor of batch, " + batch);
    }
    IllegalSetting.requireAboveZero("learning_rate", learningRate);
    IllegalSetting.requireZeroOrMore("final_learning_rate", finalLearningRate);
    IllegalSetting.requireAtLeast(0, "warm_up", warmUp);
    if (warmUp > steps) {
      throw new IllegalSetting("warm_up", warmUp, "at most steps, " + steps);
    }
    IllegalSetting.requireZeroOrMore("weight_decay", weightDecay);
    IllegalSetting.requireDecay("beta1", beta1);
    IllegalSetting.requireDecay("beta2", beta2);
    IllegalSetting.requireAboveZero("clip", clip);
    IllegalSetting.requireDecay("ema", ema);
    if (!(infill >= 0 && infill <= 1)) {
      throw new IllegalSetting("infill", infill, "0 … 1");
    }
    IllegalSetting.requireAtLeast(1, "evaluate_every", evaluateEvery);
    IllegalSetting.requireAtLeast(1, "save_every", saveEvery);
    IllegalSetting.requireAtLeast(1, "log_every", logEvery);
    IllegalSetting.requireAtLeast(1, "sequences_evaluated", sequencesEvaluated);
    newTensors.forEach(name -> IllegalSetting.requireText("new_tensors", name));
  }
}

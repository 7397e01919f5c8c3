package dev.anneal.bench;

import dev.anneal.model.Parameters;
import dev.anneal.objective.NoisedBatch;
import dev.anneal.objective.NoisedRow;
import dev.anneal.objective.Noising;
import dev.anneal.task.Example;
import dev.anneal.tensor.Nn;
import dev.anneal.tensor.Scope;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import dev.anneal.train.AdamW;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Steps as the published code makes them: a {@link DenseTransformer}, the logits of every row of
 * the window, log-softmax over all of them, and a weight for each row, which is 0 for those that
 * are not asked for. Texts, draws, weights and optimizer are those of {@link AnnealTraining}, and
 * so is the loss.
 */
final class DenseTraining implements TrainingWay {
  private final TrainingWork work;
  private final Parameters parameters;
  private final DenseTransformer network;
  private final AdamW optimizer;
  private long done;

  DenseTraining(TrainingWork work) {
    this.work = work;
    this.parameters = Parameters.initial(work.shape(), TrainingWork.RNG).requireGradient();
    this.network = new DenseTransformer(work.shape(), parameters);
    this.optimizer = new AdamW(TrainingWork.OPTIMIZER, parameters);
  }

  @Override
  public double step() {
    double nats;
    try (Scope scope = Scope.open()) {
      NoisedBatch batch = batch();
      Tensor loss = loss(batch, network.logits(batch.window()));
      loss.backward();
      nats = loss.item();
    }
    optimizer.update(done, work.rate());
    done++;
    return nats;
  }

  private NoisedBatch batch() {
    List<Example> texts =
        IntStream.range(0, work.batch())
            .mapToObj(i -> work.sequence(done * work.batch() + i))
            .toList();
    return work.noising().draw(texts, new Noising.Draws(TrainingWork.RNG, done, 0, work.batch()));
  }

  /** The weighted mean of −log softmax(logits)[clean], from logits [row, vocab]. */
  private static Tensor loss(NoisedBatch batch, Tensor logits) {
    int rows = Math.toIntExact(logits.size(0));
    int[] clean = new int[rows];
    float[] weights = new float[rows];
    for (NoisedRow row : batch.rows()) {
      clean[row.flat()] = row.clean();
      weights[row.flat()] = (float) TrainingWork.OBJECTIVE.weight(row);
    }
    Tensor own = Nn.logSoftmax(logits).gather(1, Tensors.of(clean, rows, 1)); // [row, 1]
    return own.multiply(Tensors.of(weights, rows, 1)).sum().multiply(-1.0 / batch.tokens());
  }

  @Override
  public void close() {
    network.close();
    optimizer.close();
    parameters.close();
  }
}

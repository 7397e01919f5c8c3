package dev.anneal.bench;

import dev.anneal.model.Parameters;
import dev.anneal.train.LearningRate;
import dev.anneal.train.Mixture;
import dev.anneal.train.Trainer;
import java.util.List;

/** Steps of {@code anneal train}. */
final class AnnealTraining implements TrainingWay {
  private final Trainer trainer;

  AnnealTraining(TrainingWork work) {
    var method =
        new Trainer.Method(
            new Mixture(List.of(new Mixture.Part(work.noising(), 1))),
            TrainingWork.OBJECTIVE,
            TrainingWork.OPTIMIZER,
            new LearningRate(work.rate(), work.rate(), 0, 1),
            0);
    this.trainer =
        new Trainer(
            work.shape(),
            Parameters.initial(work.shape(), TrainingWork.RNG),
            method,
            new Trainer.Work(work.batch(), 1),
            new Trainer.Feed(work::sequence, TrainingWork.RNG));
  }

  @Override
  public double step() {
    return trainer.update().nats();
  }

  @Override
  public void close() {
    trainer.close();
  }
}

package dev.anneal.bench;

/** A way to make training steps. */
public sealed interface TrainingWay extends AutoCloseable permits AnnealTraining, DenseTraining {

  /** The ways by name. */
  enum Name {
    /** As {@code anneal train} does. */
    ANNEAL {
      @Override
      public TrainingWay of(TrainingWork work) {
        return new AnnealTraining(work);
      }
    },
    /** As the published code does. */
    DENSE {
      @Override
      public TrainingWay of(TrainingWork work) {
        return new DenseTraining(work);
      }
    };

    /** Training that has not begun. */
    public abstract TrainingWay of(TrainingWork work);
  }

  /**
   * Makes one step.
   *
   * @return the loss it was made by, in nats a token
   */
  double step();

  @Override
  void close();
}

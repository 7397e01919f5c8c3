package dev.anneal.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.anneal.model.TransformerShape;
import dev.anneal.schedule.BlockAnnealing;
import dev.anneal.schedule.Flat;
import dev.anneal.schedule.Hyperschedule;
import dev.anneal.schedule.SlideAnnealing;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The ways to make training steps. */
final class TrainingWayTest {

  static List<Hyperschedule> hyperschedules() {
    return List.of(new Flat(160), new BlockAnnealing(16, 16), new SlideAnnealing(8, 4));
  }

  @ParameterizedTest
  @MethodSource("hyperschedules")
  void theDenseWayLearnsTheSameByTheSameLosses(Hyperschedule hyperschedule) {
    var work = new TrainingWork(new TransformerShape(29, 2, 2, 16, 160), hyperschedule, 3, 0.01);
    double[] ours = losses(TrainingWay.Name.ANNEAL, work);
    double[] theirs = losses(TrainingWay.Name.DENSE, work);
    assertThat(DoubleStream.of(ours).distinct()).hasSize(ours.length);
    assertThat(ours).containsExactly(theirs, within(1e-5));
  }

  private static double[] losses(TrainingWay.Name name, TrainingWork work) {
    try (TrainingWay way = name.of(work)) {
      return DoubleStream.generate(way::step).limit(6).toArray();
    }
  }
}

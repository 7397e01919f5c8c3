package dev.anneal.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anneal.schedule.BlockAnnealing;
import dev.anneal.schedule.Flat;
import dev.anneal.schedule.HybridAnnealing;
import dev.anneal.schedule.Hyperschedule;
import dev.anneal.schedule.Quenched;
import dev.anneal.schedule.SlideAnnealing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every sampler does under every hyperschedule, whatever is known. */
final class SamplerContractTest {
  private static final int LENGTH = 12;
  private static final int SAMPLES = 3;
  private static final List<Sampler> SAMPLERS =
      List.of(new Ancestral(), new AdaptiveCorrection(0.5), new ExactCorrection(0.5));

  static List<Trial> trials() {
    List<Hyperschedule> hyperschedules =
        List.of(
            new Quenched(),
            new Flat(5),
            new BlockAnnealing(5, 3),
            new SlideAnnealing(4, 8),
            new HybridAnnealing(5, 2));
    var trials = new ArrayList<Trial>();
    for (Sampler sampler : SAMPLERS) {
      for (Hyperschedule hyperschedule : hyperschedules) {
        trials.add(new Trial(new FixedDenoiser(LENGTH, 0, 1, 2), 0.2, hyperschedule, sampler));
      }
    }
    return trials;
  }

  private static Stream<Draft> drafts() {
    int[] gaps = new int[LENGTH];
    Arrays.fill(gaps, Draft.BLANK);
    gaps[2] = 1;
    gaps[3] = 0;
    gaps[9] = 2;
    return Stream.of(
        Draft.prompt(new int[0], LENGTH, SAMPLES),
        Draft.prompt(new int[] {2, 0, 1, 1, 0}, LENGTH, SAMPLES),
        Draft.infill(gaps, SAMPLES));
  }

  /** Applies the changes a listener hears of to a text, and checks each. */
  private static final class Reader implements Listener {
    private final Trial trial;
    private final Draft draft;
    private final int[][] texts = new int[SAMPLES][];
    private final boolean[][] isFinal = new boolean[SAMPLES][LENGTH];

    Reader(Trial trial, Draft draft) {
      this.trial = trial;
      this.draft = draft;
      for (int sequence = 0; sequence < SAMPLES; sequence++) {
        texts[sequence] = draft.tokens(sequence, Draft.BLANK);
        for (int order = 0; order < draft.order().known(); order++) {
          isFinal[sequence][draft.order().position(order)] = true;
        }
      }
    }

    @Override
    public Verdict onStep(GenerationStep step) {
      for (int sequence = 0; sequence < SAMPLES; sequence++) {
        for (Change change : step.changes().get(sequence)) {
          apply(sequence, change);
        }
        assertThat(step.settled(sequence)).hasSize(settling(step.partition().step()));
      }
      return Verdict.CONTINUE;
    }

    private void apply(int sequence, Change change) {
      int before = texts[sequence][change.position()];
      assertThat(isFinal[sequence][change.position()]).as("final before %s", change).isFalse();
      switch (change.kind()) {
        case PROVISIONAL -> assertThat(before).isEqualTo(Draft.BLANK);
        case REVISED -> assertThat(before).isNotIn(Draft.BLANK, change.id());
        case SETTLED -> isFinal[sequence][change.position()] = true;
      }
      texts[sequence][change.position()] = change.id();
    }

    /** How many positions reach level 0 in this step, counted one by one. */
    private int settling(int step) {
      int count = 0;
      for (int rank = 0; rank < draft.order().unknown(); rank++) {
        boolean before = trial.hyperschedule().level(step, rank) > 0;
        boolean after = trial.hyperschedule().level(step + 1, rank) > 0;
        count += before && !after ? 1 : 0;
      }
      return count;
    }
  }

  @ParameterizedTest
  @MethodSource("trials")
  void settledTokensNeverChangeAndNoMaskIsLeft(Trial trial) {
    drafts()
        .forEach(
            draft -> {
              var reader = new Reader(trial, draft);
              var generation = trial.generate(draft, 11, reader);
              assertThat(generation.settled()).isEqualTo(LENGTH);
              for (int sequence = 0; sequence < SAMPLES; sequence++) {
                int[] text = generation.texts().get(sequence);
                assertThat(text).isEqualTo(reader.texts[sequence]);
                assertThat(reader.isFinal[sequence]).doesNotContain(false);
                assertThat(Arrays.stream(text)).allMatch(id -> id >= 0 && id < 3);
              }
            });
  }

  @ParameterizedTest
  @MethodSource("trials")
  void theModelIsCalledOnlyWhereSomethingIsDrawn(Trial trial) {
    var denoiser = new FixedDenoiser(LENGTH, 0, 1, 2);
    var counted = new Trial(denoiser, trial.epsilon(), trial.hyperschedule(), trial.sampler());
    var generation = counted.generate(Draft.prompt(new int[0], LENGTH, 1), 12);
    assertThat(generation.calls())
        .isEqualTo(denoiser.calls())
        .isLessThanOrEqualTo(trial.hyperschedule().steps(LENGTH));
    assertThat(denoiser.rows()).isGreaterThanOrEqualTo(generation.calls());
  }

  @Test
  void everyMemberOfTheFamilyIsTried() {
    assertThat(SAMPLERS.stream().map(Object::getClass))
        .containsExactlyInAnyOrder(Sampler.class.getPermittedSubclasses());
  }

  @Test
  void membersAreNamedInKebabCase() {
    assertThat(SAMPLERS.stream().map(Sampler::name))
        .containsExactly("ancestral", "adaptive-correction", "exact-correction");
    assertThat(Sampler.fullName("acs")).isEqualTo("adaptive-correction");
    assertThat(Sampler.fullName("ancestral")).isEqualTo("ancestral");
  }
}

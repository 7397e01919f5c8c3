package dev.anneal.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.anneal.noise.Noise;
import dev.anneal.noise.NoiseProcess;
import dev.anneal.recipe.Family;
import dev.anneal.schedule.Hyperschedule;
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

  static List<Trial> trials() {
    var trials = new ArrayList<Trial>();
    for (Sampler sampler : Every.SAMPLER) {
      for (Noise noise : Every.NOISE) {
        for (Hyperschedule hyperschedule : Every.HYPERSCHEDULE) {
          if (Every.fits(sampler, noise)) {
            trials.add(
                new Trial(new FixedDenoiser(LENGTH, 0, 1, 2), noise, hyperschedule, sampler));
          }
        }
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
        case REMASKED -> {
          assertThat(before).isNotEqualTo(Draft.BLANK);
          assertThat(change.id()).isEqualTo(trial.denoiser().tokens());
        }
        case SETTLED -> isFinal[sequence][change.position()] = true;
      }
      boolean masked = change.kind() == Change.Kind.REMASKED;
      texts[sequence][change.position()] = masked ? Draft.BLANK : change.id();
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
    var counted = new Trial(denoiser, trial.noise(), trial.hyperschedule(), trial.sampler());
    var generation = counted.generate(Draft.prompt(new int[0], LENGTH, 1), 12);
    assertThat(generation.calls())
        .isEqualTo(denoiser.calls())
        .isLessThanOrEqualTo(Math.max(trial.hyperschedule().steps(LENGTH), LENGTH));
    assertThat(denoiser.rows()).isGreaterThanOrEqualTo(generation.calls());
  }

  /** Other chance, other texts; the same, in whatever company, the same text. */
  @ParameterizedTest
  @MethodSource("trials")
  void aTextIsTheSameInAnyCompany(Trial trial) {
    var draft = Draft.prompt(new int[] {1}, LENGTH, 7);
    var texts = trial.generate(draft, 13).texts();
    var alone = trial.generate(Draft.prompt(new int[] {1}, LENGTH, 1), 13).texts();
    assertThat(texts.getFirst()).isEqualTo(alone.getFirst());
    assertThat(trial.generate(draft, 14).texts()).isNotEqualTo(texts);
  }

  @Test
  void aSamplerAndANoiseThatDoNotFitAreRefusedInOneLine() {
    for (Sampler sampler : Every.SAMPLER) {
      for (Noise noise : Every.NOISE) {
        if (Every.fits(sampler, noise)) {
          sampler.requireFit(noise);
        } else {
          assertThatIllegalArgumentException()
              .isThrownBy(() -> sampler.requireFit(noise))
              .withMessageContainingAll(noise.process().toString(), sampler.name())
              .withMessageNotContaining("\n");
        }
      }
    }
  }

  @Test
  void everyMemberOfTheFamilyIsTried() {
    assertThat(Every.SAMPLER.stream().map(Sampler::name))
        .containsExactlyElementsOf(Family.of(Sampler.class).names());
    assertThat(Every.NOISE.stream().map(noise -> (Object) noise.process().getClass()))
        .contains((Object[]) NoiseProcess.class.getPermittedSubclasses());
  }

  @Test
  void thePapersAbbreviationNamesItsSampler() {
    assertThat(Sampler.fullName("acs")).isEqualTo(new AdaptiveCorrection(0.1).name());
    assertThat(Sampler.fullName("ancestral")).isEqualTo("ancestral");
  }
}

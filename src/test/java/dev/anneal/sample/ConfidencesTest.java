package dev.anneal.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.anneal.attention.CausalContext;
import dev.anneal.noise.Noise;
import dev.anneal.schedule.Flat;
import dev.anneal.schedule.SettlingOrder;
import dev.anneal.tensor.Rng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How sure the guesses were of what is told. */
final class ConfidencesTest {
  private static final int LENGTH = 12;
  private static final int SAMPLES = 3;
  private static final Draft NOTHING_KNOWN = Draft.prompt(new int[0], LENGTH, SAMPLES);

  /** Squares of the chances 1 : 2 : 4, as logits over a temperature of a half are twice as far. */
  private static final double[] CHANCES = {1 / 21.0, 4 / 21.0, 16 / 21.0};

  private static final TokenChoice COOLER = new TokenChoice(0.5, 1);

  static List<Sampler> samplers() {
    return Every.SAMPLER;
  }

  /** One under which guesses are taken as the model gives them. */
  private static Noise noise(Sampler sampler) {
    Noise absorb = Trial.noise(0);
    return Every.fits(sampler, absorb) ? absorb : Every.noisiest(sampler);
  }

  private static Request request(Sampler sampler, TokenChoice choice) {
    var decoding = new Decoding(new Flat(8), new CausalContext(), noise(sampler), sampler, choice);
    return new Request(NOTHING_KNOWN, decoding, new Rng(81), 0, Request.Caching.CACHED);
  }

  private static FixedDenoiser denoiser() {
    return new FixedDenoiser(LENGTH, 0, (float) Math.log(2), (float) Math.log(4));
  }

  private static List<Change> changes(Request request) {
    var changes = new ArrayList<Change>();
    new Generator(denoiser())
        .generate(
            request,
            step -> {
              step.changes().forEach(changes::addAll);
              return Listener.Verdict.CONTINUE;
            });
    return changes;
  }

  @ParameterizedTest
  @MethodSource("samplers")
  void itIsTheChanceOfTheTokenInTheGuessThatWasAsked(Sampler sampler) {
    List<Change> changes = changes(request(sampler, COOLER).tellingConfidence());
    assertThat(changes).anyMatch(change -> change.confidence().isPresent());
    for (Change change : changes) {
      change
          .confidence()
          .ifPresent(told -> assertThat(told).isCloseTo(CHANCES[change.id()], within(1e-6)));
    }
  }

  @Test
  void whatIsDrawnFromAGuessKeepsItsConfidenceUntilItSettles() {
    Draft masks = Draft.prompt(new int[0], LENGTH, SAMPLES);
    var trial = new Trial(denoiser(), Trial.noise(0), new Flat(8), new Ancestral());
    List<Change> changes = changes(trial.request(masks, 82).tellingConfidence());
    assertThat(changes).filteredOn(change -> change.level() > 0).isNotEmpty();
    assertThat(changes).allMatch(change -> change.confidence().isPresent());
  }

  @Test
  void aTokenThatNoGuessWasAskedForHasNone() {
    int[][] given = {{0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2}};
    var order = SettlingOrder.prompt(LENGTH, 0);
    var trial = new Trial(denoiser(), Trial.noise(0), new Flat(8), new Ancestral());
    var request = trial.request(new Draft(order, given, 6), 83).tellingConfidence();
    assertThat(changes(request)).hasSize(LENGTH).allMatch(change -> change.confidence().isEmpty());
  }

  @Test
  void theLikeliestTokenIsCertainAtTemperatureZero() {
    Request request = request(new AdaptiveCorrection(0.5), new TokenChoice(0, 1));
    assertThat(changes(request.tellingConfidence()))
        .filteredOn(change -> change.confidence().isPresent())
        .isNotEmpty()
        .allMatch(change -> change.confidence().getAsDouble() == 1);
  }

  @Test
  void toTellItChangesNoTextAndNobodyElseHearsOfIt() {
    for (Sampler sampler : Every.SAMPLER) {
      Request request = request(sampler, COOLER);
      assertThat(changes(request)).allMatch(change -> change.confidence().isEmpty());
      assertThat(texts(request.tellingConfidence())).isEqualTo(texts(request));
    }
  }

  private static List<List<Integer>> texts(Request request) {
    return new Generator(denoiser())
        .generate(request, Listener.NONE).texts().stream()
            .map(text -> Arrays.stream(text).boxed().toList())
            .toList();
  }
}

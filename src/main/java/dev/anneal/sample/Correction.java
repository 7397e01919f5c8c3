package dev.anneal.sample;

import dev.anneal.noise.Chances;
import dev.anneal.schedule.Hyperschedule;
import dev.anneal.schedule.HyperscheduleChoice;
import dev.anneal.schedule.Partition;
import dev.anneal.tensor.Rng;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.DoubleStream;

/**
 * Corrects a text: it enters the flat hyperschedule at some time, as a state of it, and is annealed
 * again from there. Known tokens stay. (docs/math.md, "Correction")
 *
 * @param from the time at which it enters, above 0 and below 1: the later, the more may change
 * @param entry what is done to the text before
 */
public record Correction(double from, Entry entry) {

  /** Late enough to find most of what is wrong, early enough to leave most of what is right. */
  public static final double USUAL_TIME = 0.3;

  private static final String FLAT = "flat";

  /** Calls enough to find a wrong token, whatever the length. */
  private static final int USUAL_LEVELS = 64;

  /** What is done to a text before it enters. */
  public enum Entry {
    /** Nothing: what is wrong in it is taken for what noise has scattered. */
    GIVEN,
    /**
     * It is noised as much as texts are at that time. As far as guesses and sampler are exact, the
     * model's own texts stay distributed as they are, and no others move away from them.
     */
    NOISED
  }

  /** Checks the time. */
  public Correction {
    if (!(from > 0 && from < 1)) {
      throw new IllegalArgumentException(
          "from %s: expected a time above 0 (clean) and below 1 (noise)".formatted(from));
    }
  }

  /** The hyperschedule of a correction: what a user leaves open is flat, with 64 levels. */
  public static HyperscheduleChoice hyperschedule(
      Optional<String> name, OptionalInt width, OptionalDouble rate, OptionalInt levels) {
    boolean open = rate.isEmpty() && levels.isEmpty() && name.orElse(FLAT).equals(FLAT);
    return new HyperscheduleChoice(
        name.orElse(FLAT), width, rate, open ? OptionalInt.of(USUAL_LEVELS) : levels);
  }

  /**
   * Lets the texts of a request enter.
   *
   * @param given has texts in place of what is unknown; what is blank is filled
   * @param realTokens N: the real tokens are 0 … N − 1
   * @return the request to correct them
   * @throws IllegalArgumentException if nothing is unknown, the hyperschedule has the tokens at
   *     different levels, or its sampler would leave all as it is
   */
  public Request enter(Request given, int realTokens) {
    int step = step(given);
    int[][] texts = new int[given.draft().sequences()][];
    Arrays.setAll(texts, given.draft()::tokens);
    switch (entry) {
      case GIVEN -> requireChange(given, step);
      case NOISED -> noise(texts, given, step, realTokens);
    }
    return given.withDraft(new Draft(given.draft().order(), texts, step));
  }

  /** The state in which all unknown tokens have the level that is nearest to the time. */
  private int step(Request given) {
    int unknown = given.draft().order().unknown();
    if (unknown == 0) {
      throw new IllegalArgumentException("nothing is to be corrected: expected a text");
    }
    Hyperschedule hyperschedule = given.decoding().hyperschedule();
    int levels = hyperschedule.levels();
    int level = (int) Math.clamp(Math.round(from * levels), 1L, Math.max(1, levels - 1));
    int step = levels - level;
    if (step == 0
        || hyperschedule.level(step, 0) != level
        || hyperschedule.level(step, unknown - 1) != level) {
      throw new IllegalArgumentException(
          "a text cannot be corrected under %s: expected flat, with 2 levels or more"
              .formatted(hyperschedule.described()));
    }
    return step;
  }

  private static void noise(int[][] texts, Request given, int step, int realTokens) {
    Draft draft = given.draft();
    Partition partition = given.decoding().hyperschedule().partition(step, draft.order().unknown());
    Chances chances = given.decoding().noise().at(partition.timeBefore(0));
    for (int sequence = 0; sequence < texts.length; sequence++) {
      Rng.Stream fates = given.stream(Rng.Purpose.FATE, sequence, partition);
      Rng.Stream replacements = given.stream(Rng.Purpose.REPLACEMENT, sequence, partition);
      for (int rank = 0; rank < partition.length(); rank++) {
        int position = draft.position(rank);
        int token = texts[sequence][position];
        texts[sequence][position] =
            switch (chances.fate(fates.uniform(position))) {
              case KEPT -> token;
              case SCATTERED ->
                  token == Draft.BLANK ? token : replacements.below(realTokens, position);
              case MASKED -> Draft.BLANK;
            };
      }
    }
  }

  /** Refuses samplers that lift masks and change nothing else, where there is no mask. */
  private static void requireChange(Request given, int step) {
    Draft draft = given.draft();
    boolean blank = Arrays.stream(draft.tokens(0)).anyMatch(token -> token == Draft.BLANK);
    if (!blank && !changes(given, step) && !changes(given, given.steps() - 1)) {
      throw new IllegalArgumentException(
          ("%s changes no token that is there from level %d on: expected a noised text, a later time,"
                  + " more levels, or a sampler that draws tokens anew")
              .formatted(given.decoding().sampler().name(), given.steps() - step));
    }
  }

  private static boolean changes(Request given, int step) {
    Decoding decoding = given.decoding();
    Partition partition = decoding.hyperschedule().partition(step, given.draft().order().unknown());
    var transition = Transition.of(decoding.noise(), partition, 0);
    return DoubleStream.of(0, Math.nextDown(1.0))
        .mapToObj(event -> decoding.sampler().onToken(transition, event))
        .anyMatch(action -> !(action instanceof Action.Keep));
  }
}

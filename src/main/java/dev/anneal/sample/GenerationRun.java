package dev.anneal.sample;

import dev.anneal.model.Denoiser;
import dev.anneal.schedule.Partition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One run of the {@link Generator}: its texts as they are, and how a step changes them. Several
 * runs of one model may take turns on the thread that owns its tensors, in any order, or come
 * forward together ({@link Generator#advance}): none sees the others. Owns the keys and values that
 * it keeps.
 */
public final class GenerationRun implements AutoCloseable {
  private final Request request;
  private final Guesser guesser;
  private final int mask;
  private final int[][] texts; // [sequence][position]
  private final Confidences confidences;
  private final long start = System.nanoTime();
  private int state;
  private int calls;
  private @Nullable OpenStep open;

  GenerationRun(Request request, Guesser guesser) {
    this.request = request;
    this.guesser = guesser;
    this.mask = guesser.denoiser().tokens();
    this.texts = new int[request.draft().sequences()][];
    this.confidences = new Confidences(request);
    this.state = request.draft().step();
    Arrays.setAll(texts, sequence -> request.draft().tokens(sequence, mask));
  }

  /** Whether all is settled, so that there is no step more. */
  public boolean isDone() {
    return state == request.steps();
  }

  /** Makes the next step. */
  public GenerationStep step() {
    while (true) {
      Optional<GenerationStep> made = Company.advance(List.of(this)).steps().getFirst();
      if (made.isPresent()) {
        return made.get();
      }
    }
  }

  /** Makes the next step if it takes no further call of the model; else nothing. */
  public Optional<GenerationStep> stepWithoutCall() {
    OpenStep step = openStep();
    if (!step.isMade()) {
      return Optional.empty();
    }
    var changes = new ArrayList<List<Change>>();
    for (int sequence = 0; sequence < texts.length; sequence++) {
      int[] after = step.after()[sequence];
      changes.add(changes(step.partition(), sequence, after));
      texts[sequence] = after;
    }
    state++;
    open = null;
    return Optional.of(new GenerationStep(request.draft().order(), step.partition(), changes));
  }

  /** What has come of it so far; its time is that since the run began. */
  public Generation generation() {
    var time = Duration.ofNanos(System.nanoTime() - start);
    var copies = Arrays.stream(texts).map(int[]::clone).toList();
    return new Generation(copies, request.settled(state), calls, time);
  }

  /** The memory of the keys and values that it keeps. */
  public long cacheBytes() {
    return guesser.cacheBytes();
  }

  @Override
  public void close() {
    guesser.close();
  }

  /** Whom it asks. */
  Denoiser denoiser() {
    return guesser.denoiser();
  }

  /** The step that it is making; decides on the next one if there is none. */
  OpenStep openStep() {
    OpenStep current = open;
    if (current == null) {
      if (isDone()) {
        throw new IllegalStateException("all is settled after step " + state);
      }
      int unknown = request.draft().order().unknown();
      var partition = request.decoding().hyperschedule().partition(state, unknown);
      current = new OpenStep(request, partition, mask, texts);
      open = current;
    }
    return current;
  }

  /** What it has to ask before its step can go on; nothing if nothing is drawn from a guess. */
  Optional<Inquiry> inquiry() {
    OpenStep step = openStep();
    return step.isMade()
        ? Optional.empty()
        : Optional.of(guesser.inquiry(step.partition(), step.seen(), step.pending()));
  }

  /** Takes in what the answers have drawn. */
  void accept(Inquiry inquiry, List<DrawnToken> drawn) {
    openStep().accept(drawn);
    confidences.note(drawn);
    calls += inquiry.questions().size();
  }

  private List<Change> changes(Partition partition, int sequence, int[] after) {
    var changes = new ArrayList<Change>();
    for (int rank = partition.settled(); rank < partition.end(); rank++) {
      int position = request.draft().position(rank);
      int before = texts[sequence][position];
      int id = after[position];
      int level = partition.levelAfter(rank);
      if (level == 0 || id != before) {
        Change.Kind kind = level == 0 ? Change.Kind.SETTLED : kind(before, id);
        var confidence = confidences.of(sequence, position, id);
        changes.add(new Change(position, id, kind, level, confidence));
      }
    }
    return changes;
  }

  private Change.Kind kind(int before, int after) {
    if (after == mask) {
      return Change.Kind.REMASKED;
    }
    return before == mask ? Change.Kind.PROVISIONAL : Change.Kind.REVISED;
  }
}

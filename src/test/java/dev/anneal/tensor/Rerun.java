package dev.anneal.tensor;

import java.util.ArrayList;
import java.util.List;

/** Replays by doing the work again: what any recording gives, on any device. */
public final class Rerun implements Recorder {

  /** One recording: how often it was replayed, and whether it is closed. */
  public static final class Repeated implements Recording {
    private final Runnable work;
    private int replays;
    private boolean closed;

    private Repeated(Runnable work) {
      this.work = work;
    }

    @Override
    public void replay() {
      if (closed) {
        throw new AssertionError("a recording was replayed after it was closed");
      }
      replays++;
      work.run();
    }

    /** How often it was replayed. */
    public int replays() {
      return replays;
    }

    /** Whether it is closed. */
    public boolean isClosed() {
      return closed;
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private final List<Repeated> recordings = new ArrayList<>();

  @Override
  public Recording record(Runnable work) {
    var recording = new Repeated(work);
    recordings.add(recording);
    return recording;
  }

  /** All recordings, in the order in which they were made. */
  public List<Repeated> recordings() {
    return recordings;
  }
}

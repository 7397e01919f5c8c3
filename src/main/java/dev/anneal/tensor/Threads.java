package dev.anneal.tensor;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.invoke.MethodHandle;
import java.util.Map;
import java.util.Optional;

/**
 * How many threads operators use on the thread that opened this, until it is closed: one for little
 * work where threads that wait sleep, as waking another takes longer than it saves; else all.
 * (docs/decisions, 25)
 */
public final class Threads implements AutoCloseable {

  /** Multiplications of a whole call, in some thirty operators, that are worth a second thread. */
  private static final long WORTH_SHARING = 400_000_000;

  /** That of the OpenMP which the library uses: for the calling thread only. */
  private static final Optional<MethodHandle> SET =
      Libtorch.load().bindVoidIfPresent("omp_set_num_threads", JAVA_INT);

  /** What OpenMP's threads do between two operators. */
  enum Waiting {
    /** They have to be woken. */
    ASLEEP,
    /** They turn in a loop for a while. */
    SPINNING;

    /** As the environment says; libgomp's count of turns weighs more than its policy. */
    static Waiting of(Map<String, String> environment) {
      boolean passive = "passive".equalsIgnoreCase(environment.get("OMP_WAIT_POLICY"));
      return passive && !environment.containsKey("GOMP_SPINCOUNT") ? ASLEEP : SPINNING;
    }
  }

  private static final Waiting HERE = Libtorch.waiting();

  private final int before;

  private Threads(int before) {
    this.before = before;
  }

  /** For a call of so many multiplications. */
  public static Threads forWork(long multiplications) {
    return forWork(multiplications, HERE);
  }

  static Threads forWork(long multiplications, Waiting waiting) {
    var threads = new Threads(Libtorch.load().threads());
    if (multiplications < WORTH_SHARING && waiting == Waiting.ASLEEP) {
      use(1);
    }
    return threads;
  }

  /** Sets the number for this thread. */
  static void use(int count) {
    if (SET.isPresent()) {
      try {
        SET.get().invokeExact(count);
      } catch (Throwable e) {
        throw Native.failure(e);
      }
    }
  }

  @Override
  public void close() {
    use(before);
  }
}

package dev.anneal.tensor;

/**
 * Counter-based chance: every draw is a pure function of (seed, purpose, sequence, step, position).
 *
 * <p>Nothing is consumed, so nothing depends on the order of the draws, on the batch a sequence
 * shares, on a cache or on the device; a resumed run draws what the uninterrupted one would have.
 * The mixing function is the finaliser of SplitMix64 (Steele, Lea and Flood 2014, variant 13 of
 * Stafford), applied once for each word of the counter.
 *
 * @param seed the run's seed; any value
 */
public record Rng(long seed) {

  /** What a draw is for: two purposes never share a draw. */
  public enum Purpose {
    /** Which call of the hyperschedule, or which time, a training sequence is drawn at. */
    TIME(1),
    /** Which hyperschedule of a mixture a training sequence follows. */
    HYPERSCHEDULE(2),
    /** Whether noise keeps, scatters or masks a token. */
    FATE(3),
    /** Which real token replaces a scattered one. */
    REPLACEMENT(4),
    /** Whether a sampler updates a position in this generation step. */
    EVENT(5),
    /** Which token is drawn from a guess. */
    TOKEN(6),
    /** The initial weights. */
    WEIGHTS(7),
    /** The order of the training data. */
    ORDER(8),
    /** Which positions of a training sequence are known from the start. */
    KNOWN(9),
    /** An example that is made, not read. */
    EXAMPLE(10);

    /** Part of the counter: changing it changes every draw of the purpose. */
    private final long code;

    Purpose(long code) {
      this.code = code;
    }
  }

  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  /** The draws of one purpose, sequence and step, indexed by position. */
  public Stream stream(Purpose purpose, long sequence, long step) {
    long key = mix(seed + GOLDEN);
    key = mix(key + GOLDEN * purpose.code);
    key = mix(key + GOLDEN * (sequence + 1));
    key = mix(key + GOLDEN * (step + 1));
    return new Stream(key);
  }

  /** One uniform draw from [0, 1). */
  public double uniform(Purpose purpose, long sequence, long step, long position) {
    return stream(purpose, sequence, step).uniform(position);
  }

  /**
   * A row of draws.
   *
   * @param key the mixed counter without its last word
   */
  public record Stream(long key) {

    /** Sixty-four uniform bits. */
    public long bits(long position) {
      return mix(key + GOLDEN * (position + 1));
    }

    /** A uniform draw from [0, 1) with 53 random bits. */
    public double uniform(long position) {
      return (bits(position) >>> 11) * 0x1.0p-53;
    }

    /**
     * A uniform draw from 0 … bound − 1; its bias, below bound / 2⁵³, is out of reach of any test.
     */
    public int below(int bound, long position) {
      return (int) (uniform(position) * bound);
    }
  }

  private static long mix(long word) {
    long mixed = (word ^ (word >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}

package dev.anneal.attention;

/** Every settled token looks at every settled token; nothing is cacheable as their number grows. */
public record FullContext() implements SettledContext {

  @Override
  public int horizon(int order, int settled) {
    return settled;
  }

  @Override
  public int cacheable(int settled) {
    return 0;
  }
}

package dev.anneal.attention;

/** A settled token looks at itself and at what settled before it; all of them are cacheable. */
public record CausalContext() implements SettledContext {

  @Override
  public int horizon(int order, int settled) {
    return order + 1;
  }

  @Override
  public int cacheable(int settled) {
    return settled;
  }
}

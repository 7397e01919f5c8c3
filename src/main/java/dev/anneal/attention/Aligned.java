package dev.anneal.attention;

import dev.anneal.schedule.Partition;
import dev.anneal.schedule.SettlingOrder;

/** The output at a token's own slot guesses it, as in masked language models. */
public record Aligned() implements Alignment {

  @Override
  public int order(int slot) {
    return slot;
  }

  @Override
  public int start() {
    throw new IllegalStateException("aligned outputs have no start");
  }

  @Override
  public int place(int slot, SettlingOrder order) {
    return order.position(slot);
  }

  @Override
  public int slots(Partition call, TopLevel topLevel) {
    return call.active();
  }

  @Override
  public int slots(int length) {
    return length;
  }

  @Override
  public int longest(int places) {
    return places;
  }

  @Override
  public void requireFit(SettlingOrder order) {}
}

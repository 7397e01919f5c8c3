package dev.anneal.attention;

import dev.anneal.schedule.Partition;
import dev.anneal.schedule.SettlingOrder;

/**
 * The output at the slot of the token before it guesses a token, as in a GPT; a start token stands
 * before the first.
 *
 * <p>The last settled token is the emitter of the first active one: it sees the window, so what it
 * computes there is not final, and it is cached only once it emits no more. The last active token
 * emits nothing; it is fed for the others to see, and for its own emitter, unless it is blank: at
 * the top level of a noise that only masks. So quenched decoding feeds no mask at all, and is a
 * GPT's.
 *
 * @param start the id in front of every text, such as the end of the text before
 */
public record Shifted(int start) implements Alignment {

  /** Checks the id. */
  public Shifted {
    if (start < 0) {
      throw new IllegalArgumentException("start %d: expected a token".formatted(start));
    }
  }

  @Override
  public int order(int slot) {
    return slot == 0 ? START : slot - 1;
  }

  @Override
  public int place(int slot, SettlingOrder order) {
    return slot;
  }

  @Override
  public int slots(Partition call, TopLevel topLevel) {
    if (call.active() == 0) {
      return 0;
    }
    boolean isTop = call.levelBefore(call.end() - 1) == call.hyperschedule().levels();
    return call.active() + (isTop && topLevel == TopLevel.BLANK ? 0 : 1);
  }

  @Override
  public int slots(int length) {
    return length + 1;
  }

  @Override
  public int longest(int places) {
    return places - 1;
  }

  @Override
  public void requireFit(SettlingOrder order) {
    if (order.known() > 0 && order.position(order.known() - 1) >= order.known()) {
      throw new IllegalArgumentException(
          "shifted outputs cannot fill gaps, as a token is guessed from the one before it: expected"
              + " a prompt, or a model of aligned outputs");
    }
  }
}

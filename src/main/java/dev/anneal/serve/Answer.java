package dev.anneal.serve;

import dev.anneal.data.TextStream;
import dev.anneal.data.Tokenizer;
import dev.anneal.sample.Draft;
import dev.anneal.sample.GenerationStep;
import dev.anneal.sample.SettledPrefix;
import java.util.List;

/**
 * One text that continues a prompt, as a client sees it: settled text only, from left to right, up
 * to a stop text or the end of the document.
 */
final class Answer {
  private final SettledPrefix settled;
  private final StopTexts stops;
  private final TextStream stream;
  private final int endToken;
  private final StringBuilder text = new StringBuilder();
  private int missing;
  private int tokens;
  private boolean stopped;

  /** The continuation of one text of a draft, of which nothing is there yet. */
  Answer(Draft draft, int sequence, Tokenizer tokenizer, List<String> stops) {
    this.settled = new SettledPrefix(draft, sequence);
    this.stops = new StopTexts(stops);
    this.stream = new TextStream(tokenizer);
    this.endToken = tokenizer.end();
    this.missing = draft.order().unknown();
    settled.grow(); // the prompt is no part of the answer
  }

  /** Takes in a step, and gives the text that it adds. */
  String add(GenerationStep step) {
    settled.add(step);
    int before = text.length();
    for (int id : settled.grow()) {
      take(id);
    }
    return text.substring(before);
  }

  private void take(int id) {
    if (isComplete()) {
      return;
    }
    missing--;
    if (id == endToken) {
      stopped = true;
    } else {
      tokens++;
      text.append(stops.feed(stream.feed(id)));
      stopped = stops.met();
    }
    if (isComplete() && !stops.met()) {
      text.append(stops.feed(stream.finish())).append(stops.finish());
    }
  }

  /** Whether no step adds anything any more. */
  boolean isComplete() {
    return stopped || missing == 0;
  }

  /** All of its text. */
  String text() {
    return text.toString();
  }

  /** How many tokens there are of it, one that ends the document not counted. */
  int tokens() {
    return tokens;
  }

  /** {@code stop} if it came to its own end, {@code length} if there was no room for more. */
  String finishReason() {
    return stopped ? "stop" : "length";
  }
}

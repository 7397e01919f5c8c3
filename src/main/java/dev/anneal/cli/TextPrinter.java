package dev.anneal.cli;

import dev.anneal.data.TextStream;
import dev.anneal.data.Tokenizer;
import dev.anneal.sample.Generation;
import dev.anneal.sample.GenerationStep;
import dev.anneal.sample.Listener;
import dev.anneal.sample.Request;
import dev.anneal.sample.SettledPrefix;

/**
 * Prints a text as it settles, from left to right: a token appears when everything before it has
 * settled too. Several texts are printed one after another at the end.
 */
final class TextPrinter implements Listener {
  private final Streams streams;
  private final Tokenizer tokenizer;
  private final boolean streaming;
  private final TextStream stream;
  private final SettledPrefix settled;

  /** Prints the texts of a request, or nothing if a report is printed instead. */
  TextPrinter(Streams streams, Tokenizer tokenizer, Request request, boolean reported) {
    this.streams = streams;
    this.tokenizer = tokenizer;
    this.stream = new TextStream(tokenizer);
    this.settled = new SettledPrefix(request.draft(), 0);
    this.streaming = !reported && request.draft().sequences() == 1;
    if (streaming) {
      print();
    }
  }

  @Override
  public Verdict onStep(GenerationStep step) {
    if (streaming) {
      settled.add(step);
      print();
    }
    return streams.out().checkError() ? Verdict.STOP : Verdict.CONTINUE;
  }

  private void print() {
    var text = new StringBuilder();
    for (int id : settled.grow()) {
      text.append(stream.feed(id));
    }
    streams.out().print(text);
    streams.out().flush();
  }

  /** Prints what is left. */
  void finish(Generation generation, boolean reported) {
    if (streaming) {
      streams.out().println(stream.finish());
    } else if (!reported) {
      int number = 1;
      for (int[] text : generation.texts()) {
        streams.out().println("--- " + number++);
        streams.out().println(tokenizer.decode(text));
      }
    }
  }
}

package dev.anneal.objective;

import dev.anneal.attention.AttentionPattern;
import dev.anneal.model.Window;
import java.util.ArrayList;
import java.util.List;

/**
 * Sequences under noise: the window the network sees, and the tokens it is asked for.
 *
 * @param window {@code [clean ‖ noised]} of each sequence
 * @param rows the active tokens of all sequences that are to be seen
 * @param tokens how many tokens the sequences have that are not known from the start: the
 *     denominator of a mean per token
 */
public record NoisedBatch(Window window, List<NoisedRow> rows, long tokens) {

  public NoisedBatch {
    rows = List.copyOf(rows);
  }

  static NoisedBatch of(List<SequenceLayout> layouts, Noising.Draws draws, Seen seen) {
    int width = layouts.stream().mapToInt(SequenceLayout::rows).max().orElseThrow();
    var ids = new int[layouts.size()][];
    var positions = new int[layouts.size()][];
    var sigmas = new double[layouts.size()][];
    var guessed = new double[layouts.size()][];
    var patterns = new ArrayList<AttentionPattern>();
    var rows = new ArrayList<NoisedRow>();
    long tokens = 0;
    for (int i = 0; i < ids.length; i++) {
      SequenceLayout.Laid laid = layouts.get(i).lay(i, draws, i * width);
      ids[i] = laid.cells().stream().mapToInt(SequenceLayout.Cell::id).toArray();
      positions[i] = laid.cells().stream().mapToInt(SequenceLayout.Cell::place).toArray();
      sigmas[i] = laid.cells().stream().mapToDouble(SequenceLayout.Cell::sigma).toArray();
      guessed[i] = laid.cells().stream().mapToDouble(SequenceLayout.Cell::guessed).toArray();
      patterns.add(laid.pattern());
      laid.noised().stream().filter(seen::shows).forEach(rows::add);
      tokens += layouts.get(i).unknown();
    }
    Window window = new Window(ids, positions, sigmas, patterns, 0).guessing(guessed);
    return new NoisedBatch(window, rows, tokens);
  }
}

package dev.anneal.model;

import dev.anneal.tensor.Tensor;
import java.util.List;

/**
 * Guesses the clean token behind each row of a window (x̂ in the paper).
 *
 * <p>The package's law: a guess is a distribution over the real tokens, never the mask; and the
 * guess for a row depends only on the rows and cached tokens that its pattern lets it see.
 */
public interface Denoiser {

  /** N: how many real tokens there are; the mask is the id N. */
  int tokens();

  /** The longest text, in tokens. */
  int length();

  /** An empty cache for {@code batch} texts of at most {@code length} tokens. */
  KvCache newCache(int batch, int length);

  /** What its outputs mean. */
  default Reading reading() {
    return Reading.GUESS;
  }

  /**
   * The outputs of the wanted rows.
   *
   * @param window what to look at
   * @param cache what settled before; takes the window's {@link Window#settling()} rows in
   * @param rows the wanted rows, as {@link Window#flat}, in any order
   * @return [row, vocab], vocab = {@link #tokens()}: logits of the guess, or log-scores, as {@link
   *     #reading()} says
   */
  Tensor logits(Window window, KvCache cache, int[] rows);

  /**
   * The outputs of several questions, none of which sees another: each has a cache of its own.
   * Networks answer them by one call; whoever does not, answers one after the other.
   *
   * @return of each question in turn, [row, vocab] as {@link #logits} gives them
   */
  default List<Tensor> answers(List<Question> questions) {
    return questions.stream()
        .map(question -> logits(question.window(), question.cache(), question.rows()))
        .toList();
  }
}

package dev.anneal.sample;

import dev.anneal.model.Question;
import dev.anneal.tensor.Tensor;
import java.util.List;
import java.util.function.Function;

/**
 * What is asked of the model to guess some tokens, and how its answers are read.
 *
 * @param questions one, or two with guidance
 * @param reading from the answers, [wanted, vocab] each, to the logits of the guesses, [wanted,
 *     vocab]
 */
record Inquiry(List<Question> questions, Function<List<Tensor>, Tensor> reading) {

  /** How many rows it feeds to the model. */
  int rows() {
    return questions.stream().mapToInt(Question::fed).sum();
  }
}

package dev.anneal.evaluate;

import dev.anneal.model.Denoiser;
import dev.anneal.sample.Decoding;
import dev.anneal.sample.Draft;
import dev.anneal.sample.Generator;
import dev.anneal.sample.Listener;
import dev.anneal.sample.Request;
import dev.anneal.schedule.SettlingOrder;
import dev.anneal.task.Example;
import dev.anneal.tensor.Rng;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Has a model answer the examples of a task: fill what is not known of them.
 *
 * <p>An answer depends on the example, its number, the seed and the decoding, not on the examples
 * that are answered beside it.
 *
 * @param denoiser that answers
 * @param decoding how, for a number of tokens to fill
 * @param rng the chance
 * @param batch how many examples are answered together
 */
public record Solving(Denoiser denoiser, IntFunction<Decoding> decoding, Rng rng, int batch) {

  /** Checks the batch. */
  public Solving {
    if (batch < 1) {
      throw new IllegalArgumentException("batch %d: expected at least 1".formatted(batch));
    }
  }

  /**
   * The answers to some examples. An example's number is its place among those with the fewest
   * known tokens first, else in the order given.
   *
   * @param examples of one length; at least one
   * @param progress hears how many are answered
   * @return real tokens, [example][position]
   */
  public int[][] answers(List<Example> examples, IntConsumer progress) {
    List<Integer> numbered =
        IntStream.range(0, examples.size())
            .boxed()
            .sorted(Comparator.comparingInt(i -> -examples.get(i).unknown()))
            .toList();
    int[][] answers = new int[examples.size()][];
    int first = 0;
    while (first < answers.length) {
      int end = end(numbered, first, examples);
      List<Integer> together = numbered.subList(first, end);
      List<int[]> made = answered(together.stream().map(examples::get).toList(), first);
      for (int i = 0; i < made.size(); i++) {
        answers[together.get(i)] = made.get(i);
      }
      first = end;
      progress.accept(first);
    }
    return answers;
  }

  /** Where the batch ends that begins at a number: all have as many known tokens. */
  private int end(List<Integer> numbered, int first, List<Example> examples) {
    int unknown = examples.get(numbered.get(first)).unknown();
    int end = first + 1;
    while (end < Math.min(numbered.size(), first + batch)
        && examples.get(numbered.get(end)).unknown() == unknown) {
      end++;
    }
    return end;
  }

  private List<int[]> answered(List<Example> examples, int first) {
    int length = examples.getFirst().length();
    var orders = new ArrayList<int[]>();
    var drafts = new int[examples.size()][];
    int known = length - examples.getFirst().unknown();
    SettlingOrder prompt = SettlingOrder.prompt(length, known);
    for (int i = 0; i < drafts.length; i++) {
      Example example = examples.get(i);
      SettlingOrder order = SettlingOrder.infill(example.known(), length);
      orders.add(IntStream.range(0, length).map(order::position).toArray());
      drafts[i] =
          IntStream.of(orders.get(i))
              .map(position -> example.isKnown(position) ? example.token(position) : Draft.BLANK)
              .toArray();
    }
    var request =
        new Request(
            new Draft(prompt, drafts, 0),
            decoding.apply(prompt.unknown()),
            rng,
            first,
            Request.Caching.CACHED);
    List<int[]> texts =
        new Generator(new Rearranged(denoiser, orders)).generate(request, Listener.NONE).texts();
    return IntStream.range(0, drafts.length)
        .mapToObj(i -> inPlace(texts.get(i), orders.get(i)))
        .toList();
  }

  private static int[] inPlace(int[] text, int[] order) {
    int[] answer = new int[text.length];
    for (int place = 0; place < text.length; place++) {
      answer[order[place]] = text[place];
    }
    return answer;
  }
}

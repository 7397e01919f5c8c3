package dev.anneal.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.anneal.data.Tokenizer;
import dev.anneal.store.Model;
import dev.anneal.tensor.Device;
import dev.anneal.tensor.Rng;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How MAUVE answers to texts that are alike, and to texts that are not. */
final class MauveTest {

  /** Points around the four corners of a cube, some corners oftener than others. */
  private static double[][] points(int count, double... corners) {
    var random = new Random(5);
    return IntStream.range(0, count)
        .mapToObj(
            i -> {
              double[] point = {0.01, 0.01, 0.01, 0.01};
              double draw = (i + 0.5) / count;
              int corner = 0;
              while (draw > corners[corner]) {
                draw -= corners[corner++];
              }
              point[corner] = 1 + random.nextDouble() * 0.1;
              return point;
            })
        .toArray(double[][]::new);
  }

  @Test
  void theSameTextsAreWhollyAlike() {
    double[][] points = points(60, 0.25, 0.25, 0.25, 0.25);
    assertThat(Mauve.of(points, points, new Rng(1)).value()).isCloseTo(1, within(1e-9));
  }

  @Test
  void itComparesTheSharesOfTheClusters() {
    // 40 texts of either kind make four clusters, which are the corners.
    double[][] people = points(40, 0.1, 0.2, 0.3, 0.4);
    double[][] generated = points(40, 0.4, 0.3, 0.2, 0.1);
    Estimate mauve = Mauve.of(people, generated, new Rng(1));
    assertThat(mauve.value()).isCloseTo(0.6538536633533254, within(1e-9));
    assertThat(mauve.count()).isEqualTo(40);
    assertThat(mauve.standardError()).isEmpty();
  }

  @Test
  void shuffledLettersAreUnlikePeople() throws IOException {
    Path file = Path.of("../shared/data/heldout/wikitext2-test.txt");
    assumeTrue(Files.exists(file), file + " is missing: skipped");
    try (Model model = Model.load(Path.of("models/starter"), Device.CPU)) {
      Judge judge = Judge.of(model);
      List<int[]> chunks = chunks(Files.readString(file), model.tokenizer(), 200, 24);
      var people = new People(chunks.subList(0, 100), 24);
      List<String> others =
          chunks.subList(100, 200).stream().map(model.tokenizer()::decode).toList();
      assertThat(mauve(judge, people, others)).isGreaterThan(0.9);
      assertThat(mauve(judge, people, others.stream().map(MauveTest::shuffled).toList()))
          .isLessThan(0.5);
    }
  }

  private static double mauve(Judge judge, People people, List<String> texts) {
    var samples = new Samples(texts, List.of());
    return ((Estimate) Mauve.of(samples, people, Judging.by(judge))).value();
  }

  /** Chunks from all over a text, of which either half is. */
  private static List<int[]> chunks(String text, Tokenizer tokenizer, int count, int length) {
    int[] ids = tokenizer.encode(text.substring(0, count * length * 8));
    int stride = ids.length / count;
    return IntStream.range(0, count)
        .map(i -> (i % (count / 2) * 2 + i / (count / 2)) * stride)
        .mapToObj(first -> Arrays.copyOfRange(ids, first, first + length))
        .toList();
  }

  private static String shuffled(String text) {
    List<Integer> letters = new ArrayList<>(text.chars().boxed().toList());
    Collections.shuffle(letters, new Random(3));
    return letters.stream().map(Character::toString).collect(Collectors.joining());
  }

  @Test
  void fewTextsAreRefused() {
    var people = new People(Collections.nCopies(19, new int[] {1}), 1);
    assertThatThrownBy(() -> Mauve.requireEnough(people, 30))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("MAUVE of 30 generated texts and 19 of people: expected at least 20 of each");
  }
}

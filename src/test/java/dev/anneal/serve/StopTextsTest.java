package dev.anneal.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class StopTextsTest {

  @Test
  void whatMayBecomeAStopTextIsHeldBack() {
    var stops = new StopTexts(List.of("stop"));
    assertThat(stops.feed("one st")).isEqualTo("one ");
    assertThat(stops.feed("ep st")).isEqualTo("step ");
    assertThat(stops.feed("op and on")).isEmpty();
    assertThat(stops.met()).isTrue();
    assertThat(stops.feed("more")).isEmpty();
    assertThat(stops.finish()).isEmpty();
  }

  @Test
  void whatDidNotBecomeAStopTextIsGivenInTheEnd() {
    var stops = new StopTexts(List.of("stop"));
    assertThat(stops.feed("sto")).isEmpty();
    assertThat(stops.finish()).isEqualTo("sto");
    assertThat(stops.met()).isFalse();
  }

  /** The first place at which a stop text is complete, found by looking at every place. */
  private static String cut(String text, List<String> stops) {
    for (int end = 1; end <= text.length(); end++) {
      String read = text.substring(0, end);
      int longest = stops.stream().filter(read::endsWith).mapToInt(String::length).max().orElse(0);
      if (longest > 0) {
        return text.substring(0, end - longest);
      }
    }
    return text;
  }

  @Test
  void thePiecesDoNotMatter() {
    var random = new Random(1);
    for (int trial = 0; trial < 3_000; trial++) {
      String text = letters(random, 12);
      var stops = List.of(letters(random, 3) + "a", letters(random, 2) + "b");
      var cut = new StopTexts(stops);
      var sure = new StringBuilder();
      for (int from = 0; from < text.length(); ) {
        int to = Math.min(text.length(), from + 1 + random.nextInt(4));
        sure.append(cut.feed(text.substring(from, to)));
        from = to;
      }
      assertThat(sure + cut.finish()).as("%s in %s", stops, text).isEqualTo(cut(text, stops));
    }
  }

  private static String letters(Random random, int most) {
    var text = new StringBuilder();
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      text.append((char) ('a' + random.nextInt(2)));
    }
    return text.toString();
  }
}

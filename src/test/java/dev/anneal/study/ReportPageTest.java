package dev.anneal.study;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anneal.evaluate.Absent;
import dev.anneal.evaluate.EvaluationReport;
import dev.anneal.recipe.Recipe;
import dev.anneal.recipe.RecipeReader;
import java.io.StringReader;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;
import tools.jackson.databind.json.JsonMapper;

final class ReportPageTest {

  private static Document page(EvaluationReport... reports) throws Exception {
    return page(new Evidence(List.of(), List.of(reports)));
  }

  private static Document page(Evidence evidence) throws Exception {
    String html = ReportPage.html("a <b> & c", evidence);
    assertThat(html).doesNotContain("<script", "src=", "href=", "url(", "@import");
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(html)));
  }

  private static List<String> texts(Document page, String tag) {
    var found = page.getElementsByTagName(tag);
    return IntStream.range(0, found.getLength())
        .mapToObj(i -> found.item(i).getTextContent())
        .toList();
  }

  @Test
  void theBoundsAreATableOfModelsAndTexts() {
    var evidence =
        new Evidence(
            List.of(),
            List.of(
                Reports.likelihood("one", "a.txt", 2),
                Reports.likelihood("two", "a.txt", 3),
                Reports.likelihood("one", "b.txt", 4)));
    assertThat(ReportPage.markdown(evidence))
        .isEqualTo(
            """
            ## Exact bound, nats per token (perplexity)

            | model | hyperschedule | a.txt               | b.txt               |
            |-------|---------------|---------------------|---------------------|
            | one   | flat          | 2.00 ± 0.25 (7.39)  | 4.00 ± 0.25 (54.60) |
            | two   | flat          | 3.00 ± 0.25 (20.09) | –                   |
            """);
  }

  @Test
  void everyFigureHasItsDefinitionAndEverySourceItsDigest() throws Exception {
    Document page = page(Reports.likelihood("one", "a<b>.txt", 2));
    assertThat(texts(page, "dt")).containsExactly("nats per token", "perplexity", "calibration");
    assertThat(texts(page, "td"))
        .containsSubsequence("model", "one", "digest-of-one")
        .containsSubsequence("text", "a<b>.txt", "digest-of-a<b>.txt")
        .containsSubsequence("seed", "1");
  }

  @Test
  void thePicturesShowPositionsCalibrationAndTheFront() throws Exception {
    Document page =
        page(
            Reports.likelihood("one", "a.txt", 2),
            Reports.texts("one", "ancestral", 1, 1, 2, 3),
            Reports.texts("one", "ancestral", 4, 1, 2.5, 3.5),
            Reports.texts("one", "ancestral", 4, 0.5, 1, 3));
    assertThat(texts(page, "title"))
        .containsSubsequence(
            "Quality against diversity over rates",
            "one, flat, ancestral: 2.5, 33.1155 ± 0.25",
            "Quality against diversity over rates: one",
            "one, flat, ancestral: 2.5, 33.1155 ± 0.25",
            "one, flat, ancestral, temperature 0.5: 1, 20.0855 ± 0.25",
            "Loss by position (a.txt, exact)",
            "one, flat: 0, 3",
            "Calibration: how often guesses behind masks are right (a.txt, exact)",
            "one, flat: 0.75, 0.5");
  }

  @Test
  void calibrationLeavesOutWhatFewGuessesSay() throws Exception {
    Document page = page(Reports.likelihood("one", "a.txt", 2));
    assertThat(texts(page, "title"))
        .contains("one, flat: 0.75, 0.5")
        .doesNotContain("one, flat: 0.25, 1");
  }

  @Test
  void whatIsAbsentSaysWhy() throws Exception {
    Document page =
        page(
            Reports.without(
                Reports.texts("one", "ancestral", 1, 1, 2, 3), "mauve", new Absent("no judge")));
    assertThat(texts(page, "p")).contains("absent: no judge", "absent: no training run");
    assertThat(texts(page, "td")).contains("absent: no judge");
  }

  @Test
  void aTrainingsCurvesRunOverTokens() throws Exception {
    Recipe recipe =
        RecipeReader.parse(
            """
            name: one
            data: {train: [a.txt]}
            model: {layers: 1, heads: 1, channels: 2, length: 100}
            noise: absorb
            hyperschedules: [flat]
            training: {steps: 10, batch: 4, learning_rate: 1}
            """,
            "one");
    var metrics =
        List.of(
            JsonMapper.shared().readTree("{\"step\": 5, \"nats\": 3.5}"),
            JsonMapper.shared()
                .readTree(
                    "{\"step\": 10, \"valid_nats\": {\"flat\": 3.25}, \"valid_errors\": {\"flat\": 0.5}}"));
    Document page =
        page(new Evidence(List.of(new TrainingRecord("one", recipe, metrics)), List.of()));
    assertThat(texts(page, "title")).contains("one: 2,000, 3.5", "one, flat: 4,000, 3.25 ± 0.5");
    assertThat(texts(page, "td")).containsExactly("one", "10", "4,000", "flat 3.25 ± 0.50");
  }

  @Test
  void samplersAreComparedAtEqualEntropyWithTheFirstOfTheirRow() {
    var evidence =
        new Evidence(
            List.of(),
            List.of(
                Reports.texts("one", "ancestral", 4, 0.8, 1, 3),
                Reports.texts("one", "ancestral", 4, 1, 2, 5),
                Reports.texts("one", "acs", 4, 1, 1.5, 4 - Math.log(2)),
                Reports.texts("one", "acs", 2, 1, 1.5, 4)));
    Table table =
        new Tables(evidence)
            .all().stream()
                .filter(each -> each.title().contains("equal"))
                .findFirst()
                .orElseThrow();
    assertThat(table.rows())
        .containsExactly(List.of("one", "flat", "4", "acs", "1", "ancestral", "1.5000", "0.5000"));
  }
}

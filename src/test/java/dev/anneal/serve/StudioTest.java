package dev.anneal.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anneal.schedule.SlideAnnealing;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs on the page, in a real browser. */
final class StudioTest extends StudioTestCase {
  @Test
  void anEmptyPageShowsThePlan() {
    page.open();
    assertThat(browser.one("#welcome").isDisplayed()).isTrue();
    assertThat(browser.text("#plan-words")).isEqualTo("48 tokens in 48 steps");
    assertThat(page.classes()).hasSize(48).allMatch(each -> each.contains("noise"));
    browser.set("#pace", 1);
    browser.await(() -> browser.text("#plan-words").equals("48 tokens in 24 steps"));
  }

  @Test
  void itGeneratesTheTextOfTheService() {
    page.open();
    browser.one("#prompt").sendKeys("It was");
    browser.set("#sampler-eta", 0.5);
    browser.one("#run").click();
    browser.awaitStatus(DONE);
    assertThat(page.read(1))
        .isEqualTo(
            page.expected(
                "{\"prompt\": \"It was\", \"hyperschedule\": \"block\", \"width\": 16, \"seed\": 1,"
                    + " \"sampler\": {\"name\": \"adaptive-correction\", \"eta\": 0.5}}"));
    assertThat(page.count("calls")).isPositive();
    assertThat(page.count("revisions")).isPositive();
    assertThat(Double.parseDouble(browser.text("[data-count=speed]").replace(",", "")))
        .isPositive();
    assertThat(browser.text("[data-count=settled]")).isEqualTo("42 of 42");
    assertThat(page.classes().stream().filter(each -> each.contains("revised"))).isNotEmpty();
  }

  @Test
  void itFillsAGapThatWasMarked() {
    page.open();
    WebElement prompt = browser.one("#prompt");
    prompt.sendKeys("ab?yz");
    browser.script("arguments[0].setSelectionRange(2, 3)", prompt);
    browser.set("#gap-size", 5);
    browser.one("#gap").click();
    assertThat(prompt.getDomProperty("value")).isEqualTo("ab{{5}}yz");
    assertThat(browser.text("#shade mark")).isEqualTo("{{5}}");
    browser.one("[value=flat]").sendKeys(Keys.SPACE);
    browser.one("#run").click();
    browser.awaitStatus(DONE);
    assertThat(page.read(1))
        .hasSize(9)
        .startsWith("ab")
        .endsWith("yz")
        .isEqualTo(
            page.expected("{\"prompt\": \"ab{{5}}yz\", \"hyperschedule\": \"flat\", \"seed\": 1}"));
  }

  /** A token is settled in a state if the hyperschedule says so. */
  @Test
  void itGoesBackToEveryStep() {
    page.open("prompt=abc");
    browser.awaitStatus(DONE);
    String last = page.read(1);
    var hyperschedule = new SlideAnnealing(4, 4);
    int steps = hyperschedule.steps(21);
    for (int step : new int[] {0, 1, 9, steps}) {
      page.scrub(step);
      List<String> shown = page.classes();
      assertThat(shown.subList(0, 3)).allMatch(each -> each.equals("token given"));
      for (int position = 3; position < shown.size(); position++) {
        assertThat(shown.get(position).contains("settled"))
            .as("position %d at step %d", position, step)
            .isEqualTo(hyperschedule.level(step, position - 3) == 0);
      }
    }
    assertThat(page.read(1)).isEqualTo(last);
  }

  @Test
  void theHeatMapScrubsToo() {
    page.open("prompt=abc");
    browser.awaitStatus(DONE);
    WebElement heat = browser.one(".views .heat");
    assertThat(heat.getDomAttribute("aria-valuenow")).isEqualTo("24");
    heat.sendKeys(Keys.ARROW_UP, Keys.ARROW_UP, Keys.ARROW_RIGHT);
    browser.await(() -> "22".equals(heat.getDomAttribute("aria-valuenow")));
    browser.await(() -> browser.text(".inspector").startsWith("Position 0: given"));
    heat.click(); // in its middle
    browser.await(() -> browser.text("#state-words").equals("step 12 of 24"));
    browser.await(() -> browser.text(".inspector").matches("Position 1[12]: .*"));
  }

  /** With η = 0 the correcting sampler is the ancestral one, draw for draw. */
  @Test
  void itComparesTwoSamplersOnOneSeed() {
    page.open("prompt=abc&sampler=adaptive-correction&sampler.eta=0&versus=ancestral");
    browser.awaitStatus(DONE);
    assertThat(browser.all(".lane")).hasSize(2);
    assertThat(browser.text(".lane:nth-child(2) h2")).isEqualTo("ancestral");
    assertThat(page.read(1)).isEqualTo(page.read(2));
    browser.set("#sampler-eta", 1);
    browser.one("#run").click();
    browser.await(() -> browser.text(".lane h2").equals("adaptive correction, η 1"));
    browser.awaitStatus(DONE);
    assertThat(page.read(1)).isNotEqualTo(page.read(2));
  }

  @Test
  void aLinkRepeatsTheRun() {
    page.open("prompt=It+%7B%7B9%7D%7D+end%26&sampler=remdm&sampler.eta=0.25");
    browser.awaitStatus(DONE);
    String text = page.read(1);
    String link = browser.address();
    browser.open(URI.create(link));
    browser.awaitStatus(DONE);
    assertThat(page.read(1)).isEqualTo(text).startsWith("It ").endsWith(" end&");
    assertThat(browser.text(".lane h2")).isEqualTo("remdm, η 0.25");
  }

  @Test
  void aTraceIsSavedAndOpened() throws IOException {
    page.open("prompt=abc&sampler=adaptive-correction&sampler.eta=0.8&versus=ancestral");
    browser.awaitStatus(DONE);
    page.scrub(10);
    List<String> shown =
        List.of(page.read(1), page.read(2), browser.text("[data-count=revisions]"));
    browser.one("#save").click();
    Path file = folder.resolve("anneal-slide-seed-7.json");
    browser.await(() -> Files.exists(file));
    JsonNode saved = JsonMapper.shared().readTree(Files.readString(file));
    assertThat(saved.at("/0/seed").asLong()).isEqualTo(7);

    page.open();
    browser.one("#file").sendKeys(file.toString());
    browser.awaitStatus("opened");
    page.scrub(10);
    assertThat(List.of(page.read(1), page.read(2), browser.text("[data-count=revisions]")))
        .isEqualTo(shown);
    assertThat(browser.one("#prompt").getDomProperty("value")).isEqualTo("abc");
  }

  @Test
  void aTraceOfTheServiceIsOpened() throws IOException {
    page.open();
    String body = "{\"prompt\": \"abc\", \"length\": 20, \"seed\": 3, \"trace\": true}";
    Path file = folder.resolve("from-the-service.json");
    Files.writeString(
        file, Service.json(page.service().post("/v1/anneal", body)).path("trace").toString());
    browser.one("#file").sendKeys(file.toString());
    browser.awaitStatus("opened");
    assertThat(page.read(1)).isEqualTo(page.expected(body));
  }

  /** A text that is corrected enters in the middle of a hyperschedule. */
  @Test
  void aTraceOfACorrectionIsOpened() throws IOException {
    Path file = folder.resolve("correction.json");
    Files.writeString(
        file,
        """
        {"hyperschedule": {"name": "flat", "levels": 4}, "sampler": {"name": "analytic"}, "seed": 1,
         "length": 3, "levels": 4, "order": [0, 1, 2], "known": 1, "start": [[97, 98, 99]],
         "steps": [
          {"step": 2, "settled": 1, "levels": [1, 1],
           "sequences": [{"revised": [[2, 100, 1, 0.5]]}]},
          {"step": 3, "settled": 1, "levels": [0, 0],
           "sequences": [{"settled": [[1, 98, 0, null], [2, 100, 0, 0.5]]}]}],
         "pieces": {"97": "a", "98": "b", "99": "c", "100": "d"}}""");
    page.open();
    browser.one("#file").sendKeys(file.toString());
    browser.awaitStatus("opened");
    assertThat(page.read(1)).isEqualTo("abd");
    assertThat(page.count("revisions")).isEqualTo(1);
    page.scrub(0);
    assertThat(page.read(1)).isEqualTo("abc");
    assertThat(page.classes())
        .containsExactly("token given", "token provisional", "token provisional");
    page.tokens().getLast().click();
    assertThat(browser.text(".inspector")).isEqualTo("Position 2: provisional, level 2 of 4");
  }

  @Test
  void confidenceIsAColour() {
    page.open("prompt=abc");
    browser.awaitStatus(DONE);
    String settled = tint();
    browser.one("[name=colour][value=confidence]").sendKeys(Keys.SPACE);
    browser.await(() -> !tint().equals(settled));
    assertThat(tint()).startsWith("rgb");
    browser.one(".lane .text").sendKeys(Keys.END);
    browser.await(() -> browser.text(".inspector").contains("the model gave it"));
  }

  private static String tint() {
    return browser.script(
        "return arguments[0].style.getPropertyValue('--tint')", page.tokens().getLast());
  }
}

package dev.anneal.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

/** What the page is to its readers, in a real browser: words, looks, keys. */
final class StudioReaderTest extends StudioTestCase {
  @Test
  void aFileThatIsNoTraceIsRefusedInWords() throws IOException {
    page.open();
    Path file = folder.resolve("other.json");
    Files.writeString(file, "{\"length\": 3}");
    browser.one("#file").sendKeys(file.toString());
    assertThat(browser.awaitProblem())
        .isEqualTo(
            "other.json cannot be opened. This is no trace of Anneal: “levels” is no number.");
    browser.one("#dismiss").click();
    assertThat(browser.one("#problem").isDisplayed()).isFalse();
  }

  @Test
  void aRefusalIsSaidInWords() {
    page.open("prompt=a%7B%7B3%7D%7D&hyperschedule=flat&rate=8");
    assertThat(browser.awaitProblem())
        .isEqualTo(
            "That cannot be run: rate 8 is more than length 3: a call cannot settle more tokens than"
                + " its window holds.");
    assertThat(browser.one("#run").getText()).isEqualTo("Run");
  }

  @Test
  void aBusyServiceIsSaidInWords() throws Exception {
    var limits = new Limits(Service.LENGTH, 1, 1, Duration.ofMinutes(2));
    try (var busy = new Service(page.model(), limits)) {
      List<CompletableFuture<?>> company = new ArrayList<>();
      company.add(busy.postLater("/v1/anneal", Service.ENDLESS));
      busy.await("anneal_requests_running", 1);
      company.add(busy.postLater("/v1/anneal", Service.ENDLESS));
      busy.await("anneal_requests_waiting", 1);
      browser.open(busy.address("/"));
      browser.one("#run").click();
      assertThat(browser.awaitProblem())
          .isEqualTo("The service is busy: its queue is full. Try again in 1 s.");
      assertThat(browser.one("#retry").isDisplayed()).isTrue();
      company.forEach(each -> each.cancel(true));
    }
  }

  @Test
  void aLostServiceIsSaidInWords() {
    try (var passing = new Service(page.model(), Service.roomy())) {
      browser.open(passing.address("/"));
    }
    browser.one("#run").click();
    assertThat(browser.awaitProblem())
        .isEqualTo("The service cannot be reached. Is it still running?");
  }

  @Test
  void ofABrokenRunIsKeptWhatCame() throws IOException {
    try (var half = new HalfService(page.service())) {
      browser.open(half.address("/#prompt=ab&hyperschedule=block&width=4&rate=1&length=24&seed=7"));
      assertThat(browser.awaitProblem())
          .isEqualTo("The connection broke off. What came so far is shown.");
      browser.awaitStatus("broken");
      assertThat(page.classes()).contains("token settled", "token noise");
      assertThat(browser.one("#save").isEnabled()).isTrue();
    }
  }

  @Test
  void theTokenOfTheServiceIsAskedFor() {
    try (var guarded = new Service(page.model(), Service.roomy(), Optional.of("open sesame"))) {
      browser.open(guarded.address("/"));
      assertThat(browser.awaitProblem()).isEqualTo("The service asks for its token.");
      browser.one("#token").sendKeys("open sesame", Keys.ENTER);
      browser.await(() -> !browser.all(".lane").isEmpty());
      browser.one("#run").click();
      browser.awaitStatus(DONE);
    }
  }

  @Test
  void itIsDarkOrLightAsTheSystemOrTheReaderSays() {
    page.open();
    browser.prefer("prefers-color-scheme", "dark");
    assertThat(brightness()).isLessThan(60);
    browser.prefer("prefers-color-scheme", "light");
    assertThat(brightness()).isGreaterThan(200);
    browser.one("#theme").click();
    assertThat(brightness()).isLessThan(60);
    page.open();
    assertThat(brightness()).isLessThan(60);
    browser.one("#theme").click();
    assertThat(brightness()).isGreaterThan(200);
    browser.forget();
  }

  /** Of the page's ground, 0 … 255. */
  private static int brightness() {
    String colour = browser.script("return getComputedStyle(document.body).backgroundColor");
    return Integer.parseInt(colour.replaceAll("^rgb\\((\\d+),.*", "$1"));
  }

  @Test
  void aPhoneHasItAllWithoutScrollingSideways() {
    browser.resize(360, 740, 1);
    page.open("prompt=abc&versus=ancestral");
    browser.awaitStatus(DONE);
    browser.one("#settings summary").click();
    assertThat(browser.script("return document.documentElement.scrollWidth")).isEqualTo("360");
    List<String> beyond =
        Stream.of("button", "input", "select", "textarea", "canvas", ".text")
            .flatMap(kind -> browser.all(kind).stream())
            .filter(WebElement::isDisplayed)
            .filter(each -> each.getRect().getX() + each.getRect().getWidth() > 360)
            .map(each -> String.valueOf(each.getDomAttribute("id")))
            .toList();
    assertThat(beyond).isEmpty();
    browser.resizeToDesktop();
  }

  @Test
  void nothingMovesForThoseWhoDoNotWantIt() {
    page.open();
    browser.prefer("prefers-reduced-motion", "no-preference");
    assertThat(duration()).isNotEqualTo("0s");
    browser.prefer("prefers-reduced-motion", "reduce");
    assertThat(duration()).isEqualTo("0s");
  }

  private static String duration() {
    return browser.script(
        "return getComputedStyle(document.querySelector('.lane .token')).transitionDuration");
  }

  @Test
  void theKeyboardDoes() {
    page.open();
    browser.press(Keys.TAB);
    assertThat(browser.hasFocus(".skip")).isTrue();
    browser.tabTo("#prompt");
    browser.press("abc", Keys.chord(Keys.CONTROL, Keys.ENTER));
    browser.awaitStatus(DONE);
    browser.tabTo("[name=hyperschedule]");
    browser.press(Keys.ARROW_RIGHT);
    assertThat(browser.one("[value=slide]").isSelected()).isTrue();
    browser.tabTo("#state");
    assertThat(outline()).isEqualTo("solid");
    browser.press(Keys.HOME, Keys.ARROW_RIGHT);
    browser.await(() -> browser.text("#state-words").startsWith("step 1 of"));
    browser.tabTo(".lane .text");
    assertThat(outline()).isEqualTo("solid");
    browser.press(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT);
    browser.await(() -> browser.text(".inspector").startsWith("Position 1: given"));
    assertThat(browser.one(".lane .text").getDomAttribute("aria-activedescendant"))
        .isEqualTo(page.tokens().get(1).getDomAttribute("id"));
  }

  private static String outline() {
    return browser.script("return getComputedStyle(document.activeElement).outlineStyle");
  }
}

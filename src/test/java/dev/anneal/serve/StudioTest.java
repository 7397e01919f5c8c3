package dev.anneal.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anneal.schedule.SlideAnnealing;
import dev.anneal.store.Model;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The page in a real browser. */
@Timeout(300)
final class StudioTest {
  private static final String DONE = "done";

  @TempDir private static Path folder;
  private static @Nullable Model model;
  private static @Nullable Service running;
  private static @Nullable Browser started;

  private static Service service() {
    return Optional.ofNullable(running).orElseThrow();
  }

  private static Browser browser() {
    return Optional.ofNullable(started).orElseThrow();
  }

  @BeforeAll
  static void start() throws IOException {
    started = Browser.start(folder).orElse(null);
    Assumptions.assumeTrue(started != null, "there is no chromium with its chromedriver: skipped");
    model = Service.model(folder);
    running = new Service(model, Service.roomy());
  }

  @AfterAll
  static void stop() {
    if (started != null) {
      started.close();
    }
    if (running != null) {
      running.close();
    }
    if (model != null) {
      model.close();
    }
  }

  @AfterEach
  void thePageHasNotFailed() {
    assertThat(browser().complaints())
        .filteredOn(complaint -> complaint.startsWith("SEVERE"))
        .allMatch(complaint -> complaint.contains("Failed to load resource"));
    browser().resizeToDesktop();
  }

  private static void open() {
    browser().open(service().address("/"));
  }

  /** Sets what the tests share, and what is given as a fragment of an address. */
  private static void open(String settings) {
    browser()
        .open(
            service()
                .address(
                    "/#hyperschedule=slide&width=4&rate=1&length=24&seed=7&temperature=1&"
                        + settings));
  }

  private static List<WebElement> tokens() {
    return browser().all(".lane:first-child .token");
  }

  private static List<String> classes() {
    return tokens().stream().map(token -> String.valueOf(token.getDomAttribute("class"))).toList();
  }

  private static String read(int lane) {
    return browser().text(".lane:nth-child(%d) .text".formatted(lane));
  }

  private static int count(String name) {
    return Integer.parseInt(browser().text("[data-count=%s]".formatted(name)));
  }

  private static void scrub(int step) {
    browser().set("#state", step);
    browser().await(() -> browser().text("#state-words").startsWith("step %d of".formatted(step)));
    browser()
        .script(
            "return new Promise(shown => requestAnimationFrame(() => requestAnimationFrame(shown)))");
  }

  /** What the service says, a token at a time. */
  private static String expected(String body) {
    return Service.json(service().post("/v1/anneal", body))
        .at("/samples/0/ids")
        .valueStream()
        .map(id -> piece(id.asInt()))
        .collect(Collectors.joining());
  }

  private static String piece(int id) {
    if (id > 255) {
      return "∎";
    }
    return id < 128 ? Character.toString(id) : "\uFFFD";
  }

  @Test
  void anEmptyPageShowsThePlan() {
    open();
    assertThat(browser().one("#welcome").isDisplayed()).isTrue();
    assertThat(browser().text("#plan-words")).isEqualTo("48 tokens in 48 steps");
    assertThat(classes()).hasSize(48).allMatch(each -> each.contains("noise"));
    browser().set("#pace", 1);
    browser().await(() -> browser().text("#plan-words").equals("48 tokens in 24 steps"));
  }

  @Test
  void itGeneratesTheTextOfTheService() {
    open();
    browser().one("#prompt").sendKeys("It was");
    browser().set("#sampler-eta", 0.5);
    browser().one("#run").click();
    browser().awaitStatus(DONE);
    assertThat(read(1))
        .isEqualTo(
            expected(
                "{\"prompt\": \"It was\", \"hyperschedule\": \"block\", \"width\": 16, \"seed\": 1,"
                    + " \"sampler\": {\"name\": \"adaptive-correction\", \"eta\": 0.5}}"));
    assertThat(count("calls")).isPositive();
    assertThat(count("revisions")).isPositive();
    assertThat(Double.parseDouble(browser().text("[data-count=speed]"))).isPositive();
    assertThat(browser().text("[data-count=settled]")).isEqualTo("42 of 42");
    assertThat(classes().stream().filter(each -> each.contains("revised"))).isNotEmpty();
  }

  @Test
  void itFillsAGapThatWasMarked() {
    open();
    WebElement prompt = browser().one("#prompt");
    prompt.sendKeys("ab?yz");
    browser().script("arguments[0].setSelectionRange(2, 3)", prompt);
    browser().set("#gap-size", 5);
    browser().one("#gap").click();
    assertThat(prompt.getDomProperty("value")).isEqualTo("ab{{5}}yz");
    assertThat(browser().text("#shade mark")).isEqualTo("{{5}}");
    browser().one("[value=flat]").sendKeys(Keys.SPACE);
    browser().one("#run").click();
    browser().awaitStatus(DONE);
    assertThat(read(1))
        .hasSize(9)
        .startsWith("ab")
        .endsWith("yz")
        .isEqualTo(
            expected("{\"prompt\": \"ab{{5}}yz\", \"hyperschedule\": \"flat\", \"seed\": 1}"));
  }

  /** A token is settled in a state if the hyperschedule says so. */
  @Test
  void itGoesBackToEveryStep() {
    open("prompt=abc");
    browser().awaitStatus(DONE);
    String last = read(1);
    var hyperschedule = new SlideAnnealing(4, 4);
    int steps = hyperschedule.steps(21);
    for (int step : new int[] {0, 1, 9, steps}) {
      scrub(step);
      List<String> shown = classes();
      assertThat(shown.subList(0, 3)).allMatch(each -> each.equals("token given"));
      for (int position = 3; position < shown.size(); position++) {
        assertThat(shown.get(position).contains("settled"))
            .as("position %d at step %d", position, step)
            .isEqualTo(hyperschedule.level(step, position - 3) == 0);
      }
    }
    assertThat(read(1)).isEqualTo(last);
  }

  @Test
  void theHeatMapScrubsToo() {
    open("prompt=abc");
    browser().awaitStatus(DONE);
    WebElement heat = browser().one(".views .heat");
    assertThat(heat.getDomAttribute("aria-valuenow")).isEqualTo("24");
    heat.sendKeys(Keys.ARROW_UP, Keys.ARROW_UP, Keys.ARROW_RIGHT);
    browser().await(() -> "22".equals(heat.getDomAttribute("aria-valuenow")));
    browser().await(() -> browser().text(".inspector").startsWith("Position 0: given"));
    heat.click(); // in its middle
    browser().await(() -> browser().text("#state-words").equals("step 12 of 24"));
    browser().await(() -> browser().text(".inspector").matches("Position 1[12]: .*"));
  }

  /** With η = 0 the correcting sampler is the ancestral one, draw for draw. */
  @Test
  void itComparesTwoSamplersOnOneSeed() {
    open("prompt=abc&sampler=adaptive-correction&sampler.eta=0&versus=ancestral");
    browser().awaitStatus(DONE);
    assertThat(browser().all(".lane")).hasSize(2);
    assertThat(browser().text(".lane:nth-child(2) h2")).isEqualTo("ancestral");
    assertThat(read(1)).isEqualTo(read(2));
    browser().set("#sampler-eta", 1);
    browser().one("#run").click();
    browser().await(() -> browser().text(".lane h2").equals("adaptive correction, η 1"));
    browser().awaitStatus(DONE);
    assertThat(read(1)).isNotEqualTo(read(2));
  }

  @Test
  void aLinkRepeatsTheRun() {
    open("prompt=It+%7B%7B9%7D%7D+end%26&sampler=remdm&sampler.eta=0.25");
    browser().awaitStatus(DONE);
    String text = read(1);
    String link = browser().address();
    browser().open(URI.create(link));
    browser().awaitStatus(DONE);
    assertThat(read(1)).isEqualTo(text).startsWith("It ").endsWith(" end&");
    assertThat(browser().text(".lane h2")).isEqualTo("remdm, η 0.25");
  }

  @Test
  void aTraceIsSavedAndOpened() throws IOException {
    open("prompt=abc&sampler=adaptive-correction&sampler.eta=0.8&versus=ancestral");
    browser().awaitStatus(DONE);
    scrub(10);
    List<String> shown = List.of(read(1), read(2), browser().text("[data-count=revisions]"));
    browser().one("#save").click();
    Path file = folder.resolve("anneal-slide-seed-7.json");
    browser().await(() -> Files.exists(file));
    JsonNode saved = JsonMapper.shared().readTree(Files.readString(file));
    assertThat(saved.at("/0/seed").asLong()).isEqualTo(7);

    open();
    browser().one("#file").sendKeys(file.toString());
    browser().awaitStatus("opened");
    scrub(10);
    assertThat(List.of(read(1), read(2), browser().text("[data-count=revisions]")))
        .isEqualTo(shown);
    assertThat(browser().one("#prompt").getDomProperty("value")).isEqualTo("abc");
  }

  @Test
  void aTraceOfTheServiceIsOpened() throws IOException {
    open();
    String body = "{\"prompt\": \"abc\", \"length\": 20, \"seed\": 3, \"trace\": true}";
    Path file = folder.resolve("from-the-service.json");
    Files.writeString(
        file, Service.json(service().post("/v1/anneal", body)).path("trace").toString());
    browser().one("#file").sendKeys(file.toString());
    browser().awaitStatus("opened");
    assertThat(read(1)).isEqualTo(expected(body));
  }

  @Test
  void aFileThatIsNoTraceIsRefusedInWords() throws IOException {
    open();
    Path file = folder.resolve("other.json");
    Files.writeString(file, "{\"length\": 3}");
    browser().one("#file").sendKeys(file.toString());
    assertThat(browser().awaitProblem())
        .isEqualTo(
            "other.json cannot be opened. This is no trace of Anneal: “levels” is no number.");
    browser().one("#dismiss").click();
    assertThat(browser().one("#problem").isDisplayed()).isFalse();
  }

  @Test
  void confidenceIsAColour() {
    open("prompt=abc");
    browser().awaitStatus(DONE);
    String settled = tint();
    browser().one("[name=colour][value=confidence]").sendKeys(Keys.SPACE);
    browser().await(() -> !tint().equals(settled));
    assertThat(tint()).startsWith("rgb");
    browser().one(".lane .text").sendKeys(Keys.END);
    browser().await(() -> browser().text(".inspector").contains("the model gave it"));
  }

  private static String tint() {
    return String.valueOf(
        browser()
            .script("return arguments[0].style.getPropertyValue('--tint')", tokens().getLast()));
  }

  @Test
  void aRefusalIsSaidInWords() {
    open("prompt=a%7B%7B3%7D%7D&hyperschedule=flat&rate=8");
    assertThat(browser().awaitProblem())
        .isEqualTo(
            "That cannot be run: rate 8 is more than length 3: a call cannot settle more tokens than"
                + " its window holds.");
    assertThat(browser().one("#run").getText()).isEqualTo("Run");
  }

  @Test
  void aBusyServiceIsSaidInWords() throws Exception {
    var limits = new Limits(Service.LENGTH, 1, 1, Duration.ofMinutes(2));
    try (var busy = new Service(Optional.ofNullable(model).orElseThrow(), limits)) {
      List<CompletableFuture<?>> company = new ArrayList<>();
      company.add(busy.postLater("/v1/anneal", Service.ENDLESS));
      busy.await("anneal_requests_running", 1);
      company.add(busy.postLater("/v1/anneal", Service.ENDLESS));
      busy.await("anneal_requests_waiting", 1);
      browser().open(busy.address("/"));
      browser().one("#run").click();
      assertThat(browser().awaitProblem())
          .isEqualTo(
              "The service is busy: 1 requests are waiting: try again later. Room may come in 1 s.");
      assertThat(browser().one("#retry").isDisplayed()).isTrue();
      company.forEach(each -> each.cancel(true));
    }
  }

  @Test
  void aLostServiceIsSaidInWords() {
    try (var passing = new Service(Optional.ofNullable(model).orElseThrow(), Service.roomy())) {
      browser().open(passing.address("/"));
    }
    browser().one("#run").click();
    assertThat(browser().awaitProblem())
        .isEqualTo("The service cannot be reached. Is it still running?");
  }

  @Test
  void theTokenOfTheServiceIsAskedFor() {
    Model served = Optional.ofNullable(model).orElseThrow();
    try (var guarded = new Service(served, Service.roomy(), Optional.of("open sesame"))) {
      browser().open(guarded.address("/"));
      assertThat(browser().awaitProblem()).isEqualTo("The service asks for its token.");
      browser().one("#token").sendKeys("open sesame", Keys.ENTER);
      browser().await(() -> !browser().all(".lane").isEmpty());
      browser().one("#run").click();
      browser().awaitStatus(DONE);
    }
  }

  @Test
  void itIsDarkOrLightAsTheSystemOrTheReaderSays() {
    open();
    browser().prefer("prefers-color-scheme", "dark");
    assertThat(brightness()).isLessThan(60);
    browser().prefer("prefers-color-scheme", "light");
    assertThat(brightness()).isGreaterThan(200);
    browser().one("#theme").click();
    assertThat(brightness()).isLessThan(60);
    open();
    assertThat(brightness()).isLessThan(60);
    browser().one("#theme").click();
    assertThat(brightness()).isGreaterThan(200);
    browser().forget();
  }

  /** Of the page's ground, 0 … 255. */
  private static int brightness() {
    String colour =
        String.valueOf(browser().script("return getComputedStyle(document.body).backgroundColor"));
    return Integer.parseInt(colour.replaceAll("^rgb\\((\\d+),.*", "$1"));
  }

  @Test
  void aPhoneHasItAllWithoutScrollingSideways() {
    browser().resize(360, 740, 1);
    open("prompt=abc&versus=ancestral");
    browser().awaitStatus(DONE);
    browser().one("#settings summary").click();
    assertThat(browser().script("return document.documentElement.scrollWidth")).isEqualTo("360");
    List<String> beyond =
        Stream.of("button", "input", "select", "textarea", "canvas", ".text")
            .flatMap(kind -> browser().all(kind).stream())
            .filter(WebElement::isDisplayed)
            .filter(each -> each.getRect().getX() + each.getRect().getWidth() > 360)
            .map(each -> String.valueOf(each.getDomAttribute("id")))
            .toList();
    assertThat(beyond).isEmpty();
  }

  @Test
  void nothingMovesForThoseWhoDoNotWantIt() {
    open();
    browser().prefer("prefers-reduced-motion", "no-preference");
    assertThat(duration()).isNotEqualTo("0s");
    browser().prefer("prefers-reduced-motion", "reduce");
    assertThat(duration()).isEqualTo("0s");
  }

  private static String duration() {
    return String.valueOf(
        browser()
            .script(
                "return getComputedStyle(document.querySelector('.lane .token')).transitionDuration"));
  }

  @Test
  void theKeyboardDoes() {
    open();
    browser().press(Keys.TAB);
    assertThat(browser().hasFocus(".skip")).isTrue();
    browser().tabTo("#prompt");
    browser().press("abc", Keys.chord(Keys.CONTROL, Keys.ENTER));
    browser().awaitStatus(DONE);
    browser().tabTo("[name=hyperschedule]");
    browser().press(Keys.ARROW_RIGHT);
    assertThat(browser().one("[value=slide]").isSelected()).isTrue();
    browser().tabTo("#state");
    assertThat(outline()).isEqualTo("solid");
    browser().press(Keys.HOME, Keys.ARROW_RIGHT);
    browser().await(() -> browser().text("#state-words").startsWith("step 1 of"));
    browser().tabTo(".lane .text");
    assertThat(outline()).isEqualTo("solid");
    browser().press(Keys.ARROW_RIGHT, Keys.ARROW_RIGHT);
    browser().await(() -> browser().text(".inspector").startsWith("Position 1: given"));
    assertThat(browser().one(".lane .text").getDomAttribute("aria-activedescendant"))
        .isEqualTo(tokens().get(1).getDomAttribute("id"));
  }

  private static String outline() {
    return String.valueOf(
        browser().script("return getComputedStyle(document.activeElement).outlineStyle"));
  }
}

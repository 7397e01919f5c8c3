package dev.anneal.serve;

import dev.anneal.store.Model;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.WebElement;

/**
 * The studio of a small model in a browser, and what there is to read on it.
 *
 * @param model that the service serves
 */
record StudioPage(Browser browser, Model model, Service service) {

  /** Starts all; where there is no browser, the test is skipped. */
  static StudioPage start(Path folder) throws IOException {
    Browser browser = Browser.start(folder).orElse(null);
    Assumptions.assumeTrue(browser != null, "there is no chromium with its chromedriver: skipped");
    Model model = Service.model(folder);
    return new StudioPage(browser, model, new Service(model, Service.roomy()));
  }

  /** Stops all, if it was started. */
  static void close(@Nullable StudioPage page) {
    if (page != null) {
      page.browser.close();
      page.service.close();
      page.model.close();
    }
  }

  void open() {
    browser.open(service.address("/"));
  }

  /** Opens a link with what the tests share, and the settings that are given. */
  void open(String settings) {
    String shared = "hyperschedule=slide&width=4&rate=1&length=24&seed=7&temperature=1";
    browser.open(service.address("/#" + shared + "&" + settings));
  }

  /** What the page failed at since the last time, but for refusals of the service. */
  List<String> failures() {
    return browser.complaints().stream()
        .filter(complaint -> complaint.startsWith("SEVERE"))
        .filter(complaint -> !complaint.contains("Failed to load resource"))
        .toList();
  }

  /** The tokens of the first run. */
  List<WebElement> tokens() {
    return browser.all(".lane:first-child .token");
  }

  /** What they are marked as. */
  List<String> classes() {
    String classes =
        browser.script(
            "return [...document.querySelectorAll('.lane:first-child .token')]"
                + ".map(token => token.className).join('|')");
    return List.of(classes.split("\\|"));
  }

  /** The text of a run, of which the first is 1. */
  String read(int lane) {
    return browser.text(".lane:nth-child(%d) .text".formatted(lane));
  }

  int count(String name) {
    return Integer.parseInt(browser.text("[data-count=%s]".formatted(name)));
  }

  /** Goes to a step. */
  void scrub(int step) {
    browser.set("#state", step);
    browser.await(() -> browser.text("#state-words").startsWith("step %d of".formatted(step)));
    browser.awaitDrawn();
  }

  /** What the service answers to a request, token by token, as the page writes them. */
  String expected(String body) {
    return Service.json(service.post("/v1/anneal", body))
        .at("/samples/0/ids")
        .valueStream()
        .map(id -> piece(id.asInt()))
        .collect(Collectors.joining());
  }

  /** A token of the small model is a byte, or the end. */
  private static String piece(int id) {
    if (id > 255) {
      return "∎";
    }
    return id < 128 ? Character.toString(id) : "\uFFFD";
  }
}

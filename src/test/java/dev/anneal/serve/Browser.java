package dev.anneal.serve;

import java.io.File;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A Chromium without a window, at the page of a service. Nothing is downloaded for it. */
final class Browser implements AutoCloseable {
  private static final List<String> BROWSERS =
      List.of("chromium", "chromium-browser", "google-chrome");

  /** Slow machines take long; nothing waits longer than it must. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final int DESKTOP_WIDTH = 1280;
  private static final int DESKTOP_HEIGHT = 860;

  private final ChromeDriver driver;
  private final Map<String, String> preferences = new HashMap<>();

  private Browser(Path browser, Path driver, Path downloads) {
    var options = new ChromeOptions();
    options.setBinary(browser.toFile());
    options.addArguments(
        "--headless=new",
        "--no-sandbox", // needed where tests run as root
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--hide-scrollbars");
    options.setExperimentalOption(
        "prefs", Map.of("download.default_directory", downloads.toAbsolutePath().toString()));
    var service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(driver.toFile())
            .usingAnyFreePort()
            .build();
    this.driver = new ChromeDriver(service, options);
    resize(DESKTOP_WIDTH, DESKTOP_HEIGHT, 1);
  }

  /**
   * Starts one.
   *
   * @param downloads where files go that a page gives
   * @return empty if there is no Chromium with its driver on the path
   */
  static Optional<Browser> start(Path downloads) {
    Optional<Path> browser = BROWSERS.stream().flatMap(Browser::onPath).findFirst();
    Optional<Path> driver = onPath("chromedriver").findFirst();
    return browser.flatMap(
        binary -> driver.map(executable -> new Browser(binary, executable, downloads)));
  }

  private static Stream<Path> onPath(String program) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable);
  }

  /** Goes to an address, also if it is there already, and waits until there is something to see. */
  void open(URI address) {
    driver.get("about:blank");
    driver.get(address.toString());
    await(() -> !all(".lane, #problem:not([hidden])").isEmpty());
  }

  String address() {
    return driver.getCurrentUrl();
  }

  /** Forgets what pages have stored. */
  void forget() {
    script("localStorage.clear(); sessionStorage.clear()");
  }

  /**
   * Makes the window so large, in pixels of the page, of which each has this many of the screen.
   */
  void resize(int width, int height, double scale) {
    command(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", scale, "mobile", false));
  }

  void resizeToDesktop() {
    resize(DESKTOP_WIDTH, DESKTOP_HEIGHT, 1);
  }

  /** Sets what the system is said to prefer, such as prefers-color-scheme: dark. */
  void prefer(String feature, String value) {
    preferences.put(feature, value);
    command(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            preferences.entrySet().stream()
                .map(each -> Map.of("name", each.getKey(), "value", each.getValue()))
                .toList()));
  }

  private Map<String, Object> command(String name, Map<String, Object> parameters) {
    return driver.executeCdpCommand(name, parameters);
  }

  WebElement one(String selector) {
    return driver.findElement(By.cssSelector(selector));
  }

  List<WebElement> all(String selector) {
    return driver.findElements(By.cssSelector(selector));
  }

  /** What an element says at this moment, its blanks kept. */
  String text(String selector) {
    return script("return document.querySelector(arguments[0]).textContent", selector);
  }

  /** The result of a script with {@code return}, as a text. */
  String script(String script, Object... arguments) {
    return String.valueOf(driver.executeScript(script, arguments));
  }

  /** Sets a control to a value, as a hand would. */
  void set(String selector, Object value) {
    driver.executeScript(
        "arguments[0].value = arguments[1];"
            + " arguments[0].dispatchEvent(new Event('input', {bubbles: true}));"
            + " arguments[0].dispatchEvent(new Event('change', {bubbles: true}));",
        one(selector),
        value);
  }

  /** Presses keys where the focus is. */
  void press(CharSequence... keys) {
    driver.switchTo().activeElement().sendKeys(keys);
  }

  /** Presses Tab until the element has the focus. */
  void tabTo(String selector) {
    for (int presses = 0; presses < 60 && !hasFocus(selector); presses++) {
      press(Keys.TAB);
    }
    if (!hasFocus(selector)) {
      throw new AssertionError("Tab does not lead to " + selector);
    }
  }

  boolean hasFocus(String selector) {
    return script("return document.activeElement.matches(arguments[0])", selector).equals("true");
  }

  /** Waits until it holds. */
  void await(BooleanSupplier condition) {
    new WebDriverWait(driver, PATIENCE, Duration.ofMillis(50)).until(_ -> condition.getAsBoolean());
  }

  /** Waits until all runs of the page are in a status. */
  void awaitStatus(String status) {
    await(
        () ->
            script(
                    "const all = [...document.querySelectorAll('.status')];"
                        + " return all.length > 0 && all.every(e => e.textContent === arguments[0])",
                    status)
                .equals("true"));
    awaitDrawn();
  }

  /** Waits until what has changed is on the screen. */
  void awaitDrawn() {
    driver.executeAsyncScript(
        "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done()))");
  }

  /** Waits for a complaint, and gives its words. */
  String awaitProblem() {
    await(() -> one("#problem").isDisplayed());
    return text("#problem-words");
  }

  /** A picture of what is in the window, as PNG. */
  byte[] picture() {
    return driver.getScreenshotAs(OutputType.BYTES);
  }

  /** What pages have complained of in the console. */
  List<String> complaints() {
    return driver.manage().logs().get("browser").getAll().stream()
        .map(entry -> entry.getLevel() + " " + entry.getMessage())
        .toList();
  }

  @Override
  public void close() {
    driver.quit();
  }
}

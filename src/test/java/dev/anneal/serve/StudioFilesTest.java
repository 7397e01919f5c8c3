package dev.anneal.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anneal.store.Model;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of the page, as they are served. */
final class StudioFilesTest {
  private static final Path SOURCES = Path.of("src/main/resources/dev/anneal/serve/studio");
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml");

  @TempDir private static Path folder;
  private static Model model;
  private static Service service;

  @BeforeAll
  static void start() throws IOException {
    model = Service.model(folder);
    service = new Service(model, Service.roomy(), Optional.of("secret"));
  }

  @AfterAll
  static void stop() {
    service.close();
    model.close();
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.list(SOURCES)) {
      return files.toList();
    }
  }

  private static String path(Path source) {
    String name = source.getFileName().toString();
    return name.equals("index.html") ? "/" : "/studio/" + name;
  }

  private static String header(HttpResponse<String> response, String name) {
    return response.headers().firstValue(name).orElseThrow();
  }

  @Test
  void everyFileIsServedWithItsTypeAndWithoutAToken() throws IOException {
    for (Path source : sources()) {
      HttpResponse<String> response = service.get(path(source));
      assertThat(response.statusCode()).as("%s", source).isEqualTo(200);
      assertThat(response.body()).isEqualTo(Files.readString(source));
      String name = source.getFileName().toString();
      assertThat(header(response, "Content-Type"))
          .isEqualTo(TYPES.get(name.substring(name.lastIndexOf('.') + 1)));
      assertThat(header(response, "X-Content-Type-Options")).isEqualTo("nosniff");
    }
  }

  @Test
  void nothingIsTakenFromElsewhere() throws IOException {
    assertThat(header(service.get("/"), "Content-Security-Policy"))
        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
        .doesNotContain("unsafe", "http", "*");
    for (Path source : sources()) {
      String text = Files.readString(source).replace("http://www.w3.org/2000/svg", "");
      assertThat(text).as("%s", source).doesNotContainPattern("https?:|url\\(|@import|style=\"");
    }
  }

  @Test
  void aFileThatTheBrowserHasIsNotSentAgain() {
    String tag = header(service.get("/studio/studio.js"), "ETag");
    HttpResponse<String> again = conditional("/studio/studio.js", tag);
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
    assertThat(header(again, "ETag")).isEqualTo(tag);
    assertThat(conditional("/studio/trace.js", tag).statusCode()).isEqualTo(200);
  }

  private static HttpResponse<String> conditional(String path, String tag) {
    return service.send(
        HttpRequest.newBuilder(service.address(path)).header("If-None-Match", tag).build());
  }

  @Test
  void nothingElseOfTheJarIsServed() {
    for (String name : List.of("nothing.js", "index.html", "..%2fServer.class", "")) {
      assertThat(service.get("/studio/" + name).statusCode()).as(name).isEqualTo(404);
    }
  }
}

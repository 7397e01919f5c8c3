package dev.anneal.serve;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The page on which tokens are watched: files of the jar, the same for everybody. They hold nothing
 * secret, so they are served without a token; what they ask for is not. The browser is told to take
 * nothing from elsewhere, and asks each time whether what it has is still right.
 */
final class Studio implements Handler {

  /** What the root is. */
  private static final String PAGE = "index.html";

  /** What it is made of. */
  private static final List<String> FILES =
      List.of(
          "icon.svg",
          "theme.css",
          "controls.css",
          "stage.css",
          "studio.js",
          "client.js",
          "examples.js",
          "files.js",
          "form.js",
          "gaps.js",
          "heat.js",
          "lane.js",
          "palette.js",
          "problem.js",
          "text.js",
          "theme.js",
          "timeline.js",
          "trace.js");

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml");

  private static final HeaderName POLICY = HeaderNames.create("Content-Security-Policy");
  private static final HeaderName SNIFFING = HeaderNames.create("X-Content-Type-Options");
  private static final HeaderName REFERRER = HeaderNames.create("Referrer-Policy");

  /** Scripts, styles, pictures and requests of our own, and no script made of text. */
  private static final String OURS_ONLY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
          + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
          + "require-trusted-types-for 'script'";

  /** A file; its entity tag is a digest of its content. */
  private static final class Resource {
    final byte[] content;
    final String type;
    final String tag;

    Resource(String name, byte[] content) {
      this.content = content;
      this.type = String.valueOf(TYPES.get(name.substring(name.lastIndexOf('.') + 1)));
      this.tag = '"' + digest(content) + '"';
    }
  }

  private final Resource page = read(PAGE);
  private final Map<String, Resource> files =
      FILES.stream().collect(Collectors.toUnmodifiableMap(Function.identity(), Studio::read));

  private static Resource read(String name) {
    try (InputStream in = Studio.class.getResourceAsStream("studio/" + name)) {
      if (in == null) {
        throw new AssertionError("studio/%s is not in the jar".formatted(name));
      }
      return new Resource(name, in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String digest(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content), 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }

  /** Sends the file that the path names, or the page. */
  @Override
  public void handle(ServerRequest request, ServerResponse response) {
    Optional<String> name = request.path().pathParameters().first("file").asOptional();
    Resource file = name.isEmpty() ? page : files.get(name.get());
    if (file == null) {
      throw new Refusal(Refusal.Kind.UNKNOWN_ADDRESS, "nothing is offered at this address");
    }
    response
        .header(HeaderNames.ETAG, file.tag)
        .header(HeaderNames.CACHE_CONTROL, "no-cache")
        .header(POLICY, OURS_ONLY)
        .header(SNIFFING, "nosniff")
        .header(REFERRER, "no-referrer");
    if (request.headers().first(HeaderNames.IF_NONE_MATCH).filter(file.tag::equals).isPresent()) {
      response.status(Status.NOT_MODIFIED_304).send();
    } else {
      response.header(HeaderNames.CONTENT_TYPE, file.type).send(file.content);
    }
  }
}

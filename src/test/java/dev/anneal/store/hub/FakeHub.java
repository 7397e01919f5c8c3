package dev.anneal.store.hub;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A hub on this machine with one model, {@code org/tiny}, and its troubles. */
public final class FakeHub implements AutoCloseable {
  private final HttpServer server;
  private final Map<String, byte[]> files = new LinkedHashMap<>();
  private final Map<String, byte[]> listed = new LinkedHashMap<>();
  private final List<String> requests = new ArrayList<>();
  private Optional<String> token = Optional.empty();
  private Optional<FakeHub> store = Optional.empty();
  private long breaksOffAfter = Long.MAX_VALUE;
  private int status = 200;
  private boolean ranges = true;

  /** Starts serving. */
  public FakeHub() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/api/models/org/tiny/tree/main", this::list);
    server.createContext("/org/tiny/resolve/main/", this::send);
    server.start();
  }

  /** Its address. */
  public URI address() {
    return URI.create("http://localhost:" + server.getAddress().getPort());
  }

  /** What was asked for: the path, the range or nothing, the token or nothing. */
  public List<String> requests() {
    return requests;
  }

  /** Adds a file; those above a hundred bytes count as large. */
  public FakeHub with(String name, byte[] content) {
    files.put(name, content);
    listed.put(name, content);
    return this;
  }

  /** Sends something else than the listing says. */
  FakeHub sending(String name, byte[] content) {
    files.put(name, content);
    return this;
  }

  FakeHub without(String name) {
    files.remove(name);
    listed.remove(name);
    return this;
  }

  /** Lets nobody in without this token. */
  public FakeHub requiring(String secret) {
    token = Optional.of(secret);
    return this;
  }

  /** Sends downloads to another server. */
  FakeHub storedBy(FakeHub other) {
    store = Optional.of(other);
    return this;
  }

  /** Ends every download after so many bytes. */
  FakeHub breakingOffAfter(long bytes) {
    breaksOffAfter = bytes;
    return this;
  }

  FakeHub withoutRanges() {
    ranges = false;
    return this;
  }

  FakeHub answering(int answer) {
    status = answer;
    return this;
  }

  private boolean refuses(HttpExchange exchange) throws IOException {
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    String range = exchange.getRequestHeaders().getFirst("Range");
    requests.add(
        (exchange.getRequestURI().getPath()
                + " "
                + (range == null ? "" : range)
                + " "
                + (authorization == null ? "" : authorization))
            .strip());
    boolean stranger = token.isPresent() && !("Bearer " + token.get()).equals(authorization);
    if (stranger || status != 200) {
      exchange.sendResponseHeaders(stranger ? 401 : status, -1);
      exchange.close();
      return true;
    }
    return false;
  }

  private void list(HttpExchange exchange) throws IOException {
    if (refuses(exchange)) {
      return;
    }
    var entries = new ArrayList<String>();
    entries.add("{\"type\": \"directory\", \"oid\": \"\", \"size\": 0, \"path\": \"onnx\"}");
    listed.forEach((name, content) -> entries.add(entry(name, content)));
    byte[] listing = entries.toString().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, listing.length);
    exchange.getResponseBody().write(listing);
    exchange.close();
  }

  private static String entry(String name, byte[] content) {
    String large =
        content.length > 100
            ? ", \"lfs\": {\"oid\": \"%s\", \"size\": %d, \"pointerSize\": 134}"
                .formatted(digest("SHA-256", content), content.length)
            : "";
    byte[] blob = ("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII);
    byte[] whole = Arrays.copyOf(blob, blob.length + content.length);
    System.arraycopy(content, 0, whole, blob.length, content.length);
    return "{\"type\": \"file\", \"oid\": \"%s\", \"size\": %d%s, \"path\": \"%s\"}"
        .formatted(digest("SHA-1", whole), content.length, large, name);
  }

  private static String digest(String algorithm, byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private void send(HttpExchange exchange) throws IOException {
    if (refuses(exchange)) {
      return;
    }
    if (store.isPresent()) {
      String there = store.get().address() + exchange.getRequestURI().getPath();
      exchange.getResponseHeaders().set("Location", there);
      exchange.sendResponseHeaders(302, -1);
      exchange.close();
      return;
    }
    String path = exchange.getRequestURI().getPath();
    byte[] content = files.getOrDefault(path.substring(path.lastIndexOf('/') + 1), new byte[0]);
    String range = exchange.getRequestHeaders().getFirst("Range");
    int begin = 0;
    if (range != null && ranges) {
      begin = Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes " + begin + "-" + (content.length - 1) + "/*");
    }
    exchange.sendResponseHeaders(begin > 0 ? 206 : 200, content.length - begin);
    int sent = (int) Math.min(content.length - begin, breaksOffAfter);
    exchange.getResponseBody().write(content, begin, sent);
    exchange.getResponseBody().flush();
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}

package dev.anneal.serve;

import dev.anneal.sample.Generator;
import dev.anneal.store.Model;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The service: texts by HTTP.
 *
 * <p>The package's law: only a {@link DeviceThread} touches tensors, virtual threads carry text and
 * ids; a text is the same alone and in any company; what a client sends, or fails to send, disturbs
 * nobody else; and the log has no word of a user's text.
 */
public final class Server implements AutoCloseable {

  /** What the last replies may take to be written. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  /** More than run and wait, as connections live on between requests. */
  private static final int MOST_CONNECTIONS = 1024;

  /** Helidon's own log, of which only failures are of interest. */
  private static final Logger HELIDON = Logger.getLogger("io.helidon");

  private static final HeaderName POLICY = HeaderNames.create("Content-Security-Policy");

  private final Settings settings;
  private final ServedModel model;
  private final Meters meters = new Meters();
  private final Journal journal;
  private final Bearer bearer;
  private final Door door;
  private final DeviceThreads device;
  private final Routes routes;
  private final WebServer web;
  private final Instant start = Instant.now();

  private Server(Model loaded, Settings settings, Patience patience, Consumer<String> log) {
    settings.limits().requireFit(loaded.config());
    this.settings = settings;
    this.model =
        new ServedModel(
            settings.modelName(), loaded.config(), loaded.tokenizer(), settings.limits().length());
    this.journal = new Journal(log);
    this.bearer = new Bearer(settings.token());
    this.door = new Door(bearer, meters, journal);
    this.device =
        new DeviceThreads(new Generator(loaded.network()), settings.limits(), meters, journal);
    this.routes = routes();
    this.web = web(patience);
  }

  /**
   * Starts to serve a model, which stays the caller's; it must not be closed before the server.
   *
   * @param log takes lines of JSON
   * @throws IllegalArgumentException if a text may be longer than the model's, or there is no
   *     listening at the host and port
   */
  public static Server start(Model model, Settings settings, Consumer<String> log) {
    return start(model, settings, Patience.USUAL, log);
  }

  /** Starts to serve a model with more or less patience. */
  static Server start(Model model, Settings settings, Patience patience, Consumer<String> log) {
    HELIDON.setLevel(Level.SEVERE);
    var server = new Server(model, settings, patience, log);
    try {
      server.web.start();
    } catch (RuntimeException e) {
      server.device.close();
      throw new IllegalArgumentException(
          "cannot listen at %s:%d: %s".formatted(settings.host(), settings.port(), reason(e)), e);
    }
    return server;
  }

  private static String reason(Throwable thrown) {
    Throwable cause = thrown.getCause();
    return String.valueOf(cause == null ? thrown.getMessage() : cause.getMessage());
  }

  private WebServer web(Patience patience) {
    return WebServer.builder()
        .host(settings.host())
        .port(settings.port())
        .shutdownHook(false)
        .shutdownGracePeriod(GRACE)
        .maxTcpConnections(MOST_CONNECTIONS)
        .idleConnectionPeriod(patience.period())
        .protocolsDiscoverServices(false)
        .addConnectionSelector(
            new ClientConnections(
                Http1ConnectionSelector.builder().config(Http1Config.create()).build(), patience))
        .directHandlers(ProtocolError.handlers())
        .routing(routes.routing(door.guarded("other", Server::refuse)))
        .build();
  }

  private Routes routes() {
    var studio = new Studio();
    return new Routes(door)
        .page("/", door.guarded("/", studio))
        .page("/studio/{file}", door.guarded("/studio", studio))
        .post(
            "/v1/completions",
            door.json("/v1/completions", new Completions(Style.TEXT, model, device)))
        .post(
            "/v1/chat/completions",
            door.json("/v1/chat/completions", new Completions(Style.CHAT, model, device)))
        .post("/v1/anneal", door.json("/v1/anneal", new Annealing(model, device)))
        .post("/v1/plan", door.json("/v1/plan", new Planning(model)))
        .get("/v1/options", door.guarded("/v1/options", this::options))
        .get("/v1/models", door.guarded("/v1/models", this::models))
        .get("/metrics", door.guarded("/metrics", this::metrics))
        .get("/healthz", (_, response) -> tell(response, device.isAlive()))
        .get("/readyz", (_, response) -> tell(response, device.isOpen()))
        .get("/openapi.json", door.guarded("/openapi.json", Server::describe))
        .get("/schemas/anneal.json", door.guarded("/schemas/anneal.json", Server::tellSchema))
        .get("/docs", door.guarded("/docs", Server::showPage));
  }

  private void models(ServerRequest request, ServerResponse response) {
    bearer.admit(request);
    ObjectNode list = JsonMapper.shared().createObjectNode().put("object", "list");
    list.putArray("data")
        .addObject()
        .put("id", model.name())
        .put("object", "model")
        .put("created", start.getEpochSecond())
        .put("owned_by", "anneal");
    Door.send(response, 200, list);
  }

  private void options(ServerRequest request, ServerResponse response) {
    bearer.admit(request);
    Door.send(response, 200, JsonMapper.shared().valueToTree(Offer.of(model)));
  }

  private void metrics(ServerRequest request, ServerResponse response) {
    bearer.admit(request);
    response.header(HeaderNames.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8");
    response.send(meters.text());
  }

  private static void describe(ServerRequest request, ServerResponse response) {
    Door.send(response, 200, ApiDescription.openApi());
  }

  private static void tellSchema(ServerRequest request, ServerResponse response) {
    response
        .header(HeaderNames.CONTENT_TYPE, "application/schema+json")
        .send(ApiDescription.schema("AnnealRequest").toString());
  }

  /** The page needs its own style, and nothing else from anywhere. */
  private static void showPage(ServerRequest request, ServerResponse response) {
    response
        .header(HeaderNames.CONTENT_TYPE, "text/html; charset=utf-8")
        .header(POLICY, "default-src 'none'; style-src 'unsafe-inline'")
        .send(ApiPage.of(ApiDescription.openApi()));
  }

  private static void tell(ServerResponse response, boolean well) {
    response.status(well ? 200 : 503).send(well ? "ok\n" : "no\n");
  }

  private static void refuse(ServerRequest request, ServerResponse response) {
    throw new Refusal(
        Refusal.Kind.UNKNOWN_ADDRESS,
        "nothing is offered at this address: /docs says what is, and where");
  }

  /** What is offered: methods and addresses. */
  List<String> offers() {
    return routes.offers();
  }

  /** The address to reach it by. */
  public String address() {
    String host = settings.host().contains(":") ? "[" + settings.host() + "]" : settings.host();
    return "http://" + host + ":" + web.port();
  }

  /** Stops: finishes the requests that run and wait, takes no new ones. */
  @Override
  public void close() {
    device.close();
    web.stop();
  }
}

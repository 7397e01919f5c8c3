package dev.anneal.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.anneal.client.AnnealClient;
import dev.anneal.client.AnnealEvent;
import dev.anneal.client.AnnealException;
import dev.anneal.client.AnnealReply;
import dev.anneal.client.AnnealRequest;
import dev.anneal.store.Model;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Our client, at a service. */
@Timeout(60)
final class AnnealClientTest {
  private static final String RUNNING = "anneal_requests_running";
  private static final AnnealRequest GAPS =
      AnnealRequest.prompt("ab{{12}}").hyperschedule("flat").levels(24).sampler("remask").seed(2);
  private static final AnnealRequest ENDLESS = GAPS.levels(1_000_000_000);

  @TempDir private static Path folder;
  private static Model model;
  private static Service service;
  private static AnnealClient client;

  @BeforeAll
  static void start() throws IOException {
    model = Service.model(folder);
    service = new Service(model, Service.roomy());
    client = new AnnealClient(service.address(""));
  }

  @AfterAll
  static void stop() {
    client.close();
    service.close();
    model.close();
  }

  private static AnnealClient client(Service service, Duration deadline) {
    return new AnnealClient(service.address(""), Optional.empty(), deadline);
  }

  /** Writes down what it hears. */
  private static final class Heard implements Flow.Subscriber<AnnealEvent> {
    final BlockingQueue<AnnealEvent> events = new LinkedBlockingQueue<>();
    final CountDownLatch end = new CountDownLatch(1);
    private final long first;
    private volatile Flow.@Nullable Subscription subscription;
    volatile @Nullable Throwable thrown;

    Heard(long first) {
      this.first = first;
    }

    static Heard of(AnnealClient client, AnnealRequest request) {
      var heard = new Heard(Long.MAX_VALUE);
      client.stream(request).subscribe(heard);
      return heard;
    }

    Flow.Subscription subscription() {
      return Objects.requireNonNull(subscription, "not subscribed yet");
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
      if (first > 0) {
        given.request(first);
      }
    }

    @Override
    public void onNext(AnnealEvent event) {
      events.add(event);
    }

    @Override
    public void onError(Throwable why) {
      thrown = why;
      end.countDown();
    }

    @Override
    public void onComplete() {
      end.countDown();
    }
  }

  @Test
  void aReplyIsThatOfTheService() throws Exception {
    AnnealReply reply = client.anneal(GAPS.samples(2));
    String body =
        """
        {"prompt": "ab{{12}}", "hyperschedule": "flat", "levels": 24, "sampler": "remask", "seed": 2,
         "samples": 2}""";
    JsonNode expected = Service.json(service.post("/v1/anneal", body)).path("samples");
    assertThat(reply.samples()).hasSize(2);
    for (int sample = 0; sample < 2; sample++) {
      assertThat(reply.samples().get(sample).text())
          .isEqualTo(expected.get(sample).path("text").asString());
      assertThat(reply.samples().get(sample).ids())
          .containsExactlyElementsOf(
              expected.get(sample).path("ids").valueStream().map(JsonNode::asInt).toList());
    }
    assertThat(reply.text()).isEqualTo(reply.samples().getFirst().text());
    assertThat(reply.seed()).isEqualTo(2);
    assertThat(reply.sampler()).isEqualTo("remask");
    assertThat(reply.hyperschedule()).isEqualTo("flat");
    assertThat(reply.calls()).isBetween(1, 24);
    assertThat(reply.seconds()).isPositive();
    assertThat(reply.trace()).isEmpty();
    assertThat(client.anneal(GAPS.traced()).trace().orElseThrow()).contains("\"steps\"");
    assertThat(client.models()).containsExactly(Service.MODEL);
  }

  @Test
  void allThatTheServiceTakesCanBeSaid() throws Exception {
    AnnealRequest common =
        AnnealRequest.correct("cdef")
            .after("ab")
            .from(0.5)
            .noised()
            .samples(1)
            .hyperschedule("flat")
            .rate(0.5)
            .sampler("acs", Map.of("eta", 0.5))
            .temperature(0.9)
            .topP(0.9)
            .guidance(0.5)
            .seed(1)
            .traced();
    assertThat(client.anneal(common).text()).startsWith("ab");
    AnnealRequest rest = common.length(8).width(4).levels(4);
    var said = new TreeSet<>(JsonMapper.shared().readTree(rest.toString()).propertyNames());
    said.add("stream");
    assertThat(said)
        .isEqualTo(
            new TreeSet<>(
                ApiDescription.openApi()
                    .at("/components/schemas/AnnealRequest/properties")
                    .propertyNames()));
  }

  @Test
  void aStreamTellsEveryChangeAndThenTheReply() throws Exception {
    Heard heard = Heard.of(client, GAPS);
    heard.end.await();
    assertThat(heard.thrown).isNull();
    var events = new ArrayList<>(heard.events);
    assertThat(events.removeLast())
        .isInstanceOfSatisfying(
            AnnealEvent.Done.class,
            done -> assertThat(done.reply().samples()).isEqualTo(replied().samples()));
    int[] text = new int[14];
    var kinds = new TreeSet<AnnealEvent.Kind>();
    for (AnnealEvent event : events) {
      var change = (AnnealEvent.Change) event;
      kinds.add(change.kind());
      text[change.position()] = change.id();
      assertThat(change.level()).isEqualTo(23 - change.step());
      assertThat(change.confidence().isEmpty())
          .isEqualTo(change.kind() == AnnealEvent.Kind.REMASKED);
      assertThat(change.text()).isEqualTo(change.id() < 0 ? "" : decoded(change.id()));
    }
    assertThat(kinds).contains(AnnealEvent.Kind.PROVISIONAL, AnnealEvent.Kind.SETTLED);
    assertThat(kinds).contains(AnnealEvent.Kind.REMASKED);
    List<Integer> ids = replied().samples().getFirst().ids();
    for (int position = 2; position < text.length; position++) {
      assertThat(text[position]).isEqualTo(ids.get(position));
    }
  }

  private static AnnealReply replied() {
    try {
      return client.anneal(GAPS);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static String decoded(int id) {
    return model.tokenizer().decode(new int[] {id});
  }

  @Test
  void aSubscriberGetsNoMoreThanItAsksFor() throws Exception {
    var heard = new Heard(0);
    client.stream(ENDLESS).subscribe(heard);
    service.await(RUNNING, 1);
    assertThat(heard.events).isEmpty();
    for (int asked = 1; asked <= 5; asked++) {
      heard.subscription().request(1);
      heard.events.take();
      assertThat(heard.events).isEmpty();
    }
    heard.subscription().cancel();
    service.await(RUNNING, 0);
    assertThat(heard.end.getCount()).isEqualTo(1);
  }

  @Test
  void whoAsksForNothingIsRefusedAndFreesTheirPlace() throws Exception {
    var heard = new Heard(1);
    client.stream(ENDLESS).subscribe(heard);
    heard.events.take();
    heard.subscription().request(0);
    heard.end.await();
    assertThat(heard.thrown).isInstanceOf(IllegalArgumentException.class);
    service.await(RUNNING, 0);
  }

  @Test
  void anInterruptedRequestFreesItsPlace() throws Exception {
    var interrupted = new CountDownLatch(1);
    Thread waiting =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    client.anneal(ENDLESS);
                  } catch (InterruptedException e) {
                    interrupted.countDown();
                  } catch (IOException e) {
                    throw new AssertionError(e);
                  }
                });
    service.await(RUNNING, 1);
    waiting.interrupt();
    interrupted.await();
    service.await(RUNNING, 0);
  }

  @Test
  void theDeadlineOfTheClientFreesThePlace() throws Exception {
    try (var hasty = client(service, Duration.ofMillis(300))) {
      assertThatThrownBy(() -> hasty.anneal(ENDLESS))
          .isInstanceOf(AnnealException.Late.class)
          .hasMessageContaining("0.3 seconds")
          .hasMessageContaining("/v1/anneal");
      service.await(RUNNING, 0);
      Heard heard = Heard.of(hasty, ENDLESS);
      heard.end.await();
      assertThat(heard.thrown).isInstanceOf(AnnealException.Late.class);
      service.await(RUNNING, 0);
    }
  }

  @Test
  void theDeadlineOfTheServiceIsToldAsOne() throws Exception {
    var limits = new Limits(Service.LENGTH, 1, 1, Duration.ofMillis(300));
    try (var late = new Service(model, limits);
        var patient = new AnnealClient(late.address(""))) {
      assertThatThrownBy(() -> patient.anneal(ENDLESS)).isInstanceOf(AnnealException.Late.class);
      Heard heard = Heard.of(patient, ENDLESS);
      heard.end.await();
      assertThat(heard.thrown).isInstanceOf(AnnealException.Late.class);
    }
  }

  @Test
  void aFullQueueSaysWhenToComeAgain() throws Exception {
    var limits = new Limits(Service.LENGTH, 1, 1, Duration.ofMinutes(1));
    try (var small = new Service(model, limits);
        var asking = new AnnealClient(small.address(""))) {
      Heard running = Heard.of(asking, ENDLESS);
      small.await(RUNNING, 1);
      Heard waiting = Heard.of(asking, ENDLESS);
      small.await("anneal_requests_waiting", 1);
      var busy = catchThrowableOfType(AnnealException.Busy.class, () -> asking.anneal(GAPS));
      assertThat(busy.retryAfter()).isEqualTo(Duration.ofSeconds(1));
      Heard refused = Heard.of(asking, GAPS);
      refused.end.await();
      assertThat(refused.thrown).isInstanceOf(AnnealException.Busy.class);
      waiting.subscription().cancel();
      running.subscription().cancel();
    }
  }

  @Test
  void whatIsWrongHasAType() throws Exception {
    var refused =
        catchThrowableOfType(
            AnnealException.Refused.class, () -> client.anneal(GAPS.hyperschedule("sideways")));
    assertThat(refused).hasMessageContaining("sideways").hasMessageContaining("/v1/anneal");
    assertThat(
            catchThrowableOfType(
                    AnnealException.Refused.class, () -> client.anneal(GAPS.samples(0)))
                .field())
        .contains("samples");
    Heard heard = Heard.of(client, GAPS.samples(0));
    heard.end.await();
    assertThat(heard.thrown).isInstanceOf(AnnealException.Refused.class);
    URI nowhere;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nowhere = URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }
    try (var lost = new AnnealClient(nowhere)) {
      assertThatThrownBy(() -> lost.anneal(GAPS)).isInstanceOf(AnnealException.Unreachable.class);
      Heard nothing = Heard.of(lost, GAPS);
      nothing.end.await();
      assertThat(nothing.thrown).isInstanceOf(AnnealException.Unreachable.class);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> client(service, Duration.ZERO))
        .withMessageContaining("deadline");
  }

  @Test
  void aTokenOpensAClosedService() throws Exception {
    try (var closed = new Service(model, Service.roomy(), Optional.of("secret"));
        var stranger = new AnnealClient(closed.address(""));
        var friend =
            new AnnealClient(closed.address(""), Optional.of("secret"), Duration.ofMinutes(1))) {
      assertThatThrownBy(() -> stranger.anneal(GAPS))
          .isInstanceOf(AnnealException.Unauthorized.class);
      assertThat(friend.anneal(GAPS)).isNotNull();
    }
  }

  /** Answers once with these bytes, and closes the connection. */
  private static AnnealClient answeredBy(String response) throws IOException {
    var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    Thread.ofVirtual()
        .start(
            () -> {
              try (socket;
                  var connection = socket.accept()) {
                connection.getInputStream().read(new byte[8192]);
                connection.getOutputStream().write(response.getBytes(StandardCharsets.US_ASCII));
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    return new AnnealClient(URI.create("http://127.0.0.1:" + socket.getLocalPort()));
  }

  @Test
  void whatIsNoReplyIsAFailureOfTheService() throws Exception {
    String head = "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s";
    for (String body : List.of("", "{", "{}", "{\"samples\": []}", "<html>")) {
      try (var misled = answeredBy(head.formatted(body.length(), body))) {
        assertThatThrownBy(() -> misled.anneal(GAPS)).isInstanceOf(AnnealException.Failed.class);
      }
    }
    for (String body :
        List.of("", "event: settled\ndata: {\n\n", "event: settled\ndata: {}\n\n", "data: 1\n\n")) {
      try (var misled = answeredBy(head.formatted(body.length(), body))) {
        Heard heard = Heard.of(misled, GAPS);
        heard.end.await();
        assertThat(heard.thrown).as(body).isInstanceOf(AnnealException.Failed.class);
      }
    }
  }

  @Test
  void aClientThatIsClosedBreaksOff() throws Exception {
    var closing = new AnnealClient(service.address(""));
    Heard heard = Heard.of(closing, ENDLESS);
    heard.events.take();
    closing.close();
    heard.end.await();
    assertThat(heard.thrown).isInstanceOf(AnnealException.Unreachable.class);
    service.await(RUNNING, 0);
  }
}

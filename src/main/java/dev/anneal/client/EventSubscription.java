package dev.anneal.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A request whose events a subscriber hears: lines of the service on one side, events on the other.
 * As many lines are read as make the events that the subscriber has asked for.
 */
final class EventSubscription implements Flow.Subscription, Flow.Subscriber<String> {
  private static final String NAME = "event: ";
  private static final String DATA = "data: ";

  private final URI address;
  private final Flow.Subscriber<? super AnnealEvent> subscriber;

  /** The subscriber hears one thing at a time. */
  private final ReentrantLock telling = new ReentrantLock();

  private String name = "";
  private String data = "";
  private volatile boolean ended;

  // Guarded by this.
  private long wanted;
  private boolean reading;
  private Flow.@Nullable Subscription lines;
  private @Nullable CompletableFuture<?> exchange;

  EventSubscription(URI address, Flow.Subscriber<? super AnnealEvent> subscriber) {
    this.address = address;
    this.subscriber = subscriber;
  }

  /** Sends the request, unless the subscriber wants nothing. */
  void start(HttpClient http, HttpRequest request, Duration deadline) {
    tell(() -> subscriber.onSubscribe(this));
    synchronized (this) {
      if (ended) {
        return;
      }
      CompletableFuture<?> sent = http.sendAsync(request, this::body);
      exchange = sent;
      var _ =
          sent.copy()
              .orTimeout(deadline.toNanos(), TimeUnit.NANOSECONDS)
              .whenComplete((_, thrown) -> over(thrown, deadline));
    }
  }

  private HttpResponse.BodySubscriber<?> body(HttpResponse.ResponseInfo info) {
    if (info.statusCode() == 200) {
      return HttpResponse.BodySubscribers.fromLineSubscriber(
          this, _ -> "", StandardCharsets.UTF_8, null);
    }
    return HttpResponse.BodySubscribers.mapping(
        HttpResponse.BodySubscribers.ofString(StandardCharsets.UTF_8),
        text -> {
          var retryAfter = AnnealClient.retryAfter(info.headers());
          fail(AnnealException.of(address, info.statusCode(), text, retryAfter));
          return text;
        });
  }

  /** The exchange is over, or the deadline. */
  private void over(@Nullable Throwable thrown, Duration deadline) {
    if (thrown instanceof TimeoutException) {
      fail(AnnealException.late(address, deadline));
      breakOff();
    } else if (thrown != null) {
      fail(new AnnealException.Unreachable(address, thrown));
    }
  }

  @Override
  public void request(long count) {
    if (count <= 0) {
      fail(new IllegalArgumentException("%d events are asked for: expected 1 …".formatted(count)));
      breakOff();
      return;
    }
    Flow.Subscription next = null;
    synchronized (this) {
      wanted = wanted + count < 0 ? Long.MAX_VALUE : wanted + count;
      if (!reading && lines != null) {
        reading = true;
        next = lines;
      }
    }
    if (next != null) {
      next.request(1);
    }
  }

  @Override
  public void cancel() {
    ended = true;
    breakOff();
  }

  private synchronized void breakOff() {
    if (lines != null) {
      lines.cancel();
    }
    if (exchange != null) {
      exchange.cancel(true);
    }
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    synchronized (this) {
      lines = subscription;
      reading = wanted > 0;
      if (!reading) {
        return;
      }
    }
    subscription.request(1);
  }

  @Override
  public void onNext(String line) {
    if (line.startsWith(NAME)) {
      name = line.substring(NAME.length());
    } else if (line.startsWith(DATA)) {
      data = line.substring(DATA.length());
    } else if (line.isEmpty() && !name.isEmpty()) {
      event();
      name = "";
    }
    readOn();
  }

  private void readOn() {
    Flow.Subscription next;
    synchronized (this) {
      reading = ended || wanted > 0;
      next = reading ? lines : null;
    }
    if (next != null) {
      next.request(1);
    }
  }

  private void event() {
    try {
      JsonNode read = JsonMapper.shared().readTree(data);
      if (name.equals("error")) {
        fail(AnnealException.of(address, read));
      } else {
        AnnealEvent.of(name, read).ifPresent(this::tell);
      }
    } catch (JacksonException e) {
      fail(new AnnealException.Failed(address, "an event is not what was expected: " + name));
    }
  }

  private void tell(AnnealEvent event) {
    synchronized (this) {
      wanted--;
    }
    tell(() -> subscriber.onNext(event));
    if (event instanceof AnnealEvent.Done) {
      end(subscriber::onComplete);
    }
  }

  private void tell(Runnable signal) {
    telling.lock();
    try {
      if (!ended) {
        signal.run();
      }
    } finally {
      telling.unlock();
    }
  }

  private void end(Runnable signal) {
    tell(
        () -> {
          ended = true;
          signal.run();
        });
  }

  private void fail(Exception why) {
    end(() -> subscriber.onError(why));
  }

  @Override
  public void onError(Throwable thrown) {
    fail(new AnnealException.Unreachable(address, thrown));
  }

  @Override
  public void onComplete() {
    fail(new AnnealException.Failed(address, "the stream broke off"));
  }
}

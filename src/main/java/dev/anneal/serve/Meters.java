package dev.anneal.serve;

import dev.anneal.tensor.Tensor;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.function.IntSupplier;

/** What operators watch, in the text format of Prometheus. */
final class Meters {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Timer step = timer("anneal.step", "Time of a generation step, model call included");
  private final Timer firstSettled =
      timer("anneal.first.settled", "Time from a request's arrival to its first settled token");
  private final Counter settled =
      Counter.builder("anneal.tokens.settled").description("Settled tokens").register(registry);

  Meters() {
    Gauge.builder("anneal.tensors.live", Tensor::live)
        .description("Tensors that have not been freed")
        .register(registry);
  }

  private Timer timer(String name, String description) {
    return Timer.builder(name).description(description).register(registry);
  }

  /** Watches a number from now on. */
  void gauge(String name, String description, IntSupplier number) {
    Gauge.builder(name, number::getAsInt).description(description).register(registry);
  }

  /** A step took so long. */
  void step(Duration time) {
    step.record(time);
  }

  /** A request has its first settled tokens, so long after its arrival. */
  void firstSettled(Duration time) {
    firstSettled.record(time);
  }

  /** Tokens settled. */
  void settled(int tokens) {
    settled.increment(tokens);
  }

  /** A request to an address of ours was answered. */
  void answered(String address, int status, Duration time) {
    Timer.builder("anneal.http.requests")
        .description("Answered requests")
        .tag("address", address)
        .tag("status", Integer.toString(status))
        .register(registry)
        .record(time);
  }

  /** All of them. */
  String text() {
    return registry.scrape();
  }
}

package dev.anneal.serve;

import dev.anneal.sample.SharedCall;
import dev.anneal.tensor.Tensor;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.function.LongSupplier;

/** What operators watch, in the text format of Prometheus. */
final class Meters {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Timer step =
      timer(
          "anneal.step",
          "Time of a step of the requests that share a thread, model calls included");
  private final Timer firstSettled =
      timer("anneal.first.settled", "Time from a request's arrival to its first settled token");
  private final DistributionSummary callRequests =
      summary("anneal.call.requests", "Requests that share a call of the model");
  private final DistributionSummary callRows =
      summary("anneal.call.rows", "Rows that a call of the model is fed for them");
  private final DistributionSummary callPadding =
      summary("anneal.call.padding", "Rows that it is fed beside, to fill a bucket");
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

  private DistributionSummary summary(String name, String description) {
    return DistributionSummary.builder(name).description(description).register(registry);
  }

  /** Watches a number from now on. */
  void gauge(String name, String description, LongSupplier number) {
    Gauge.builder(name, number::getAsLong).description(description).register(registry);
  }

  /** A call of the model was made. */
  void call(SharedCall call) {
    callRequests.record(call.runs());
    callRows.record(call.rows());
    callPadding.record(call.padding());
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

package dev.anneal.cli;

import dev.anneal.bench.LoopbackService;
import dev.anneal.bench.ProcessMemory;
import dev.anneal.serve.Limits;
import dev.anneal.store.Model;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code anneal bench soak}: whether a service is after thousands of requests what it was. */
@Command(
    name = "soak",
    description = {
      "Send a service at the loopback interface thousands of short requests of many kinds, from"
          + " many clients at once, some of which go away.",
      "A line for each lap, when nothing runs: failed requests, texts that were not as before,"
          + " memory, tensors; and whether the memory still grew at the end. The exit code is 1 if a"
          + " request failed, a text changed or tensors were left."
    })
final class BenchSoak implements Callable<Integer> {

  /** Different requests; they come again and again, in other company. */
  private static final int KINDS = 60;

  /** After one of so many requests the client goes away. */
  private static final int LEAVING = 50;

  @Spec private @Nullable CommandSpec spec;

  @Mixin private final ModelOptions model = new ModelOptions();

  @Option(
      names = "--requests",
      defaultValue = "10000",
      description = "Requests in all (default: ${DEFAULT-VALUE}).")
  private int requests;

  @Option(
      names = "--clients",
      defaultValue = "16",
      description = "Clients at once (default: ${DEFAULT-VALUE}).")
  private int clients;

  @Option(
      names = "--laps",
      defaultValue = "20",
      description = "Laps, at least 2 (default: ${DEFAULT-VALUE}).")
  private int laps;

  private final Map<Integer, String> texts = new ConcurrentHashMap<>();
  private final AtomicInteger failed = new AtomicInteger();
  private final AtomicInteger changed = new AtomicInteger();

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (laps < 2 || requests < laps || clients < 1) {
      throw new IllegalArgumentException(
          "%d requests of %d clients in %d laps: expected 2 laps, and a request in each, at least"
              .formatted(requests, clients, laps));
    }
    PrintWriter out = Streams.of(spec).out();
    out.println("requests   failed  changed  requests/s  resident MB  heap MB  tensors");
    var tensors = new ArrayList<Long>();
    var resident = new ArrayList<Long>();
    try (Model loaded = model.load();
        var service =
            new LoopbackService(loaded, clients, Limits.usualWorkers(model.placement().device()))) {
      for (int lap = 0; lap < laps; lap++) {
        int first = (int) ((long) requests * lap / laps);
        int last = (int) ((long) requests * (lap + 1) / laps);
        double seconds = lap(service, first, last);
        tensors.add((long) service.metric("anneal_tensors_live"));
        resident.add(ProcessMemory.megabytes());
        out.println(line(last, (last - first) / seconds, resident.getLast(), tensors.getLast()));
        out.flush();
      }
    }
    out.println(verdict(MemoryGrowth.of(resident)));
    out.flush();
    boolean flat = tensors.getLast().equals(tensors.getFirst());
    return failed.get() == 0 && changed.get() == 0 && flat ? 0 : 1;
  }

  private static String verdict(MemoryGrowth growth) {
    return String.format(
        Locale.ROOT,
        "resident memory in the last quarter against the one before: %+.2f %%, target at most"
            + " %.1f %%: %s",
        growth.percent(),
        MemoryGrowth.MOST_PERCENT,
        growth.isNone() ? "reached" : "missed");
  }

  private String line(int sent, double perSecond, long resident, long tensors) {
    System.gc(); // so that the heap is what is reachable
    var runtime = Runtime.getRuntime();
    long heap = (runtime.totalMemory() - runtime.freeMemory()) >> 20;
    return String.format(
        Locale.ROOT,
        "%8d %8d %8d %11.1f %12d %8d %8d",
        sent,
        failed.get(),
        changed.get(),
        perSecond,
        resident,
        heap,
        tensors);
  }

  /** Sends requests, waits until nothing runs any more, and says how many seconds it took. */
  private double lap(LoopbackService service, int first, int last)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    LoopbackService.atOnce(
        clients,
        client -> {
          for (int number = first + client; number < last; number += clients) {
            send(service, number);
          }
          return last - first;
        });
    double seconds = (System.nanoTime() - start) / 1e9;
    while (service.metric("anneal_requests_running") > 0) {
      Thread.sleep(10);
    }
    return seconds;
  }

  private void send(LoopbackService service, int number) throws InterruptedException {
    try {
      if (number % LEAVING == LEAVING - 1) {
        service.leave(body(number, "true"));
        return;
      }
      String body = body(number % KINDS, number % 2 == 0 ? "true" : "false");
      String text = service.anneal(body).samples();
      if (!text.equals(texts.computeIfAbsent(number % KINDS, _ -> text))) {
        changed.incrementAndGet();
      }
    } catch (IOException e) {
      if (failed.incrementAndGet() == 1) {
        Streams.of(spec).err().println("the first failure: " + e.getMessage());
      }
    }
  }

  private static String body(int kind, String streamed) {
    List<String> hyperschedules = List.of("quenched", "block", "slide", "flat");
    List<String> samplers = List.of("ancestral", "acs", "confidence");
    String prompt = List.of("", "It was", "The {{3}} and", "He said {{2}}.").get(kind % 4);
    return """
        {"prompt": "%s", "length": %d, "seed": %d, "samples": %d, "hyperschedule": "%s",
         "sampler": "%s", "temperature": %s, "stream": %s}"""
        .formatted(
            prompt,
            8 + kind % 9,
            kind,
            1 + kind % 2,
            hyperschedules.get(kind / 4 % 4),
            samplers.get(kind % 3),
            kind % 5 == 0 ? "0.8" : "1",
            streamed);
  }
}

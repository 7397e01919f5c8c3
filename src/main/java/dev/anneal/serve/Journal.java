package dev.anneal.serve;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.function.Consumer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The log: a line of JSON for each thing that happened, and never a word of a user's text. */
final class Journal {

  /** Frames of a failure that tell where it was. */
  private static final int FRAMES = 12;

  private final Consumer<String> lines;

  Journal(Consumer<String> lines) {
    this.lines = lines;
  }

  /** A request to an address of ours was answered. */
  void answered(String address, int status, Duration time) {
    ObjectNode line = line("answered");
    line.put("address", address).put("status", status).put("seconds", time.toNanos() / 1e9);
    lines.accept(line.toString());
  }

  /** We failed. Messages may quote the user: the kind and the place must do. */
  void failed(Throwable thrown) {
    ObjectNode line = line("failed").put("error", thrown.getClass().getName());
    var frames = line.putArray("at");
    Arrays.stream(thrown.getStackTrace())
        .limit(FRAMES)
        .forEach(frame -> frames.add(frame.toString()));
    lines.accept(line.toString());
  }

  private static ObjectNode line(String event) {
    return JsonMapper.shared()
        .createObjectNode()
        .put("time", Instant.now().toString())
        .put("event", event);
  }
}

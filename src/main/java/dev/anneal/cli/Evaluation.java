package dev.anneal.cli;

import dev.anneal.evaluate.Fingerprint;
import dev.anneal.evaluate.Protocol;
import java.time.Instant;
import java.util.Optional;

/**
 * An evaluation as it was asked for, apart from what is measured.
 *
 * @param streams where progress is shown
 * @param protocol whose choices are taken; absent where they are the user's own
 * @param seed of whatever is drawn
 * @param started when
 */
record Evaluation(Streams streams, Optional<Protocol> protocol, long seed, Instant started) {

  /** What the protocol is called in reports. */
  String protocolName() {
    return protocol.map(Words::of).orElse(Fingerprint.NO_PROTOCOL);
  }

  /** How long it has been going on. */
  double seconds() {
    return (System.currentTimeMillis() - started.toEpochMilli()) / 1e3;
  }
}

package dev.anneal.evaluate;

import java.time.Instant;

/**
 * How long a measurement took.
 *
 * @param started when
 * @param seconds of this run; less than all if an earlier one had been stopped
 * @param kept how many sequences or texts an earlier run, which was stopped, had finished
 */
public record Timing(Instant started, double seconds, long kept) {}

package dev.anneal.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Anneal as users start it: a fresh process, which finds nobody's memory, caches and threads. */
public interface Program {

  /**
   * Runs a command that prints one JSON object.
   *
   * @param words of the command line, without the program
   * @throws IOException if it fails, with its last words
   */
  JsonNode report(List<String> words) throws IOException, InterruptedException;

  /**
   * How long it takes from the start of a command until it prints something.
   *
   * @throws IOException if it fails, with its last words
   */
  Duration untilOutput(List<String> words) throws IOException, InterruptedException;
}

package dev.anneal.cli;

import java.util.List;
import java.util.Map;

/**
 * What a command found.
 *
 * @param json its JSON object
 * @param lines the same for a person
 */
record Report(Map<String, Object> json, List<String> lines) {}

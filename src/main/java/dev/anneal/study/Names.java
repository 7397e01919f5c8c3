package dev.anneal.study;

import dev.anneal.recipe.Choice;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/** How members of families are called in a study's tables and folders. */
final class Names {
  private Names() {}

  /** Such as {@code block, width 16}. */
  static String words(Choice choice) {
    return joined(choice, ", ", " ");
  }

  /** Such as {@code block-width-16}, fit for a file's name. */
  static String file(Choice choice) {
    return joined(choice, "-", "-");
  }

  private static String joined(Choice choice, String between, String equals) {
    return choice.settings().isEmpty()
        ? choice.name()
        : choice.settings().entrySet().stream()
            .map(entry -> entry.getKey() + equals + number(entry.getValue()))
            .collect(Collectors.joining(between, choice.name() + between, ""));
  }

  /** The names of files, without their folders. */
  static String of(List<Path> files) {
    return files.stream()
        .map(file -> String.valueOf(file.getFileName()))
        .collect(Collectors.joining(", "));
  }

  /** A number as a user writes it: 8, not 8.0. */
  static String number(Object value) {
    return value instanceof Double number && number == Math.rint(number)
        ? Long.toString(Math.round(number))
        : value.toString();
  }

  static double seconds(Instant started) {
    return Duration.between(started, Instant.now()).toMillis() / 1e3;
  }
}

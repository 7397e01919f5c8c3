package dev.anneal.cli;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Enum constants as options and reports spell them. */
final class Words {

  private Words() {}

  /** {@code BLANK_LINE} is blank-line. */
  static String of(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Reads the words back. */
  static <T extends Enum<T>> ITypeConverter<T> converter(Class<T> type) {
    return word ->
        Stream.of(type.getEnumConstants())
            .filter(constant -> of(constant).equals(word))
            .findFirst()
            .orElseThrow(
                () ->
                    new TypeConversionException(
                        "expected one of %s but was '%s'"
                            .formatted(
                                Stream.of(type.getEnumConstants())
                                    .map(Words::of)
                                    .collect(Collectors.joining(", ")),
                                word)));
  }
}

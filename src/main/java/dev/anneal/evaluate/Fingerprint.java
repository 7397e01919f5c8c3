package dev.anneal.evaluate;

import java.util.Optional;

/**
 * What was measured with what. With the choices of the report it decides every figure, up to the
 * rounding of the device.
 *
 * @param version Anneal's
 * @param protocol of the measurement; "none" for choices of the user's own
 * @param seed of whatever was drawn
 * @param model that was measured, or wrote the texts; absent for texts from a file
 * @param tokenizer of the model
 * @param data the text whose likelihood was measured
 * @param samples the file that the generated texts were read from
 * @param judge of generated texts
 * @param reference the texts of people
 */
public record Fingerprint(
    String version,
    String protocol,
    long seed,
    Optional<Source> model,
    Optional<Source> tokenizer,
    Optional<Source> data,
    Optional<Source> samples,
    Optional<Source> judge,
    Optional<Source> reference) {

  /** The protocol of a measurement that follows none. */
  public static final String NO_PROTOCOL = "none";

  /**
   * Something that was read.
   *
   * @param name what the user calls it
   * @param digest SHA-256 of its content, in hexadecimal digits
   */
  public record Source(String name, String digest) {}
}

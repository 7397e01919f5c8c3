package dev.anneal.data;

import java.io.IOException;
import java.nio.file.Path;

/**
 * What a token file is made from.
 *
 * @param tokenizer {@link Tokenizer#digest}
 * @param documents {@link Documents#digest}
 */
public record TokenOrigin(String tokenizer, String documents) {
  private static final int NAME_DIGITS = 16;

  /**
   * Reads all documents for their digest.
   *
   * @throws IOException if one cannot be read
   */
  public static TokenOrigin of(Documents documents, Tokenizer tokenizer) throws IOException {
    return new TokenOrigin(tokenizer.digest(), documents.digest());
  }

  /** Where {@link TokenFile#prepare} keeps the tokens. */
  public Path file(Path folder) {
    var name = new Digest().add(tokenizer).add(documents);
    return folder.resolve(name.hex().substring(0, NAME_DIGITS) + ".tokens");
  }
}

package dev.anneal.store.hub;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of a published folder.
 *
 * @param organisation who published it
 * @param name under which name
 * @param revision a branch, a tag or a commit
 */
public record HubModel(String organisation, String name, String revision) {

  /** What an address begins with. */
  public static final String PREFIX = "hf:";

  private static final String DEFAULT_REVISION = "main";

  // No word begins with a dot: each becomes the name of a folder.
  private static final String WORD = "[A-Za-z0-9_][A-Za-z0-9._-]{0,95}";
  private static final Pattern ADDRESS =
      Pattern.compile(PREFIX + "(" + WORD + ")/(" + WORD + ")(?:@(" + WORD + "))?");

  /**
   * Reads an address.
   *
   * @param address {@code hf:ORGANISATION/NAME}, the revision main, or with {@code @REVISION}
   * @throws IllegalArgumentException if it is none
   */
  public static HubModel parse(String address) {
    Matcher parts = ADDRESS.matcher(address);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "model \"%s\": expected %sORGANISATION/NAME or %sORGANISATION/NAME@REVISION"
              .formatted(address, PREFIX, PREFIX));
    }
    String revision = parts.group(3);
    return new HubModel(
        parts.group(1), parts.group(2), revision == null ? DEFAULT_REVISION : revision);
  }

  /** The address. */
  @Override
  public String toString() {
    return PREFIX + organisation + "/" + name + "@" + revision;
  }
}

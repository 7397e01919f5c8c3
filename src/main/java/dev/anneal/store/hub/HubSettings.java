package dev.anneal.store.hub;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a hub is and how it is used.
 *
 * @param endpoint its address; slashes at its end do not matter
 * @param token who asks, where a model is not for everybody
 * @param access whether the network may be used
 * @param cache what was fetched is kept here
 */
public record HubSettings(URI endpoint, Optional<String> token, Access access, Path cache) {

  /** The public hub. */
  public static final URI PUBLIC = URI.create("https://huggingface.co");

  /** Whether the network may be used. */
  public enum Access {
    NETWORK,
    /** Only what was fetched before. */
    CACHE_ONLY
  }

  /**
   * Checks the address.
   *
   * @throws IllegalArgumentException if it is no address of the web
   */
  public HubSettings {
    String scheme = String.valueOf(endpoint.getScheme());
    if (endpoint.getHost() == null || !(scheme.equals("https") || scheme.equals("http"))) {
      throw new IllegalArgumentException(
          "hub endpoint " + endpoint + ": expected an address such as " + PUBLIC);
    }
    endpoint = URI.create(endpoint.toString().replaceFirst("/+$", ""));
  }
}

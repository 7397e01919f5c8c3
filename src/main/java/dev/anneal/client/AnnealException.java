package dev.anneal.client;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Why there is no reply. Its message begins with the address that was asked. */
public abstract sealed class AnnealException extends IOException {

  private AnnealException(URI address, String problem) {
    super(address + ": " + problem);
  }

  private AnnealException(URI address, Throwable cause) {
    super(address + ": " + cause, cause);
  }

  /** The request cannot be answered, as it is; its sender is to change it. */
  public static final class Refused extends AnnealException {
    private final Optional<String> field;

    Refused(URI address, String problem, Optional<String> field) {
      super(address, problem);
      this.field = field;
    }

    /** The field that is wrong, if it is one. */
    public Optional<String> field() {
      return field;
    }
  }

  /** The service wants a token, or another one. */
  public static final class Unauthorized extends AnnealException {
    Unauthorized(URI address, String problem) {
      super(address, problem);
    }
  }

  /** The queue is full, or the service is about to stop. */
  public static final class Busy extends AnnealException {
    private final Duration retryAfter;

    Busy(URI address, String problem, Duration retryAfter) {
      super(address, problem);
      this.retryAfter = retryAfter;
    }

    /** When to try again. */
    public Duration retryAfter() {
      return retryAfter;
    }
  }

  /** The deadline has passed, the service's or the client's. */
  public static final class Late extends AnnealException {
    Late(URI address, String problem) {
      super(address, problem);
    }
  }

  /** The service failed, or sent what is no reply. */
  public static final class Failed extends AnnealException {
    Failed(URI address, String problem) {
      super(address, problem);
    }
  }

  /** There is no service, or the connection to it broke. */
  public static final class Unreachable extends AnnealException {
    Unreachable(URI address, Throwable cause) {
      super(address, cause);
    }
  }

  /**
   * What a reply other than 200 says.
   *
   * @param body an error as the service words it, or whatever else it is
   */
  static AnnealException of(URI address, int status, String body, Optional<Duration> retryAfter) {
    JsonNode error = error(body);
    String problem = error.path("message").asString("status " + status);
    return switch (status) {
      case 401 -> new Unauthorized(address, problem);
      case 429, 503 -> new Busy(address, problem, retryAfter.orElse(Duration.ofSeconds(1)));
      case 504 -> new Late(address, problem);
      case 400, 404, 405, 413, 415 ->
          new Refused(address, problem, Optional.ofNullable(error.path("param").asString(null)));
      default -> new Failed(address, problem);
    };
  }

  /** What an event says that ends a stream without a reply. */
  static AnnealException of(URI address, JsonNode data) {
    JsonNode error = data.path("error");
    String problem = error.path("message").asString("the stream broke off");
    return switch (error.path("code").asString("")) {
      case "deadline_exceeded" -> new Late(address, problem);
      case "stopping" -> new Busy(address, problem, Duration.ofSeconds(1));
      default -> new Failed(address, problem);
    };
  }

  /** The client's own deadline has passed. */
  static AnnealException late(URI address, Duration deadline) {
    return new Late(address, "not done within %.1f seconds".formatted(deadline.toMillis() / 1e3));
  }

  private static JsonNode error(String body) {
    try {
      return JsonMapper.shared().readTree(body).path("error");
    } catch (JacksonException e) {
      return JsonMapper.shared().missingNode();
    }
  }
}

package dev.anneal.serve;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Why a request is not answered; {@link #json} has the shape that OpenAI's clients read. */
public final class Refusal extends RuntimeException {

  /** The kinds of refusal. */
  enum Kind {
    INVALID(400, "invalid_request_error", null),
    TOO_LONG(400, "invalid_request_error", "context_length_exceeded"),
    UNAUTHORIZED(401, "authentication_error", "invalid_api_key"),
    UNKNOWN_ADDRESS(404, "invalid_request_error", "unknown_url"),
    UNKNOWN_MODEL(404, "invalid_request_error", "model_not_found"),
    WRONG_METHOD(405, "invalid_request_error", "method_not_supported"),
    TOO_LARGE(413, "invalid_request_error", "body_too_large"),
    NOT_JSON(415, "invalid_request_error", "unsupported_media_type"),
    BUSY(429, "rate_limit_error", "queue_full"),
    /** The client has gone: nobody reads the reply, but the log has it. */
    GONE(499, "client_gone", null),
    FAILED(500, "server_error", null),
    STOPPING(503, "server_error", "stopping"),
    LATE(504, "server_error", "deadline_exceeded");

    private final int status;
    private final String type;
    private final @Nullable String code;

    Kind(int status, String type, @Nullable String code) {
      this.status = status;
      this.type = type;
      this.code = code;
    }
  }

  private final Kind kind;
  private final String problem;
  private final Optional<String> field;

  private Refusal(Kind kind, String problem, Optional<String> field) {
    super(problem, null, false, false); // expected, and thrown often: no stack trace
    this.kind = kind;
    this.problem = problem;
    this.field = field;
  }

  Refusal(Kind kind, String problem) {
    this(kind, problem, Optional.empty());
  }

  /** A field of the request has a value that cannot be used. */
  static Refusal field(String name, String problem) {
    return new Refusal(Kind.INVALID, problem, Optional.of(name));
  }

  /** The HTTP status. */
  public int status() {
    return kind.status;
  }

  /** Whether the same request may succeed a moment later. */
  boolean isPassing() {
    return kind == Kind.BUSY || kind == Kind.STOPPING;
  }

  /** {@code {"error": {"message": …, "type": …, "param": …, "code": …}}}. */
  ObjectNode json() {
    ObjectNode root = JsonMapper.shared().createObjectNode();
    root.putObject("error")
        .put("message", problem)
        .put("type", kind.type)
        .put("param", field.orElse(null))
        .put("code", kind.code);
    return root;
  }
}

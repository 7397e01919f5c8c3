package dev.anneal.langchain4j;

import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.internal.ExceptionMapper;
import tools.jackson.databind.JsonNode;

/** What went wrong, in the exceptions of LangChain4j, by which it tells what is worth a retry. */
final class Failures {
  private static final int LATE = 504;
  private static final int FAILED = 500;

  private Failures() {}

  /** The service refused. */
  static RuntimeException of(int status, String message) {
    var refused = new HttpException(status, message);
    return status == LATE
        ? new TimeoutException(message, refused)
        : ExceptionMapper.DEFAULT.mapException(refused);
  }

  /** The service broke an answer off, and says why: the status has been sent by then. */
  static RuntimeException of(JsonNode error) {
    boolean late = error.path("code").asString("").equals("deadline_exceeded");
    return of(late ? LATE : FAILED, error.path("message").asString(""));
  }

  /** There was no answer at all. */
  static RuntimeException of(Exception thrown) {
    return ExceptionMapper.DEFAULT.mapException(thrown);
  }
}

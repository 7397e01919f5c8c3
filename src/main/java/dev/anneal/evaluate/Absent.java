package dev.anneal.evaluate;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;

/**
 * A number that cannot be computed.
 *
 * @param reason why, in one line
 */
public record Absent(@JsonProperty("absent") String reason) implements Figure {

  @Override
  public Map<String, Object> entry() {
    return Map.of("absent", reason);
  }

  @Override
  public String described() {
    return "absent: " + reason;
  }
}

package dev.anneal.evaluate;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Map;

/**
 * What a measurement gives.
 *
 * <p>The package's law: a number comes with its uncertainty, and one that cannot be computed is
 * absent with its reason, never 0.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
public sealed interface Figure permits Estimate, Absent {

  /** Its entry in a report. */
  Map<String, Object> entry();

  /** In words. */
  String described();
}

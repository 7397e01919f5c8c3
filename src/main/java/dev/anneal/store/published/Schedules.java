package dev.anneal.store.published;

import dev.anneal.schedule.Geometric;
import dev.anneal.schedule.LogLinear;
import dev.anneal.schedule.NoiseSchedule;
import dev.anneal.store.RefusedFileException;

/** The noise schedules that SEDD's config names and that HDLM's kept. */
final class Schedules {
  private Schedules() {}

  /**
   * The schedule of a config; log-linear where it names none.
   *
   * @param floor of the log-linear schedule, which stands in the code and not in the config
   */
  static NoiseSchedule read(PublishedConfig config, double floor) throws RefusedFileException {
    if (!config.has("noise.type")) {
      return new LogLinear(floor);
    }
    return switch (config.text("noise.type")) {
      case "loglinear" -> new LogLinear(floor);
      case "geometric" ->
          new Geometric(config.number("noise.sigma_min"), config.number("noise.sigma_max"));
      default -> throw config.refused("noise.type", "loglinear or geometric");
    };
  }
}

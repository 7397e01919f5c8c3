package dev.anneal.model;

import dev.anneal.tensor.Device;

/**
 * Where a network computes.
 *
 * @param device where its tensors lie
 * @param precision what it multiplies in
 */
public record Placement(Device device, Precision precision) {

  public static final Placement CPU = of(Device.CPU);

  /** A device and what it usually multiplies in. */
  public static Placement of(Device device) {
    return new Placement(device, Precision.usual(device));
  }
}

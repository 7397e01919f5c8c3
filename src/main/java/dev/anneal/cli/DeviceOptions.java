package dev.anneal.cli;

import dev.anneal.model.Placement;
import dev.anneal.model.Precision;
import dev.anneal.tensor.Device;
import dev.anneal.tensor.Libtorch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say where networks compute, the same in every command. */
final class DeviceOptions {

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      defaultValue = "cpu",
      description = "cpu, cuda or cuda:N (default: ${DEFAULT-VALUE}).")
  private String device = "cpu";

  @Option(
      names = "--precision",
      paramLabel = "NAME",
      description =
          "What products are computed in, float32 or bfloat16; weights and sums are float32 in"
              + " either (default: bfloat16 on a GPU, else float32).")
  private @Nullable Precision precision;

  /**
   * Where networks compute.
   *
   * @throws IllegalArgumentException if the device is unknown, or a GPU that the library cannot
   *     drive
   */
  Placement placement() {
    Device parsed = Device.parse(device);
    if (parsed.type() == Device.Type.CUDA && !Libtorch.load().hasCuda()) {
      throw new IllegalArgumentException(
          "device "
              + device
              + ": the library in use drives no GPU; set ANNEAL_LIBTORCH to the lib folder of a CUDA"
              + " PyTorch");
    }
    return precision == null ? Placement.of(parsed) : new Placement(parsed, precision);
  }
}

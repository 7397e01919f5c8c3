package dev.anneal.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.anneal.model.Placement;
import dev.anneal.model.Precision;
import dev.anneal.tensor.Device;
import dev.anneal.tensor.Libtorch;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Devices compute what the CPU does. */
final class DeviceContractTest {

  @Test
  void theCpuComputesWhatItComputes() {
    assertThat(DeviceContract.check(Placement.CPU))
        .allMatch(finding -> finding.difference() == 0 && finding.tolerance() < 1e-3);
  }

  @Test
  void aDifferenceBeyondTheToleranceDoesNotHold() {
    assertThat(new DeviceContract.Finding("logits", 0.02, 0.01).holds()).isFalse();
    assertThat(new DeviceContract.Finding("logits", Double.NaN, 0.01).holds()).isFalse();
    assertThat(new DeviceContract.Finding("texts", 0, 0).holds()).isTrue();
  }

  @Tag("gpu")
  @ParameterizedTest
  @EnumSource
  void aGpuComputesWhatTheCpuDoes(Precision precision) {
    assumeTrue(Libtorch.load().hasCuda(), "the library drives no GPU: skipped");
    assertThat(DeviceContract.check(new Placement(Device.cuda(0), precision)))
        .allMatch(DeviceContract.Finding::holds);
  }
}

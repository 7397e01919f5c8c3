package dev.anneal.tensor;

import java.util.Optional;

/**
 * Records the operators that some work calls on a device, to have them computed again without
 * calling them: where they are many and small, to call them takes a GPU's user longer than the GPU.
 */
public interface Recorder {

  /**
   * Records what some work calls. It is not computed yet: {@link Recording#replay} does that.
   *
   * @param work what to record, done at least once before: it reads and writes tensors whose memory
   *     stays where it is as long as the recording is in use, frees all others that it makes, and
   *     neither copies between devices nor waits
   * @throws TensorException if the device cannot record it
   */
  Recording record(Runnable work);

  /** A GPU's, unless {@code ANNEAL_CUDA_GRAPHS} is 0; a CPU has none. */
  static Optional<Recorder> of(Device device) {
    return switch (device.type()) {
      case CPU -> Optional.empty();
      case CUDA -> CudaGraphs.of(device);
    };
  }
}

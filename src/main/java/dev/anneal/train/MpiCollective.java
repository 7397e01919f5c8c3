package dev.anneal.train;

import dev.anneal.tensor.Device;
import dev.anneal.tensor.Mpi;
import dev.anneal.tensor.Scope;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Processes that an MPI launcher started.
 *
 * <p>When one is lost, launchers tell the others to stop and kill them a second later. So who waits
 * for others after it was told to stop waits for a moment only.
 */
public final class MpiCollective implements Collective {
  private static final Duration PATIENCE = Duration.ofMillis(400);

  /** First a waiting process looks again and again, then it leaves its processor to others. */
  private static final Duration EAGER = Duration.ofMillis(1);

  private static final long NAP_NANOS = 50_000;

  private final Mpi mpi;
  private final BooleanSupplier stopped;

  /**
   * The processes of a launch.
   *
   * @param stopped whether this process was told to stop
   */
  public MpiCollective(Mpi mpi, BooleanSupplier stopped) {
    this.mpi = mpi;
    this.stopped = stopped;
  }

  @Override
  public int rank() {
    return mpi.rank();
  }

  @Override
  public int size() {
    return mpi.size();
  }

  @Override
  public void sum(Collection<Tensor> tensors) {
    try (Scope scope = Scope.withoutGradient()) {
      List<Tensor> here =
          tensors.stream().map(tensor -> tensor.to(Device.CPU).contiguous()).toList();
      var pending = new ArrayList<Mpi.Pending>();
      for (Tensor tensor : here) {
        pending.add(mpi.sum(tensor));
      }
      await(pending);
      int i = 0;
      for (Tensor tensor : tensors) {
        Tensor summed = here.get(i++);
        if (!isOneMemory(tensor, summed)) {
          tensor.copy_(summed);
        }
      }
    }
  }

  private static boolean isOneMemory(Tensor tensor, Tensor other) {
    return tensor.memory().address() == other.memory().address();
  }

  @Override
  public double[] sum(double... numbers) {
    try (Scope scope = Scope.withoutGradient()) {
      Tensor sums = Tensors.of(numbers, numbers.length);
      await(List.of(mpi.sum(sums)));
      return sums.toDoubles();
    }
  }

  private void await(List<Mpi.Pending> pending) {
    long begin = System.nanoTime();
    long told = 0;
    for (Mpi.Pending sum : pending) {
      while (!sum.isDone()) {
        long now = System.nanoTime();
        if (stopped.getAsBoolean()) {
          told = told == 0 ? now : told;
          if (now - told > PATIENCE.toNanos()) {
            throw new LostProcessException(rank(), size());
          }
        }
        if (now - begin > EAGER.toNanos()) {
          LockSupport.parkNanos(NAP_NANOS);
        } else {
          Thread.onSpinWait();
        }
      }
      sum.close();
    }
  }
}

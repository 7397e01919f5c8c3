package dev.anneal.cli;

import dev.anneal.tensor.Mpi;
import dev.anneal.train.Collective;
import dev.anneal.train.MpiCollective;
import java.util.Map;
import java.util.Optional;

/** How this process was started: alone, or with others by an MPI launcher. */
final class Launch {
  private final Optional<Mpi> mpi;

  private Launch(Optional<Mpi> mpi) {
    this.mpi = mpi;
  }

  /**
   * Joins the other processes of the launch, if there are some.
   *
   * @throws IllegalArgumentException if there are others that cannot be joined
   */
  static Launch join(Map<String, String> environment) {
    return new Launch(implementation(environment).map(Mpi::new));
  }

  /**
   * The MPI whose launcher left its marks in the environment.
   *
   * <p>Open MPI's {@code mpirun}, also as Kubernetes' MPI Operator runs it, leaves {@code
   * OMPI_COMM_WORLD_SIZE}; MPICH's and Slurm's {@code --mpi=pmi2} leave {@code PMI_SIZE}; Slurm's
   * {@code --mpi=pmix}, for Open MPI, leaves {@code PMIX_RANK}.
   */
  static Optional<Mpi.Implementation> implementation(Map<String, String> environment) {
    if (count(environment, "OMPI_COMM_WORLD_SIZE") > 1) {
      return Optional.of(Mpi.Implementation.OPEN_MPI);
    }
    if (count(environment, "PMI_SIZE") > 1) {
      return Optional.of(Mpi.Implementation.MPICH);
    }
    int tasks = count(environment, "SLURM_STEP_NUM_TASKS");
    if (tasks <= 1) {
      return Optional.empty();
    }
    if (environment.containsKey("PMIX_RANK")) {
      return Optional.of(Mpi.Implementation.OPEN_MPI);
    }
    throw new IllegalArgumentException(
        "Slurm started %d tasks that do not know of each other: expected srun --mpi=pmix"
            .formatted(tasks));
  }

  private static int count(Map<String, String> environment, String variable) {
    String value = environment.getOrDefault(variable, "1").strip();
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException _) {
      throw new IllegalArgumentException(
          "%s=%s: expected a number of processes".formatted(variable, value));
    }
  }

  /** The processes of the launch. */
  Collective processes() {
    return mpi.<Collective>map(joined -> new MpiCollective(joined, StopSignal::isAsked))
        .orElseGet(Collective::alone);
  }

  /** Leaves the others when the work is done; after a failure, not leaving tells the launcher. */
  void end() {
    mpi.ifPresent(Mpi::end);
  }
}

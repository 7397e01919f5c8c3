package dev.anneal.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anneal.tensor.Mpi;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class LaunchTest {

  @Test
  void aProcessOnItsOwnIsNoLaunch() {
    assertThat(Launch.implementation(Map.of())).isEmpty();
    assertThat(Launch.implementation(Map.of("OMPI_COMM_WORLD_SIZE", "1"))).isEmpty();
    assertThat(Launch.implementation(Map.of("SLURM_STEP_NUM_TASKS", "1"))).isEmpty();
    assertThat(Launch.join(Map.of()).processes().size()).isOne();
  }

  @Test
  void theLauncherTellsTheImplementation() {
    assertThat(Launch.implementation(Map.of("OMPI_COMM_WORLD_SIZE", "2")))
        .contains(Mpi.Implementation.OPEN_MPI);
    assertThat(Launch.implementation(Map.of("PMI_SIZE", "2"))).contains(Mpi.Implementation.MPICH);
    assertThat(Launch.implementation(Map.of("SLURM_STEP_NUM_TASKS", "4", "PMIX_RANK", "3")))
        .contains(Mpi.Implementation.OPEN_MPI);
  }

  @Test
  void tasksOfSlurmThatDoNotKnowOfEachOtherAreRefused() {
    assertThatThrownBy(() -> Launch.implementation(Map.of("SLURM_STEP_NUM_TASKS", "4")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("srun --mpi=pmix");
    assertThatThrownBy(() -> Launch.implementation(Map.of("PMI_SIZE", "many")))
        .hasMessage("PMI_SIZE=many: expected a number of processes");
  }
}

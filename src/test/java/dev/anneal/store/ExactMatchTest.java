package dev.anneal.store;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExactMatchTest {

  private static final Path FILE = Path.of("model.safetensors");

  @Test
  void theSameTensorsInAnyOrderFit() {
    var shapes = Map.of("a", List.of(1L), "b", List.<Long>of());
    assertThatCode(() -> ExactMatch.require(FILE, shapes, Map.copyOf(shapes)))
        .doesNotThrowAnyException();
  }

  @Test
  void everyFaultIsListedInOneMessage() {
    var expected =
        Map.of(
            "same", List.of(2L),
            "gone", List.of(1L),
            "away", List.of(1L),
            "turned", List.of(3L, 4L),
            "flat", List.of(12L));
    var found =
        Map.of(
            "same", List.of(2L),
            "strange", List.of(7L),
            "turned", List.of(4L, 3L),
            "flat", List.<Long>of());

    assertThatThrownBy(() -> ExactMatch.require(FILE, expected, found))
        .isInstanceOf(RefusedFileException.class)
        .hasMessage(
            "model.safetensors: does not fit the model: 2 missing: [away], [gone]; "
                + "1 unknown: [strange]; "
                + "2 of another shape: [flat] [], expected [12], [turned] [4, 3], expected [3, 4]");
  }
}

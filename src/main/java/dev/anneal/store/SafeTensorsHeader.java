package dev.anneal.store;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The header of a safetensors file.
 *
 * @param metadata the free text of the file, in its order
 * @param tensors what it declares and where, in its order, each name once
 */
record SafeTensorsHeader(Map<String, String> metadata, List<Placed> tensors) {

  /**
   * A tensor and its place.
   *
   * @param declaration the tensor
   * @param begin the first byte, counted from the end of the header
   * @param end the byte behind the last
   */
  record Placed(TensorDeclaration declaration, long begin, long end) {

    private void require(Path file, long available) throws RefusedFileException {
      String place = Quoted.of(declaration.name()) + " lies at [" + begin + ", " + end + ")";
      if (begin > end) {
        throw new RefusedFileException(file, place + ", which ends before it begins");
      }
      if (end > available) {
        throw new RefusedFileException(
            file, place + ", beyond the " + available + " bytes that follow the header");
      }
      if (end - begin != declaration.byteSize()) {
        throw new RefusedFileException(
            file,
            "%s, but %s of shape %s takes %d bytes"
                .formatted(place, declaration.type(), declaration.shape(), declaration.byteSize()));
      }
    }
  }

  /**
   * Checks that every tensor has the bytes it needs and that together they cover the file.
   *
   * @param available the number of bytes that follow the header
   * @throws RefusedFileException if a range is out of bounds or of another size than its tensor, if
   *     two overlap, or if a byte belongs to none
   */
  void requireExactCover(Path file, long available) throws RefusedFileException {
    for (Placed tensor : tensors) {
      tensor.require(file, available);
    }
    var inFileOrder = Comparator.comparingLong(Placed::begin).thenComparingLong(Placed::end);
    long covered = 0;
    for (Placed tensor : tensors.stream().sorted(inFileOrder).toList()) {
      if (tensor.begin() != covered) {
        String fault = tensor.begin() < covered ? "overlaps another tensor" : "leaves a hole";
        throw new RefusedFileException(
            file,
            "%s begins at %d and %s: expected %d"
                .formatted(Quoted.of(tensor.declaration().name()), tensor.begin(), fault, covered));
      }
      covered = tensor.end();
    }
    if (covered != available) {
      throw new RefusedFileException(
          file, (available - covered) + " trailing bytes belong to no tensor");
    }
  }
}

package dev.anneal.store.published;

import dev.anneal.model.Network;
import dev.anneal.store.ElementType;
import dev.anneal.store.Quoted;
import dev.anneal.store.RefusedFileException;
import dev.anneal.store.SafeTensors;
import dev.anneal.store.StoredTensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What another implementation computes from the same weights: a safetensors file of cases.
 *
 * <pre>
 * CASE/input_ids  int64   [batch, position]          tokens, the mask included
 * CASE/sigma      float32 [batch, position]          the noise of every position, if networks ask
 * CASE/may_look   uint8   [batch, query, key]        1 = the query sees the key; absent = everything
 * CASE/rows       uint8   [batch, position]          1 = compare this row; absent = all
 * CASE/output     float32 [batch, position, vocab]   its outputs
 * </pre>
 */
public final class ExpectedOutputs implements AutoCloseable {
  private static final Set<String> PARTS =
      Set.of("input_ids", "sigma", "may_look", "rows", "output");

  private final SafeTensors file;
  private final List<ExpectedCase> cases = new ArrayList<>();

  private ExpectedOutputs(SafeTensors file) throws RefusedFileException {
    this.file = file;
    var names = new LinkedHashSet<String>();
    for (String name : file.tensors().keySet()) {
      int slash = name.lastIndexOf('/');
      if (slash < 1 || !PARTS.contains(name.substring(slash + 1))) {
        throw refused("holds " + Quoted.of(name) + ", expected CASE/ and one of " + PARTS);
      }
      names.add(name.substring(0, slash));
    }
    if (names.isEmpty()) {
      throw refused("holds no case");
    }
    for (String name : names) {
      cases.add(read(name));
    }
  }

  /**
   * Opens a file of cases.
   *
   * @throws RefusedFileException if it is not in this layout
   * @throws IOException if it cannot be read
   */
  public static ExpectedOutputs open(Path path) throws IOException {
    SafeTensors file = SafeTensors.open(path);
    try {
      return new ExpectedOutputs(file);
    } catch (RefusedFileException failure) {
      file.close();
      throw failure;
    }
  }

  /**
   * Runs a network on every case.
   *
   * @param unmasked who sees whom in a case that does not say
   * @return the differences, in the order of the file
   * @throws RefusedFileException if a case does not fit the network
   */
  public List<Difference> compare(Network network, ExpectedCase.Unmasked unmasked)
      throws RefusedFileException {
    var differences = new ArrayList<Difference>();
    for (ExpectedCase each : cases) {
      try {
        differences.add(each.compare(network, unmasked));
      } catch (IllegalArgumentException unfit) {
        throw refused("case " + Quoted.of(each.name()) + ": " + unfit.getMessage());
      }
    }
    return differences;
  }

  private ExpectedCase read(String name) throws RefusedFileException {
    StoredTensor ids = required(name, "input_ids", ElementType.I64);
    if (ids.shape().size() != 2 || ids.shape().contains(0L)) {
      throw refused(
          "%s has shape %s, expected [batch, position]".formatted(ids.name(), ids.shape()));
    }
    long batch = ids.shape().getFirst();
    long positions = ids.shape().getLast();
    StoredTensor output = required(name, "output", ElementType.F32);
    if (output.shape().size() != 3 || !output.shape().subList(0, 2).equals(ids.shape())) {
      throw refused(
          "%s has shape %s, expected %s and the vocabulary"
              .formatted(output.name(), output.shape(), ids.shape()));
    }
    return new ExpectedCase(
        name,
        ids,
        optional(name, "sigma", ElementType.F32, ids.shape()),
        optional(name, "may_look", ElementType.U8, List.of(batch, positions, positions)),
        optional(name, "rows", ElementType.U8, ids.shape()),
        output);
  }

  private StoredTensor required(String name, String part, ElementType type)
      throws RefusedFileException {
    StoredTensor found = file.tensors().get(name + "/" + part);
    if (found == null) {
      throw refused("case " + Quoted.of(name) + " lacks its " + part);
    }
    return ofType(found, type);
  }

  private Optional<StoredTensor> optional(
      String name, String part, ElementType type, List<Long> shape) throws RefusedFileException {
    StoredTensor found = file.tensors().get(name + "/" + part);
    if (found == null) {
      return Optional.empty();
    }
    if (!found.shape().equals(shape)) {
      throw refused(
          "%s has shape %s, expected %s".formatted(Quoted.of(found.name()), found.shape(), shape));
    }
    return Optional.of(ofType(found, type));
  }

  private StoredTensor ofType(StoredTensor tensor, ElementType type) throws RefusedFileException {
    if (tensor.type() != type) {
      throw refused(
          "%s is %s, expected %s".formatted(Quoted.of(tensor.name()), tensor.type(), type));
    }
    return tensor;
  }

  private RefusedFileException refused(String reason) {
    return new RefusedFileException(file.file(), reason);
  }

  @Override
  public void close() {
    file.close();
  }
}

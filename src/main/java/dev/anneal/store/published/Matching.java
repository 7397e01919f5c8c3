package dev.anneal.store.published;

import dev.anneal.model.Parameter;
import dev.anneal.store.ExactMatch;
import dev.anneal.store.ModelConfig;
import dev.anneal.store.Quoted;
import dev.anneal.store.RefusedFileException;
import dev.anneal.store.StoredTensor;
import dev.anneal.store.StoredTensors;
import dev.anneal.store.TensorDeclaration;
import java.lang.foreign.Arena;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** Brings the tensors of a published file and the parameters of a network together. */
final class Matching {

  /** What trainers keep a network under, with their own tensors beside it. */
  private static final Set<String> TRAINED = Set.of("state_dict.", "model.");

  private final PublishedFamily family;
  private final Map<String, Parameter> parameters;
  private final Map<String, List<Long>> constants;
  private final StoredTensors stored;

  Matching(PublishedFamily family, ModelConfig config, StoredTensors stored) {
    this.family = family;
    this.parameters = config.shape().parameters();
    this.constants = family.constants(config.shape());
    this.stored = stored;
  }

  /**
   * The tensors under our names.
   *
   * @throws RefusedFileException listing everything that does not fit
   */
  ArrangedTensors arranged() throws RefusedFileException {
    String prefix = prefix();
    Map<String, List<Long>> expected = expected(prefix);
    ExactMatch.require(stored.file(), expected, network(prefix));
    requireFloating(prefix);
    requireTrueCopies(prefix);
    @SuppressWarnings("MustBeClosedChecker") // the arranged tensors take it and close it
    Arena arena = Arena.ofShared();
    var arranged = new LinkedHashMap<String, StoredTensor>();
    for (var parameter : parameters.entrySet()) {
      PublishedFamily.Place place = family.place(parameter.getKey());
      StoredTensor published = get(prefix + place.name());
      var declaration =
          new TensorDeclaration(parameter.getKey(), published.type(), parameter.getValue().sizes());
      var bytes = place.arrangement().ours(published, arena);
      arranged.put(parameter.getKey(), new StoredTensor(declaration, bytes));
    }
    return new ArrangedTensors(stored, arranged, arena);
  }

  private void requireFloating(String prefix) throws RefusedFileException {
    for (String parameter : parameters.keySet()) {
      StoredTensor tensor = get(published(prefix, parameter));
      if (!tensor.type().isFloating()) {
        throw new RefusedFileException(
            stored.file(),
            "%s is %s, expected floating-point numbers"
                .formatted(Quoted.of(tensor.name()), tensor.type()));
      }
    }
  }

  /** What stands before the names of the network's tensors: the way to it in a larger file. */
  private String prefix() throws RefusedFileException {
    String embedding = family.place("embedding").name();
    List<String> prefixes =
        found(embedding).stream()
            .map(name -> name.substring(0, name.length() - embedding.length()))
            .toList();
    if (prefixes.size() > 1) {
      throw new RefusedFileException(
          stored.file(),
          "holds several networks, expected one: "
              + prefixes.stream().map(Quoted::of).collect(Collectors.joining(", ")));
    }
    return prefixes.isEmpty() ? "" : prefixes.getFirst();
  }

  /** The shapes of all that must be there, and of what need not be, but is. */
  private Map<String, List<Long>> expected(String prefix) {
    var expected = new LinkedHashMap<String, List<Long>>();
    parameters.keySet().forEach(name -> expected.put(published(prefix, name), shape(name)));
    constants.forEach((name, shape) -> found(name).forEach(found -> expected.put(found, shape)));
    family
        .copies()
        .forEach((copy, of) -> found(copy).forEach(found -> expected.put(found, shape(of))));
    return expected;
  }

  private String published(String prefix, String parameter) {
    return prefix + family.place(parameter).name();
  }

  private List<Long> shape(String parameter) {
    Parameter expected = Objects.requireNonNull(parameters.get(parameter), parameter);
    return family.place(parameter).arrangement().published(expected.sizes());
  }

  /** The tensors of a name, whatever stands before it. */
  private List<String> found(String name) {
    return stored.tensors().keySet().stream()
        .filter(found -> found.equals(name) || found.endsWith("." + name))
        .toList();
  }

  private void requireTrueCopies(String prefix) throws RefusedFileException {
    for (var copy : family.copies().entrySet()) {
      StoredTensor original = get(published(prefix, copy.getValue()));
      for (String name : found(copy.getKey())) {
        if (get(name).bytes().mismatch(original.bytes()) >= 0) {
          throw new RefusedFileException(
              stored.file(),
              "%s differs from %s, expected the same numbers"
                  .formatted(Quoted.of(name), Quoted.of(original.name())));
        }
      }
    }
  }

  /** The shapes of all that is there, but for what a trainer keeps beside the network. */
  private Map<String, List<Long>> network(String prefix) {
    String trained = TRAINED.stream().filter(prefix::startsWith).findFirst().orElse("");
    var found = new LinkedHashMap<String, List<Long>>();
    stored
        .tensors()
        .forEach(
            (name, tensor) -> {
              if (name.startsWith(trained)) {
                found.put(name, tensor.shape());
              }
            });
    return found;
  }

  private StoredTensor get(String name) {
    return Objects.requireNonNull(stored.tensors().get(name), name);
  }
}

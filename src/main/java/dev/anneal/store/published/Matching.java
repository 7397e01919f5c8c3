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
import java.util.stream.Stream;

/**
 * Brings the tensors of a published file and the parameters of a network together.
 *
 * <p>A trainer's checkpoint holds more than the network: optimizer, averaged weights. What lies
 * beside the network is left out there, and only there.
 */
final class Matching {

  /** What trainers keep a network under. */
  private static final Set<String> TRAINED = Set.of("state_dict.", "model.");

  private final PublishedFamily family;
  private final Map<String, Parameter> parameters;
  private final Map<String, List<Long>> constants;
  private final StoredTensors stored;
  private final String prefix;
  private final Map<String, StoredTensor> tensors = new LinkedHashMap<>();

  private Matching(
      PublishedFamily family, ModelConfig config, StoredTensors stored, String prefix) {
    this.family = family;
    this.parameters = config.shape().parameters();
    this.constants = family.constants(config.shape());
    this.stored = stored;
    this.prefix = prefix;
    String trained = TRAINED.stream().filter(prefix::startsWith).findFirst().orElse("");
    stored
        .tensors()
        .forEach(
            (name, tensor) -> {
              if (name.startsWith(trained)) {
                tensors.put(name, tensor);
              }
            });
  }

  /**
   * The tensors under our names.
   *
   * @throws RefusedFileException listing everything that does not fit
   */
  static ArrangedTensors arranged(PublishedFamily family, ModelConfig config, StoredTensors stored)
      throws RefusedFileException {
    int layers = config.shape().layers();
    if (layers > stored.tensors().size()) {
      throw new RefusedFileException(
          stored.file(),
          "holds %d tensors, too few for the %d blocks of its config"
              .formatted(stored.tensors().size(), layers));
    }
    var matching = new Matching(family, config, stored, prefix(family, stored));
    matching.requireExactly();
    matching.requireFloating();
    matching.requireTrueCopies();
    return matching.arranged();
  }

  /** What stands before the names of the network's tensors: the way to it in a larger file. */
  private static String prefix(PublishedFamily family, StoredTensors stored)
      throws RefusedFileException {
    String embedding = family.place("embedding").name();
    List<String> prefixes =
        ending(embedding, stored.tensors().keySet())
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

  private static Stream<String> ending(String name, Set<String> names) {
    return names.stream().filter(each -> each.equals(name) || each.endsWith("." + name));
  }

  /** All that must be there is, and nothing else but what may be there. */
  private void requireExactly() throws RefusedFileException {
    var expected = new LinkedHashMap<String, List<Long>>();
    parameters.keySet().forEach(name -> expected.put(published(name), shape(name)));
    constants.forEach((name, shape) -> found(name).forEach(each -> expected.put(each, shape)));
    family
        .copies()
        .forEach((copy, of) -> found(copy).forEach(each -> expected.put(each, shape(of))));
    var found = new LinkedHashMap<String, List<Long>>();
    tensors.forEach((name, tensor) -> found.put(name, tensor.shape()));
    ExactMatch.require(stored.file(), expected, found);
  }

  private void requireFloating() throws RefusedFileException {
    for (String parameter : parameters.keySet()) {
      StoredTensor tensor = get(published(parameter));
      if (!tensor.type().isFloating()) {
        throw new RefusedFileException(
            stored.file(),
            "%s is %s, expected floating-point numbers"
                .formatted(Quoted.of(tensor.name()), tensor.type()));
      }
    }
  }

  private void requireTrueCopies() throws RefusedFileException {
    for (var copy : family.copies().entrySet()) {
      StoredTensor original = get(published(copy.getValue()));
      for (String name : found(copy.getKey()).toList()) {
        if (get(name).bytes().mismatch(original.bytes()) >= 0) {
          throw new RefusedFileException(
              stored.file(),
              "%s differs from %s, expected the same numbers"
                  .formatted(Quoted.of(name), Quoted.of(original.name())));
        }
      }
    }
  }

  private ArrangedTensors arranged() {
    @SuppressWarnings("MustBeClosedChecker") // the arranged tensors take it and close it
    Arena arena = Arena.ofShared();
    var arranged = new LinkedHashMap<String, StoredTensor>();
    for (var parameter : parameters.entrySet()) {
      String name = parameter.getKey();
      StoredTensor published = get(published(name));
      var declaration = new TensorDeclaration(name, published.type(), parameter.getValue().sizes());
      var bytes = family.place(name).arrangement().ours(published, arena);
      arranged.put(name, new StoredTensor(declaration, bytes));
    }
    return new ArrangedTensors(stored, arranged, arena);
  }

  private String published(String parameter) {
    return prefix + family.place(parameter).name();
  }

  private List<Long> shape(String parameter) {
    Parameter expected = Objects.requireNonNull(parameters.get(parameter), parameter);
    return family.place(parameter).arrangement().published(expected.sizes());
  }

  /** The tensors of a name, whatever stands before it. */
  private Stream<String> found(String name) {
    return ending(name, tensors.keySet());
  }

  private StoredTensor get(String name) {
    return Objects.requireNonNull(tensors.get(name), name);
  }
}

package dev.anneal.store.pytorch;

import dev.anneal.store.ElementType;
import dev.anneal.store.Quoted;
import dev.anneal.store.RefusedFileException;
import dev.anneal.store.TensorDeclaration;
import dev.anneal.store.pytorch.PickleValue.Dictionary;
import dev.anneal.store.pytorch.PickleValue.Function;
import dev.anneal.store.pytorch.PickleValue.Sequence;
import dev.anneal.store.pytorch.PickleValue.Storage;
import dev.anneal.store.pytorch.PickleValue.StorageClass;
import dev.anneal.store.pytorch.PickleValue.Text;
import dev.anneal.store.pytorch.PickleValue.Whole;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the names in a pickle mean. There is no other way from a name to an action than the two
 * tables here.
 *
 * @param file named in messages
 * @param storages the storages of the checkpoint by their keys
 */
record PickledObjects(Path file, Map<String, MemorySegment> storages) {

  private static final Map<String, Function> FUNCTIONS =
      Map.of(
          "collections.OrderedDict", Function.ORDERED_DICTIONARY,
          "torch._utils._rebuild_tensor_v2", Function.REBUILD_TENSOR,
          "torch._utils._rebuild_parameter", Function.REBUILD_PARAMETER);

  private static final Map<String, ElementType> STORAGES =
      Map.of(
          "torch.DoubleStorage", ElementType.F64,
          "torch.FloatStorage", ElementType.F32,
          "torch.HalfStorage", ElementType.F16,
          "torch.BFloat16Storage", ElementType.BF16,
          "torch.LongStorage", ElementType.I64,
          "torch.IntStorage", ElementType.I32,
          "torch.ShortStorage", ElementType.I16,
          "torch.CharStorage", ElementType.I8,
          "torch.ByteStorage", ElementType.U8,
          "torch.BoolStorage", ElementType.BOOL);

  /** The function or class of a name. */
  PickleValue named(String module, String name) throws RefusedFileException {
    String full = module + "." + name;
    if (FUNCTIONS.containsKey(full)) {
      return FUNCTIONS.get(full);
    }
    if (STORAGES.containsKey(full)) {
      return new StorageClass(STORAGES.get(full));
    }
    throw refused("names " + Quoted.of(full) + ", which no file of tensors needs");
  }

  /**
   * The storage of a persistent id: {@code ("storage", class, key, place, elements)}. The place is
   * the device it came from, which does not matter here.
   */
  PickleValue storage(PickleValue id) throws RefusedFileException {
    if (id instanceof Sequence(List<PickleValue> parts)
        && parts.size() == 5
        && parts.get(0) instanceof Text(String kind)
        && kind.equals("storage")
        && parts.get(1) instanceof StorageClass(ElementType type)
        && parts.get(2) instanceof Text(String key)
        && parts.get(4) instanceof Whole(long elements)) {
      return storage(type, key, elements);
    }
    throw refused("has a persistent id that names no storage");
  }

  private Storage storage(ElementType type, String key, long elements) throws RefusedFileException {
    MemorySegment bytes = storages.get(key);
    if (bytes == null) {
      throw refused("asks for the storage " + Quoted.of(key) + ", which the file lacks");
    }
    var storage = new Storage(type, bytes);
    if (elements != storage.elements() || bytes.byteSize() % type.bytes() != 0) {
      throw refused(
          "declares %d elements of %s in the storage %s, which has %d bytes"
              .formatted(elements, type, Quoted.of(key), bytes.byteSize()));
    }
    return storage;
  }

  /** What a call gives back. */
  PickleValue called(PickleValue callee, List<PickleValue> arguments) throws RefusedFileException {
    return switch (callee) {
      case Function function ->
          switch (function) {
            case ORDERED_DICTIONARY -> dictionary(arguments);
            case REBUILD_TENSOR -> tensor(arguments);
            case REBUILD_PARAMETER -> parameter(arguments);
          };
      default -> throw refused("calls what is no function");
    };
  }

  private Dictionary dictionary(List<PickleValue> arguments) throws RefusedFileException {
    if (!arguments.isEmpty()) {
      throw refused("makes an ordered dictionary of something, expected an empty one");
    }
    return new Dictionary();
  }

  /** Of (storage, offset, shape, strides), and what concerns gradients. */
  private StridedView tensor(List<PickleValue> arguments) throws RefusedFileException {
    if (arguments.size() >= 6
        && arguments.get(0) instanceof Storage storage
        && arguments.get(1) instanceof Whole(long offset)
        && arguments.get(2) instanceof Sequence shape
        && arguments.get(3) instanceof Sequence strides) {
      try {
        return new StridedView(storage, offset, numbers(shape), numbers(strides));
      } catch (IllegalArgumentException invalid) {
        throw refused("has " + invalid.getMessage());
      }
    }
    throw refused("rebuilds a tensor of something else than a storage, offset, shape and strides");
  }

  /** Of (tensor, whether it has a gradient, hooks). */
  private StridedView parameter(List<PickleValue> arguments) throws RefusedFileException {
    if (!arguments.isEmpty() && arguments.getFirst() instanceof StridedView view) {
      return view;
    }
    throw refused("rebuilds a parameter of what is no tensor");
  }

  private List<Long> numbers(Sequence sequence) throws RefusedFileException {
    if (sequence.elements().size() > TensorDeclaration.MAX_AXES) {
      throw refused("has a tensor of more than " + TensorDeclaration.MAX_AXES + " axes");
    }
    var numbers = new ArrayList<Long>();
    for (PickleValue element : sequence.elements()) {
      if (!(element instanceof Whole(long number))) {
        throw refused("has a shape or strides that are not whole numbers");
      }
      numbers.add(number);
    }
    return numbers;
  }

  private RefusedFileException refused(String fault) {
    return new RefusedFileException(file, "its pickle " + fault);
  }
}

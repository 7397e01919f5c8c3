package dev.anneal.tensor;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * One call: an operator and its arguments become tensors.
 *
 * <p>The only place that writes to the stack of the library's dispatcher. A Java argument stands
 * for each kind: {@link Tensor}, {@code List<Tensor>}, {@code Integer} or {@code Long}, {@code
 * long[]}, {@code Double}, {@code Boolean}, {@code String}, {@link DType}; {@link #NONE} for an
 * absent optional.
 */
final class Dispatcher {
  /** An absent optional argument. */
  static final Object NONE = new Object();

  private static final int CELLS = 32;
  private static final ThreadLocal<Dispatcher> OF_THREAD = ThreadLocal.withInitial(Dispatcher::new);

  private final MemorySegment stack = Arena.ofAuto().allocate(JAVA_LONG, CELLS);
  private final MemorySegment out = Arena.ofAuto().allocate(JAVA_LONG);

  private Dispatcher() {}

  /** Calls an operator that gives one tensor. */
  static Tensor call(Operator operator, Object... arguments) {
    OF_THREAD.get().run(operator, 1, arguments);
    return Tensor.adopt(OF_THREAD.get().result(0));
  }

  /** Calls an operator that gives several tensors. */
  static List<Tensor> callForAll(Operator operator, Object... arguments) {
    var dispatcher = OF_THREAD.get();
    dispatcher.run(operator, operator.results(), arguments);
    var results = new Tensor[operator.results()];
    for (int i = 0; i < results.length; i++) {
      results[i] = Tensor.adopt(dispatcher.result(i));
    }
    return List.of(results);
  }

  /** Calls an operator that gives a list of tensors. */
  static List<Tensor> callForList(Operator operator, Object... arguments) {
    var dispatcher = OF_THREAD.get();
    dispatcher.run(operator, 1, arguments);
    return dispatcher.tensors(dispatcher.result(0));
  }

  /** Calls an operator that changes its arguments and gives nothing. */
  static void run(Operator operator, Object... arguments) {
    OF_THREAD.get().run(operator, 0, arguments);
  }

  private MemorySegment result(int index) {
    return MemorySegment.ofAddress(stack.getAtIndex(JAVA_LONG, index));
  }

  /** Takes the tensors out of a list, which goes. */
  private List<Tensor> tensors(MemorySegment list) {
    try {
      Native.check((int) Native.LIST_SIZE.invokeExact(list, out), "list size");
      var tensors = new Tensor[(int) out.get(JAVA_LONG, 0)];
      for (int i = 0; i < tensors.length; i++) {
        Native.check((int) Native.LIST_ITEM.invokeExact(list, (long) i, out), "list item");
        tensors[i] = Tensor.adopt(out.get(ADDRESS, 0));
      }
      Native.check((int) Native.DELETE_LIST.invokeExact(list), "delete list");
      return List.of(tensors);
    } catch (Throwable e) {
      throw Native.failure(e);
    }
  }

  private void run(Operator operator, int results, Object[] arguments) {
    if (arguments.length != operator.arguments() || results != operator.results()) {
      throw new AssertionError(operator + ": wrong number of arguments or results");
    }
    for (int i = 0; i < arguments.length; i++) {
      if (!fits(operator.argument(i), arguments[i])) {
        throw new AssertionError(operator + ": argument " + i + " must be " + operator.argument(i));
      }
    }
    try {
      for (int i = 0; i < arguments.length; i++) {
        stack.setAtIndex(JAVA_LONG, i, encode(arguments[i], operator.argument(i)));
      }
      int error =
          (int) Native.CALL.invokeExact(operator.nativeName(), operator.nativeOverload(), stack);
      if (error != 0) {
        Native.check(error, describe(operator, arguments));
      }
    } catch (Throwable e) {
      throw Native.failure(e);
    }
  }

  private static boolean fits(Operator.Kind kind, Object argument) {
    return switch (kind) {
      case TENSOR -> argument instanceof Tensor;
      case OPTIONAL_TENSOR -> argument == NONE || argument instanceof Tensor;
      case TENSORS -> argument instanceof List;
      case INT -> argument instanceof Integer || argument instanceof Long;
      case OPTIONAL_INT ->
          argument == NONE || argument instanceof Integer || argument instanceof Long;
      case INTS -> argument instanceof long[];
      case OPTIONAL_INTS -> argument == NONE || argument instanceof long[];
      case FLOAT -> argument instanceof Double;
      case OPTIONAL_FLOAT -> argument == NONE || argument instanceof Double;
      case BOOL -> argument instanceof Boolean;
      case OPTIONAL_BOOL -> argument == NONE || argument instanceof Boolean;
      case STRING -> argument instanceof String;
      case OPTIONAL_STRING -> argument == NONE || argument instanceof String;
      case DTYPE -> argument instanceof DType;
      case OPTIONAL_DTYPE -> argument == NONE || argument instanceof DType;
      case OPTIONAL_FORMAT -> argument == NONE;
    };
  }

  private long encode(Object argument, Operator.Kind kind) throws Throwable {
    if (argument == NONE) {
      return 0;
    }
    long value = encode(argument);
    return switch (kind) {
      case OPTIONAL_TENSOR,
          OPTIONAL_INT,
          OPTIONAL_INTS,
          OPTIONAL_FLOAT,
          OPTIONAL_BOOL,
          OPTIONAL_STRING,
          OPTIONAL_DTYPE,
          OPTIONAL_FORMAT ->
          cell(value);
      case TENSOR, TENSORS, INT, INTS, FLOAT, BOOL, STRING, DTYPE -> value;
    };
  }

  private long encode(Object argument) throws Throwable {
    return switch (argument) {
      case Tensor tensor -> duplicate(tensor);
      case Long number -> number;
      case Integer number -> number;
      case Double number -> Double.doubleToRawLongBits(number);
      case Boolean flag -> flag ? 1 : 0;
      case DType dtype -> dtype.code();
      case String text -> string(text);
      case long[] numbers -> {
        long list = list(numbers.length);
        for (long number : numbers) {
          push(list, number);
        }
        yield list;
      }
      case List<?> tensors -> {
        long list = list(tensors.size());
        for (Object tensor : tensors) {
          push(list, duplicate((Tensor) tensor));
        }
        yield list;
      }
      default -> throw new AssertionError("no encoding for " + argument.getClass());
    };
  }

  /** A handle of its own, which the call consumes. */
  private long duplicate(Tensor tensor) throws Throwable {
    Native.check((int) Native.NEW_HANDLE.invokeExact(tensor.handle(), out), "new handle");
    return out.get(JAVA_LONG, 0);
  }

  private long cell(long value) throws Throwable {
    MemorySegment cell;
    if (Native.HAS_NEW_CELL) {
      Native.check((int) Native.NEW_CELL.invokeExact(out), "new cell");
      cell = out.get(ADDRESS, 0);
    } else {
      cell = (MemorySegment) Native.NEW_CELL.invokeExact(JAVA_LONG.byteSize());
    }
    cell.reinterpret(JAVA_LONG.byteSize()).set(JAVA_LONG, 0, value);
    return cell.address();
  }

  private long list(int size) throws Throwable {
    Native.check((int) Native.NEW_LIST.invokeExact((long) size, out), "new list");
    return out.get(JAVA_LONG, 0);
  }

  private static void push(long list, long value) throws Throwable {
    Native.check((int) Native.PUSH.invokeExact(MemorySegment.ofAddress(list), value), "push");
  }

  /** A string that the call consumes; of each, the library keeps a copy for good, 48 bytes. */
  private long string(String text) throws Throwable {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment copy = arena.allocate(Math.max(1, bytes.length));
      MemorySegment.copy(bytes, 0, copy, JAVA_BYTE, 0, bytes.length);
      Native.check(
          (int) Native.NEW_STRING.invokeExact(copy, (long) bytes.length, out), "new string");
    }
    return out.get(JAVA_LONG, 0);
  }

  private static String describe(Operator operator, Object[] arguments) {
    var words = Arrays.stream(arguments).map(Dispatcher::describe).toList();
    return operator + "(" + String.join(", ", words) + ")";
  }

  private static String describe(Object argument) {
    return switch (argument) {
      case long[] numbers -> Arrays.toString(numbers);
      case List<?> list -> list.size() + " tensors";
      default -> argument == NONE ? "none" : argument.toString();
    };
  }
}

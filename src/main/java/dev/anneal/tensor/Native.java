package dev.anneal.tensor;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BOOLEAN;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The bound C functions. Each returns 0, or an error that {@link #check} turns into an exception.
 */
final class Native {
  private static final Libtorch LIBRARY = Libtorch.load();

  static final MethodHandle CALL =
      LIBRARY.bind("aoti_torch_call_dispatcher", JAVA_INT, ADDRESS, ADDRESS, ADDRESS);
  static final MethodHandle NEW_HANDLE =
      LIBRARY.bind("aoti_torch_new_tensor_handle", JAVA_INT, ADDRESS, ADDRESS);
  static final MethodHandle DELETE_TENSOR =
      LIBRARY.bind("aoti_torch_delete_tensor_object", JAVA_INT, ADDRESS);
  static final MethodHandle FROM_BLOB =
      LIBRARY.bind(
          "aoti_torch_create_tensor_from_blob",
          JAVA_INT,
          ADDRESS,
          JAVA_LONG,
          ADDRESS,
          ADDRESS,
          JAVA_LONG,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          ADDRESS);
  static final MethodHandle EMPTY =
      LIBRARY.bind(
          "aoti_torch_empty_strided",
          JAVA_INT,
          JAVA_LONG,
          ADDRESS,
          ADDRESS,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          ADDRESS);

  /** As {@link #EMPTY}, in memory that a GPU reads by itself; older libraries lack it. */
  static final Optional<MethodHandle> EMPTY_PINNED =
      LIBRARY.bindIfPresent(
          "aoti_torch_empty_strided_pinned",
          JAVA_INT,
          JAVA_LONG,
          ADDRESS,
          ADDRESS,
          JAVA_INT,
          JAVA_INT,
          JAVA_INT,
          ADDRESS);

  static final MethodHandle SUBTRACT =
      LIBRARY.bind(
          "aoti_torch_aten_subtract_Tensor", JAVA_INT, ADDRESS, ADDRESS, JAVA_DOUBLE, ADDRESS);
  static final MethodHandle NARROW =
      LIBRARY.bind(
          "aoti_torch_aten_narrow", JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS);
  static final MethodHandle STRIDED =
      LIBRARY.bind(
          "aoti_torch__reinterpret_tensor",
          JAVA_INT,
          ADDRESS,
          JAVA_LONG,
          ADDRESS,
          ADDRESS,
          JAVA_LONG,
          ADDRESS);
  static final MethodHandle COPY =
      LIBRARY.bind("aoti_torch_copy_", JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
  static final MethodHandle FILL =
      LIBRARY.bind("aoti_torch_aten_fill__Scalar", JAVA_INT, ADDRESS, JAVA_DOUBLE);
  static final MethodHandle IS_CONTIGUOUS =
      LIBRARY.bind("aoti_torch_is_contiguous", JAVA_INT, ADDRESS, ADDRESS);
  static final MethodHandle DATA =
      LIBRARY.bind("aoti_torch_get_data_ptr", JAVA_INT, ADDRESS, ADDRESS);
  static final MethodHandle DIMENSIONS =
      LIBRARY.bind("aoti_torch_get_dim", JAVA_INT, ADDRESS, ADDRESS);
  static final MethodHandle SIZES =
      LIBRARY.bind("aoti_torch_get_sizes", JAVA_INT, ADDRESS, ADDRESS);
  static final MethodHandle DTYPE =
      LIBRARY.bind("aoti_torch_get_dtype", JAVA_INT, ADDRESS, ADDRESS);
  static final MethodHandle DEVICE_TYPE =
      LIBRARY.bind("aoti_torch_get_device_type", JAVA_INT, ADDRESS, ADDRESS);
  static final MethodHandle DEVICE_INDEX =
      LIBRARY.bind("aoti_torch_get_device_index", JAVA_INT, ADDRESS, ADDRESS);
  static final MethodHandle IS_DEFINED =
      LIBRARY.bind("aoti_torch_is_defined", JAVA_INT, ADDRESS, ADDRESS);
  static final MethodHandle REQUIRE_GRADIENT =
      LIBRARY.bind("torch_set_requires_grad", JAVA_INT, ADDRESS, JAVA_BOOLEAN);
  static final MethodHandle GRADIENT_ENABLED =
      LIBRARY.bind("aoti_torch_grad_mode_is_enabled", JAVA_BOOLEAN);
  static final MethodHandle ENABLE_GRADIENT =
      LIBRARY.bindVoid("aoti_torch_grad_mode_set_enabled", JAVA_BOOLEAN);

  /** {@code TensorImpl::mutable_grad} of libc10: no C function gives a leaf's gradient. */
  static final MethodHandle GRADIENT =
      LIBRARY.bind("_ZN3c1010TensorImpl12mutable_gradEv", ADDRESS, ADDRESS);

  static final MethodHandle NEW_LIST =
      LIBRARY.bind("torch_new_list_reserve_size", JAVA_INT, JAVA_LONG, ADDRESS);
  static final MethodHandle PUSH =
      LIBRARY.bind("torch_list_push_back", JAVA_INT, ADDRESS, JAVA_LONG);
  static final MethodHandle LIST_SIZE = LIBRARY.bind("torch_list_size", JAVA_INT, ADDRESS, ADDRESS);
  static final MethodHandle LIST_ITEM =
      LIBRARY.bind("torch_list_get_item", JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS);
  static final MethodHandle DELETE_LIST = LIBRARY.bind("torch_delete_list", JAVA_INT, ADDRESS);
  static final MethodHandle NEW_STRING =
      LIBRARY.bind("torch_new_string_handle", JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS);
  static final MethodHandle THREADS = LIBRARY.bind("torch_get_num_threads", JAVA_INT, ADDRESS);

  /** {@code at::set_num_threads}: no C function sets them. */
  static final MethodHandle USE_THREADS = LIBRARY.bindVoid("_ZN2at15set_num_threadsEi", JAVA_INT);

  /** False before libtorch 2.13, where an optional's cell is eight bytes of {@code malloc}. */
  static final boolean HAS_NEW_CELL = LIBRARY.has("torch_new_stable_ivalue");

  static final MethodHandle NEW_CELL =
      HAS_NEW_CELL
          ? LIBRARY.bind("torch_new_stable_ivalue", JAVA_INT, ADDRESS)
          : LIBRARY.bind("malloc", ADDRESS, JAVA_LONG);

  /** What oneDNN's product is called, now or in older versions. */
  private static final Optional<String> ONEDNN_LINEAR =
      Stream.of("aoti_torch_cpu__linear_pointwise", "aoti_torch_cpu_mkldnn__linear_pointwise")
          .filter(LIBRARY::has)
          .findFirst();

  /** True if the library was built with oneDNN. */
  static final boolean HAS_ONEDNN = ONEDNN_LINEAR.isPresent();

  private static final Optional<MethodHandle> ERROR_TEXT =
      LIBRARY.bindIfPresent("torch_exception_get_what_without_backtrace", ADDRESS);

  private Native() {}

  /** Binds oneDNN's product; only of a library that {@link #HAS_ONEDNN has} it. */
  static MethodHandle oneDnnLinear() {
    return LIBRARY.bind(
        ONEDNN_LINEAR.orElseThrow(),
        JAVA_INT,
        ADDRESS,
        ADDRESS,
        ADDRESS,
        ADDRESS,
        ADDRESS,
        JAVA_LONG,
        ADDRESS,
        ADDRESS);
  }

  /** Throws if a C function reports failure; {@code what} names the operation and its shapes. */
  static void check(int error, String what) {
    if (error != 0) {
      throw new TensorException(what + ": " + errorText());
    }
  }

  /** As {@link #check(int, String)}, for calls so short that their words would take as long. */
  static void check(int error, Supplier<String> what) {
    if (error != 0) {
      check(error, what.get());
    }
  }

  private static String errorText() {
    if (ERROR_TEXT.isEmpty()) {
      return "refused by the native library (see standard error)";
    }
    try {
      var text = (MemorySegment) ERROR_TEXT.get().invokeExact();
      return text.reinterpret(Long.MAX_VALUE).getString(0).lines().findFirst().orElse("failed");
    } catch (Throwable e) {
      throw failure(e);
    }
  }

  /** A method handle's checked {@code Throwable}: only our own mistakes arrive here. */
  static AssertionError failure(Throwable cause) {
    if (cause instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (cause instanceof Error error) {
      throw error;
    }
    return new AssertionError(cause);
  }
}

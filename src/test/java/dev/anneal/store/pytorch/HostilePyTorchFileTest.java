package dev.anneal.store.pytorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.anneal.store.RefusedFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A checkpoint can be a trap; each is refused in one line, quickly, before anything is run. */
final class HostilePyTorchFileTest {
  private static final byte[] STORAGE = TorchZip.floats(1, 2, 3, 4);
  private static final long MAX = Long.MAX_VALUE;

  @TempDir private Path folder;

  private static PickleWriter pickle() {
    return new PickleWriter();
  }

  private static byte[] code(String opcodes) {
    return pickle().code(opcodes).toBytes();
  }

  /** A dictionary of one tensor of the storage of four numbers. */
  private static byte[] view(long offset, long[] shape, long[] strides) {
    return pickle().code("}(").text("w").tensor("0", 4, offset, shape, strides).end();
  }

  private static long[] of(long... numbers) {
    return numbers;
  }

  static Stream<Arguments> calls() {
    return Stream.of(
        argumentSet(
            "a system command",
            pickle().global("os", "system").text("touch hacked").bytes(0x85).code("R.").toBytes(),
            "names [os.system], which no file of tensors needs"),
        argumentSet(
            "the old way to call",
            code("(X\4\0\0\0exitios\nsystem\n."),
            "has the opcode INST, which no file of tensors needs"),
        argumentSet("an object", code("(cos\nsystem\no."), "names [os.system]"),
        argumentSet("a builtin", code("c__builtin__\neval\n."), "names [__builtin__.eval]"),
        argumentSet(
            "another function of torch",
            code("ctorch.hub\nload\n."),
            "names [torch.hub.load], which no file of tensors needs"),
        argumentSet("a name from the stack", pickle().bytes(0x93).toBytes(), "opcode STACK_GLOBAL"),
        argumentSet("an extension", pickle().bytes(0x82, 1).toBytes(), "the opcode EXT1"),
        argumentSet("a class", pickle().bytes(0x81).toBytes(), "the opcode NEWOBJ"),
        argumentSet("what is no opcode", pickle().bytes(0xff).toBytes(), "unknown opcode, 0xff"),
        argumentSet("another protocol", code("\u0080\4."), "is of protocol 4, expected 2"),
        argumentSet(
            "a storage's class", code("ctorch\nFloatStorage\n)R."), "calls what is no function"),
        argumentSet("a text", code("X\1\0\0\0f)R."), "calls what is no function"),
        argumentSet(
            "no arguments", code("ccollections\nOrderedDict\nNR."), "calls something without"),
        argumentSet(
            "a filled dictionary",
            code("ccollections\nOrderedDict\n(NtR."),
            "makes an ordered dictionary of something"),
        argumentSet(
            "a state of a tensor",
            pickle().tensor("0", 4, 0, of(4), of(1)).code("}b.").toBytes(),
            "sets the state of what is no dictionary"));
  }

  static Stream<Arguments> slips() {
    return Stream.of(
        argumentSet("nothing", new byte[0], "ends in the middle"),
        argumentSet("no end", code("}"), "ends in the middle"),
        argumentSet("half a number", code("J\1\2"), "ends in the middle"),
        argumentSet("half a name", code("cos\nsystem"), "ends in the middle"),
        argumentSet("a result of nothing", code("."), "takes a value from an empty stack"),
        argumentSet("a pair of one", code("N\u0086."), "takes a value from an empty stack"),
        argumentSet("below the mark", code("}(s."), "takes a value from an empty stack"),
        argumentSet("no mark", code("}u."), "goes back to a mark it never set"),
        argumentSet("an unset memo", code("h\7."), "recalls memo 7, which it never stored"),
        argumentSet("half an item", code("}(Nu."), "sets items of what is no dictionary"),
        argumentSet("items of a list", code("](NNu."), "sets items of what is no dictionary"),
        argumentSet("a list as a key", code("}]Ns."), "keys are neither texts nor whole"),
        argumentSet("a key twice", code("}(K\1NK\1Nu."), "sets the key [1] twice"),
        argumentSet("elements of a text", code("X\0\0\0\0Na."), "appends to what is no list"),
        argumentSet("a long text", code("X\377\377\377\177a"), "a text of 2147483647 bytes"),
        argumentSet("a longer text", code("X\377\377\377\377a"), "a text of 4294967295 bytes"),
        argumentSet("no text", code("X\1\0\0\0\377."), "a text that is not UTF-8"),
        argumentSet("a large number", code("\u008a\11aaaaaaaaa."), "a number of 9 bytes"),
        argumentSet("no tensor", code("}(X\1\0\0\0aNu."), "holds no tensor"),
        argumentSet(
            "a tensor without a name",
            pickle().tensor("0", 4, 0, of(4), of(1)).code(".").toBytes(),
            "holds no tensor in a dictionary or a list"));
  }

  static Stream<Arguments> storages() {
    return Stream.of(
        argumentSet("no id", code("NQ."), "names no storage"),
        argumentSet("a module", code("(X\6\0\0\0modulet" + "Q."), "names no storage"),
        argumentSet(
            "a path as its key",
            pickle().storage("Float", "../../etc/passwd", 4).toBytes(),
            "asks for the storage [../../etc/passwd], which the file lacks"),
        argumentSet(
            "more than it has",
            pickle().storage("Float", "0", 5).toBytes(),
            "declares 5 elements of F32 in the storage [0], which has 16 bytes"),
        argumentSet(
            "more than there can be",
            pickle().storage("Float", "0", MAX).toBytes(),
            "declares 9223372036854775807 elements"),
        argumentSet(
            "fewer than none",
            pickle().storage("Float", "0", -4).toBytes(),
            "declares -4 elements"),
        argumentSet(
            "a class of another world",
            pickle().storage("ComplexFloat", "0", 4).toBytes(),
            "names [torch.ComplexFloatStorage]"));
  }

  static Stream<Arguments> views() {
    return Stream.of(
        argumentSet("beyond the storage", view(1, of(4), of(1)), "does not fit its storage of 4"),
        argumentSet("far beyond", view(MAX, of(1), of(1)), "does not fit its storage of 4"),
        argumentSet("before it", view(-1, of(1), of(1)), "offset -1 does not fit"),
        argumentSet("empty, beyond", view(5, of(0), of(1)), "does not fit its storage"),
        argumentSet("long strides", view(0, of(2, 2), of(3, 1)), "does not fit its storage of 4"),
        argumentSet("strides that wrap", view(0, of(2, 2), of(MAX, MAX)), "does not fit"),
        argumentSet("reach that wraps", view(0, of(3), of(MAX)), "does not fit its storage of 4"),
        argumentSet("backwards", view(3, of(4), of(-1)), "none negative"),
        argumentSet("too few strides", view(0, of(2, 2), of(1)), "expected one for each axis"),
        argumentSet("negative length", view(0, of(-1), of(1)), "expected no negative length"),
        argumentSet("product that wraps", view(0, of(1L << 32, 1L << 32), of(0, 0)), "2^63"),
        argumentSet("blown up by no stride", view(0, of(1L << 40), of(0)), "does not fit"),
        argumentSet("too many axes", view(0, new long[65], new long[65]), "more than 64 axes"),
        argumentSet(
            "a text as a shape",
            pickle()
                .global("torch._utils", "_rebuild_tensor_v2")
                .code("(")
                .storage("Float", "0", 4)
                .number(0)
                .text("4")
                .tuple(1)
                .code("NNtR.")
                .toBytes(),
            "rebuilds a tensor of something else"),
        argumentSet(
            "half a number as a length",
            pickle()
                .global("torch._utils", "_rebuild_tensor_v2")
                .code("(")
                .storage("Float", "0", 4)
                .number(0)
                .code("(Nt")
                .tuple(1)
                .code("NNtR.")
                .toBytes(),
            "not whole numbers"),
        argumentSet(
            "a parameter of nothing",
            pickle().global("torch._utils", "_rebuild_parameter").code(")R.").toBytes(),
            "a parameter of what is no tensor"));
  }

  /** Small to write, endless to follow. */
  static Stream<Arguments> bombs() {
    var doubling = new StringBuilder("]q\0");
    for (int i = 0; i < 31; i++) {
      doubling.append("](h\0h\0eq\0"); // a list of the last one, twice
    }
    String name = "X\0\0\4\0" + "n".repeat(1 << 18) + "q\1";
    return Stream.of(
        argumentSet("deep lists", code("]".repeat(1 << 20) + "a".repeat((1 << 20) - 1) + "."), ""),
        argumentSet("deep tuples", code("N" + "\u0085".repeat(1 << 20) + "."), "nested"),
        argumentSet("deep marks", code("(".repeat(1 << 20) + "."), "empty stack"),
        argumentSet("a list in itself", code("]q\0h\0a."), "nested"),
        argumentSet("a list of doubles of itself", code(doubling + "."), "nested"),
        argumentSet("a list that holds itself twice", code("]q\0(h\0h\0e."), "nested"),
        argumentSet("an endless name", code("}q\0" + name + "h\0s."), "nested"),
        argumentSet("a pickle beyond measure", new byte[(16 << 20) + 1], "expected at most"));
  }

  @ParameterizedTest
  @MethodSource({"calls", "slips", "storages", "views", "bombs"})
  void aHostilePickleIsRefused(byte[] pickle, String reason) {
    assertRefused(TorchZip.of(pickle, STORAGE), reason);
  }

  @Test
  void manyViewsOfTheSameNumbersAreNotCopiedWithoutEnd() {
    var writer = pickle().code("}(");
    for (int i = 0; i < 100; i++) {
      writer.text("w" + i).tensor("0", 4096, 0, of(64, 64), of(1, 64));
    }
    TorchZip zip = TorchZip.of(writer.end(), new byte[4 * 4096]);
    assertRefused(zip, "view the same numbers too often");
  }

  @Test
  void twoWaysToOneNameAreRefused() {
    byte[] pickle =
        pickle()
            .code("}(")
            .text("a.b")
            .tensor("0", 4, 0, of(4), of(1))
            .text("a")
            .code("}(")
            .text("b")
            .tensor("0", 4, 0, of(4), of(1))
            .code("u")
            .end();
    assertRefused(TorchZip.of(pickle, STORAGE), "two tensors named [a.b]");
  }

  @Test
  void aNameOfAnyKindGivesAMessageOfOneShortLine() {
    String name = "\u001b[31m\u202e" + "x".repeat(30_000);
    assertRefused(TorchZip.of(pickle().global(name, "f").toBytes()), "names [?[31m?xxx");
  }

  private static final byte[] SOUND = view(0, of(4), of(1));

  @Test
  void aCompressedEntryIsRefused() {
    assertRefused(TorchZip.of(SOUND, new byte[1 << 20]).compressed(), "is compressed");
  }

  @Test
  void aZipThatIsNoCheckpointIsRefused() {
    assertRefused(new TorchZip().with("a.txt", STORAGE), "has 0 entries NAME/data.pkl");
    assertRefused(TorchZip.of(SOUND, STORAGE).with("x/data.pkl", SOUND), "has 2 entries");
    assertRefused(TorchZip.of(SOUND, STORAGE).with("model/byteorder", "big"), "big-endian");
  }

  @Test
  void aFileThatIsNoZipIsRefused() throws IOException {
    Path file = folder.resolve("model.bin");
    for (byte[] bytes : new byte[][] {new byte[0], new byte[1000], SOUND}) {
      assertRefused(Files.write(file, bytes), "not a zip as torch.save writes it");
    }
    assertRefused(folder, "not a regular file");
  }

  /** Also a test of the library that reads the zip: no other exception may come out of it. */
  @Test
  void aFileDamagedAnywhereIsRefusedOrRead() throws IOException {
    Path file = TorchZip.of(SOUND, STORAGE).writeTo(folder.resolve("model.bin"));
    byte[] whole = Files.readAllBytes(file);
    var random = new Random(1);
    int refused = 0;
    for (int i = 0; i < 3000; i++) {
      byte[] damaged = i < whole.length ? Arrays.copyOf(whole, i) : whole.clone();
      for (int place = 0; place < 1 + i % 3 && i >= whole.length; place++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      try (PyTorchFile read = PyTorchFile.open(Files.write(file, damaged))) {
        assertThat(read.tensors()).isNotEmpty();
      } catch (RefusedFileException e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(whole.length);
  }

  private void assertRefused(TorchZip zip, String reason) {
    assertRefused(zip.writeTo(folder.resolve("model.bin")), reason);
  }

  private static void assertRefused(Path file, String reason) {
    assertThatThrownBy(() -> PyTorchFile.open(file).close())
        .isInstanceOfSatisfying(
            RefusedFileException.class, refused -> assertThat(refused.getReason()).contains(reason))
        .message()
        .startsWith(file + ": ")
        .doesNotContainPattern("[\\p{Cntrl}\\u202e]")
        .hasSizeLessThan(file.toString().length() + 300);
  }
}

package dev.anneal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is not a valid file is refused, by its path and the reason. */
class HostileSafeTensorsTest {

  @TempDir Path folder;

  @ParameterizedTest
  @MethodSource({"texts", "fields", "shapes", "ranges", "nestings"})
  void aHostileHeaderIsRefused(String header, int zeros, String reason) throws IOException {
    assertRefused(HandMade.bytes(header, zeros), reason);
  }

  static Stream<Arguments> texts() {
    return Stream.of(
        argumentSet("no header", "", 0, "the header: found nothing, expected an object"),
        argumentSet("blank header", "   ", 0, "the header: found nothing, expected an object"),
        argumentSet("not JSON", "weights", 0, "the header is not JSON: Unrecognized token"),
        argumentSet("cut off JSON", "{\"w\": {", 0, "the header is not JSON: Unexpected end"),
        argumentSet("a list", "[]", 0, "the header: found a list, expected an object"),
        argumentSet("null", "null", 0, "the header: found null, expected an object"),
        argumentSet("two objects", "{} {}", 0, "the header goes on behind its JSON object"),
        argumentSet("text behind", "{}\0", 0, "the header is not JSON: "),
        argumentSet(
            "duplicate tensor",
            "{" + tensor("w", "U8", "[0]", "[0,0]") + "," + tensor("w", "U8", "[0]", "[0,0]") + "}",
            0,
            "Duplicate Object property \"w\""),
        argumentSet(
            "duplicate tensor in disguise",
            "{" + tensor("w", "U8", "[0]", "[0,0]") + ", \"\\u0077\": {}}",
            0,
            "Duplicate Object property \"w\""),
        argumentSet(
            "metadata is no object",
            "{\"__metadata__\": \"pt\"}",
            0,
            "__metadata__: found a text, expected an object"),
        argumentSet(
            "metadata holds a number",
            "{\"__metadata__\": {\"epoch\": 3}}",
            0,
            "__metadata__ [epoch]: found a number, expected a text"),
        argumentSet(
            "metadata holds an object",
            "{\"__metadata__\": {\"a\": {}}}",
            0,
            "__metadata__ [a]: found an object, expected a text"),
        argumentSet(
            "metadata key twice",
            "{\"__metadata__\": {\"a\": \"\", \"a\": \"\"}}",
            0,
            "Duplicate Object property \"a\""));
  }

  static Stream<Arguments> fields() {
    return Stream.of(
        argumentSet("a tensor is a number", "{\"w\": 1}", 0, "[w]: found a number, expected an"),
        argumentSet("no fields", "{\"w\": {}}", 0, "[w] has no dtype"),
        argumentSet(
            "no dtype", "{\"w\": {\"shape\":[],\"data_offsets\":[0,1]}}", 1, "[w] has no dtype"),
        argumentSet(
            "no shape",
            "{\"w\": {\"dtype\":\"U8\",\"data_offsets\":[0,1]}}",
            1,
            "[w] has no shape"),
        argumentSet(
            "no data_offsets",
            "{\"w\": {\"dtype\":\"U8\",\"shape\":[]}}",
            1,
            "[w] has no data_offsets"),
        argumentSet(
            "unknown field", "{\"w\": {\"strides\":[1]}}", 1, "[w] has an unknown field [strides]"),
        argumentSet("unknown dtype", one("F8_E4M3", "[1]", "[0,1]"), 1, "[w] has dtype [F8_E4M3]"),
        argumentSet("dtype in small letters", one("f32", "[1]", "[0,4]"), 4, "has dtype [f32]"),
        argumentSet(
            "dtype is no text", "{\"w\": {\"dtype\": 32}}", 1, "dtype of [w]: found a number"),
        argumentSet(
            "dtype twice",
            "{\"w\": {\"dtype\": \"U8\", \"dtype\": \"U8\"}}",
            1,
            "Duplicate Object property \"dtype\""));
  }

  static Stream<Arguments> shapes() {
    return Stream.of(
        argumentSet("negative length", one("U8", "[-1]", "[0,1]"), 1, "shape of [w]: found [-1]"),
        argumentSet("length is text", one("U8", "[\"1\"]", "[0,1]"), 1, "shape of [w]: found [1]"),
        argumentSet("half a length", one("U8", "[0.5]", "[0,1]"), 1, "shape of [w]: found [0.5]"),
        argumentSet("null length", one("U8", "[null]", "[0,1]"), 1, "shape of [w]: found [null]"),
        argumentSet("nested shape", one("U8", "[[1]]", "[0,1]"), 1, "shape of [w]: found [[]"),
        argumentSet(
            "shape is a number", one("U8", "1", "[0,1]"), 1, "shape of [w]: found a number"),
        argumentSet(
            "length of 2^63",
            one("U8", "[9223372036854775808]", "[0,1]"),
            1,
            "shape of [w]: found [9223372036854775808]"),
        argumentSet(
            "bytes beyond 2^63",
            one("F64", "[1152921504606846976]", "[0,8]"),
            8,
            "[w] has shape [1152921504606846976], expected fewer than 2^63 bytes"),
        argumentSet(
            "product that wraps to 0",
            one("U8", "[4294967296,4294967296]", "[0,0]"),
            0,
            "expected fewer than 2^63 bytes"),
        argumentSet(
            "product that wraps to 4",
            one("U8", "[4611686018427387905,4]", "[0,4]"),
            4,
            "expected fewer than 2^63 bytes"),
        argumentSet(
            "empty but absurd",
            one("U8", "[9223372036854775807,2,0]", "[0,0]"),
            0,
            "expected fewer than 2^63 bytes"),
        argumentSet(
            "too many axes",
            one("U8", "[1" + ",1".repeat(100_000) + "]", "[0,1]"),
            1,
            "shape of [w]: more than 64 numbers"));
  }

  static Stream<Arguments> ranges() {
    return Stream.of(
        argumentSet("begin after end", one("U8", "[2]", "[2,0]"), 2, "ends before it begins"),
        argumentSet("negative begin", one("U8", "[1]", "[-1,0]"), 1, "data_offsets of [w]: found"),
        argumentSet("one offset", one("U8", "[1]", "[1]"), 1, "are 1 numbers, expected 2"),
        argumentSet("three offsets", one("U8", "[1]", "[0,1,1]"), 1, "are 3 numbers, expected 2"),
        argumentSet("beyond the file", one("U8", "[9]", "[0,9]"), 8, "beyond the 8 bytes"),
        argumentSet(
            "far beyond the file",
            one("U8", "[9223372036854775807]", "[0,9223372036854775807]"),
            8,
            "beyond the 8 bytes"),
        argumentSet("too small", one("F32", "[2]", "[0,4]"), 4, "shape [2] takes 8 bytes"),
        argumentSet("too large", one("F32", "[1]", "[0,8]"), 8, "shape [1] takes 4 bytes"),
        argumentSet("trailing bytes", one("U8", "[4]", "[0,4]"), 7, "3 trailing bytes"),
        argumentSet("nothing declared", "{}", 5, "5 trailing bytes"),
        argumentSet("hole in front", one("U8", "[1]", "[3,4]"), 4, "begins at 3 and leaves a hole"),
        argumentSet("hole between", two("[0,4]", "[5,9]"), 9, "begins at 5 and leaves a hole"),
        argumentSet("overlap", two("[0,4]", "[3,7]"), 7, "[b] begins at 3 and overlaps another"),
        argumentSet("the same bytes", two("[0,4]", "[0,4]"), 4, "begins at 0 and overlaps"));
  }

  /** Each would cost a parser that follows it its stack. */
  static Stream<Arguments> nestings() {
    String deep = "[".repeat(1_000_000);
    return Stream.of(
        argumentSet("as the header", deep, 0, "the header: found a list"),
        argumentSet("as a tensor", "{\"w\": " + deep, 0, "[w]: found a list"),
        argumentSet("as a field", "{\"w\": {\"x\": " + deep, 0, "unknown field [x]"),
        argumentSet("as a shape", "{\"w\": {\"shape\": " + deep, 0, "shape of [w]: found [[]"),
        argumentSet("as metadata", "{\"__metadata__\": {\"a\": " + deep, 0, "[a]: found a list"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7})
  void aFileWithoutRoomForTheHeaderLengthIsRefused(int size) throws IOException {
    assertRefused(new byte[size], "has " + size + " bytes, expected at least 8");
  }

  @Test
  void aHeaderLongerThanTheFileIsRefused() throws IOException {
    byte[] bytes = HandMade.bytes("{}", 0);
    bytes[0] = 3;
    assertRefused(bytes, "announces a header of 3 bytes, but only 2 follow");
  }

  @Test
  void aHeaderBeyondTheLimitOfTheFormatIsRefused() throws IOException {
    byte[] bytes = HandMade.bytes("{}", 0);
    bytes[3] = 6;
    assertRefused(bytes, "announces a header of 100663298 bytes, expected at most 100000000");
  }

  @Test
  void aHeaderLengthBeyondSixtyThreeBitsIsRefused() throws IOException {
    byte[] bytes = HandMade.bytes("{}", 0);
    bytes[7] = (byte) 0x80;
    assertRefused(bytes, "announces a header of 9223372036854775810 bytes");
  }

  @Test
  void aHeaderThatIsNotUtf8IsRefused() throws IOException {
    byte[] latin = "{\"é\": 1}".getBytes(StandardCharsets.ISO_8859_1);
    assertRefused(HandMade.bytes(latin, 0), "the header is not UTF-8 text");
    byte[] wide = "{}".getBytes(StandardCharsets.UTF_16LE);
    assertRefused(HandMade.bytes(wide, 0), "the header is not JSON");
  }

  @Test
  void aNameOfAnyLengthAndKindGivesAMessageOfOneShortLine() throws IOException {
    String name = "\\n\\u001b[31m\\u202e" + "x".repeat(30_000);
    Path file = HandMade.file(folder, HandMade.bytes("{\"" + name + "\": 1}", 0));
    assertThatThrownBy(() -> SafeTensors.open(file))
        .isInstanceOf(RefusedFileException.class)
        .message()
        .doesNotContainPattern("[\\p{Cntrl}\\u202e]")
        .hasSizeLessThan(file.toString().length() + 200);
  }

  @Test
  void aNameThatCannotBeEncodedIsRefused() throws IOException {
    assertRefused(
        HandMade.bytes("{" + tensor("\\ud800", "U8", "[0]", "[0,0]") + "}", 0),
        "tensor name [?]: expected Unicode text");
  }

  private void assertRefused(byte[] bytes, String reason) throws IOException {
    Path file = HandMade.file(folder, bytes);
    assertThatThrownBy(() -> SafeTensors.open(file).close())
        .isInstanceOfSatisfying(
            RefusedFileException.class,
            refused -> {
              assertThat(refused.getFile()).isEqualTo(file.toString());
              assertThat(refused.getReason()).contains(reason);
            })
        .hasMessageStartingWith(file + ": ");
  }

  private static String one(String type, String shape, String offsets) {
    return "{" + tensor("w", type, shape, offsets) + "}";
  }

  /** Two tensors of four bytes. */
  private static String two(String first, String second) {
    return "{" + tensor("a", "F32", "[1]", first) + "," + tensor("b", "F32", "[1]", second) + "}";
  }

  private static String tensor(String name, String type, String shape, String offsets) {
    return "\"%s\": {\"dtype\": \"%s\", \"shape\": %s, \"data_offsets\": %s}"
        .formatted(name, type, shape, offsets);
  }
}

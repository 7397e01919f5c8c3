package dev.anneal.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever is done to a file, it is read or refused: nothing else happens. */
class SafeTensorsPropertyTest {

  private static final String HEADER =
      """
      {"__metadata__": {"format": "pt"},
       "a": {"dtype": "F32", "shape": [2, 1], "data_offsets": [0, 8]},
       "b": {"dtype": "BOOL", "shape": [], "data_offsets": [8, 9]}}
      """;

  private static final List<String> INTRUDERS =
      List.of(
          "-1",
          "0",
          "9",
          "9223372036854775807",
          "1e9",
          "[",
          "]",
          "{",
          "}",
          ",",
          "\"",
          "\\u0000",
          "null",
          "\"F64\"",
          "\"a\"",
          "\"data_offsets\":",
          "\"__metadata__\":",
          "\0",
          "é");

  private static Path file = Path.of("set before the first try");

  @BeforeContainer
  static void makeFile() throws IOException {
    file = Files.createTempFile("anneal-property", ".safetensors");
  }

  @AfterContainer
  static void removeFile() throws IOException {
    Files.delete(file);
  }

  @Property(tries = 500)
  void changedBytesAreReadOrRefused(
      @ForAll @Size(min = 1, max = 4) List<@IntRange(max = 0xFFFFFF) Integer> damages)
      throws IOException {
    byte[] bytes = HandMade.bytes(HEADER, 9);
    for (int damage : damages) {
      bytes[(damage >>> 8) % bytes.length] = (byte) damage;
    }
    assertReadOrRefused(bytes);
  }

  @Property(tries = 500)
  void changedHeadersAreReadOrRefused(
      @ForAll @IntRange(max = 200) int begin,
      @ForAll @IntRange(max = 12) int length,
      @ForAll @IntRange(max = 18) int intruder)
      throws IOException {
    int from = begin % HEADER.length();
    int to = Math.min(HEADER.length(), from + length);
    String header = HEADER.substring(0, from) + INTRUDERS.get(intruder) + HEADER.substring(to);
    assertReadOrRefused(HandMade.bytes(header, 9));
  }

  @Property(tries = 200)
  void aFileCutOffAnywhereIsRefused(@ForAll @IntRange(max = 10_000) int length) throws IOException {
    byte[] whole = HandMade.bytes(HEADER, 9);
    Files.write(file, Arrays.copyOf(whole, length % whole.length));
    assertThat(isRead()).isFalse();
  }

  @Property(tries = 200)
  void anyTextAsHeaderIsReadOrRefused(@ForAll String text) throws IOException {
    assertReadOrRefused(HandMade.bytes(text.getBytes(StandardCharsets.UTF_8), 0));
  }

  private static void assertReadOrRefused(byte[] bytes) throws IOException {
    Files.write(file, bytes);
    assertThatCode(SafeTensorsPropertyTest::isRead).doesNotThrowAnyException();
  }

  /** Reads every byte of every tensor; any other exception than a refusal fails the test. */
  private static boolean isRead() throws IOException {
    try (var tensors = SafeTensors.open(file)) {
      long size = 0;
      for (StoredTensor tensor : tensors.tensors().values()) {
        byte[] copy = new byte[Math.toIntExact(tensor.bytes().byteSize())];
        MemorySegment.ofArray(copy).copyFrom(tensor.bytes());
        size += copy.length;
      }
      assertThat(size).isLessThan(Files.size(file));
      return true;
    } catch (RefusedFileException refused) {
      assertThat(refused).hasMessageStartingWith(file + ": ");
      return false;
    }
  }
}

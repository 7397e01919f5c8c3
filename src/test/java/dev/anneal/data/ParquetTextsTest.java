package dev.anneal.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.anneal.recipe.Split;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Parquet files that DuckDB wrote, with the fields id, text, article and tags, and four rows. */
final class ParquetTextsTest {
  @TempDir private Path folder;

  private static Path file(String name) {
    try {
      return Path.of(
          Objects.requireNonNull(ParquetTextsTest.class.getResource(name + ".parquet")).toURI());
    } catch (URISyntaxException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static List<String> read(Path file, String field) throws IOException {
    var texts = new ArrayList<String>();
    var ends = new ArrayList<Long>();
    new Documents(List.of(file), Split.FILE, field)
        .read(
            new DocumentSink() {
              private final StringBuilder text = new StringBuilder();

              @Override
              public void piece(String piece) {
                text.append(piece);
              }

              @Override
              public void end() {
                texts.add(text.toString());
                text.setLength(0);
              }
            },
            (done, total) -> ends.add(done));
    assertThat(ends).isSorted();
    assertThat(ends.getLast()).isEqualTo(Files.size(file));
    return texts;
  }

  @ParameterizedTest
  @ValueSource(strings = {"snappy", "zstd", "gzip", "uncompressed"})
  void everyRowWithATextIsADocument(String codec) throws IOException {
    assertThat(read(file(codec), "text"))
        .containsExactly("First text.\nIt has two lines, and an ä.", "Fourth text.");
    assertThat(read(file(codec), "article")).containsExactly("a", "b", "c", "d");
  }

  @Test
  void aMissingFieldIsNamedWithThoseThatThereAre() {
    assertThatIOException()
        .isThrownBy(() -> read(file("snappy"), "body"))
        .withMessageContainingAll("snappy.parquet", "\"body\"", "id, text, article, tags");
  }

  @ParameterizedTest
  @ValueSource(strings = {"id", "tags"})
  void aFieldWithoutTextsIsRefused(String field) {
    assertThatIOException()
        .isThrownBy(() -> read(file("snappy"), field))
        .withMessageContainingAll("\"" + field + "\"", "expected strings");
  }

  @Test
  void whatIsNoParquetFileIsRefused() throws IOException {
    byte[] whole = Files.readAllBytes(file("zstd"));
    byte[] damaged = whole.clone();
    Arrays.fill(damaged, 4, damaged.length / 3, (byte) 7);
    for (byte[] content :
        List.of(
            new byte[0],
            "some text".getBytes(StandardCharsets.UTF_8),
            Arrays.copyOf(whole, 500),
            damaged)) {
      Path file = Files.write(folder.resolve("bad.parquet"), content);
      assertThatIOException()
          .isThrownBy(() -> read(file, "text"))
          .withMessageContaining("bad.parquet: damaged Parquet file: ");
    }
  }
}

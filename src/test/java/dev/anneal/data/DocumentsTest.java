package dev.anneal.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anneal.recipe.Split;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentsTest {

  @TempDir Path folder;

  @Test
  void aTextFileIsOneDocument() throws IOException {
    Path file = write("a.txt", "one\r\n\n two\n");
    assertThat(read(Documents.of(file))).containsExactly("one\n\n two");
  }

  @Test
  void everyLineIsADocumentWhereAsked() throws IOException {
    Path file = write("a.txt", "one\n \ntwo\nthree");
    assertThat(read(split(file, Split.LINE))).containsExactly("one", "two", "three");
  }

  @Test
  void blankLinesPartDocumentsWhereAsked() throws IOException {
    Path file = write("a.txt", "\none\nmore\n\n\ntwo\n");
    assertThat(read(split(file, Split.BLANK_LINE))).containsExactly("one\nmore", "two");
  }

  @Test
  void aBlankFileHasNoDocument() throws IOException {
    assertThat(read(Documents.of(write("a.txt", " \n\n")))).isEmpty();
  }

  @Test
  void aLongTextComesInPiecesThatTogetherAreTheText() throws IOException {
    String text = "A line of some words.\n".repeat(20_000).strip();
    var collected = new Collected();
    Documents.of(write("a.txt", text)).read(collected, Progress.silent());
    assertThat(collected.documents).containsExactly(text);
    assertThat(collected.longestPiece).isLessThan(text.length() / 4);
  }

  @Test
  void objectsAndZippedFilesAreReadInOrder() throws IOException {
    Path objects =
        write("a.jsonl", "{\"id\": 1, \"body\": \"one\\n\\ntwo\"}\n\n{\"body\": \"three\"}");
    Path zipped = zip("b.txt.gz", "four");
    Path both = zip("c.jsonl.gz", "{\"body\": \"five\"}\n{\"body\": \"\"}\n");
    var documents = new Documents(List.of(objects, zipped, both), Split.FILE, "body");
    assertThat(read(documents)).containsExactly("one\n\ntwo", "three", "four", "five");
  }

  @Test
  void aBadObjectIsRefusedWithFileAndLine() throws IOException {
    for (String bad : List.of("{\"text\": ", "[1]", "{\"txt\": \"a\"}", "{\"text\": 7}", "{} {}")) {
      Path file = write("bad.jsonl", "{\"text\": \"fine\"}\n" + bad + "\n");
      assertThatIOException()
          .isThrownBy(() -> read(Documents.of(file)))
          .withMessageStartingWith(file + ":2: ");
    }
  }

  @Test
  void textThatIsNotUtf8IsRefused() throws IOException {
    Path file = folder.resolve("latin.txt");
    Files.write(file, "caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThatIOException()
        .isThrownBy(() -> read(Documents.of(file)))
        .withMessageContaining(file + ": not UTF-8");
  }

  @Test
  void aDamagedGzipFileIsRefused() throws IOException {
    Path whole = zip("whole.txt.gz", "some text ".repeat(1000));
    byte[] bytes = Files.readAllBytes(whole);
    Path cut = folder.resolve("cut.txt.gz");
    Files.write(cut, Arrays.copyOf(bytes, bytes.length - 12));
    Path plain = write("plain.txt.gz", "no gzip at all");
    for (Path file : List.of(cut, plain)) {
      assertThatIOException()
          .isThrownBy(() -> read(Documents.of(file)))
          .withMessageContaining(file + ": damaged gzip file");
    }
  }

  @Test
  void aMissingFileIsNamed() {
    Path file = folder.resolve("nowhere.txt");
    assertThatIOException()
        .isThrownBy(() -> read(Documents.of(file)))
        .withMessageContaining(file + ": no such corpus file");
  }

  @Test
  void anUnknownEndingIsRefusedBeforeAnythingIsRead() {
    assertThatThrownBy(() -> Documents.of(Path.of("book.pdf")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("book.pdf")
        .hasMessageContaining(".txt, .txt.gz, .jsonl, .jsonl.gz or .parquet");
    assertThatThrownBy(Documents::of)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least one");
  }

  @Test
  void progressGoesUpToTheSizeOfAllFiles() throws IOException {
    Path first = write("a.txt", "one\n".repeat(10_000));
    Path second = zip("b.txt.gz", "two\n".repeat(10_000));
    long total = Files.size(first) + Files.size(second);
    var heard = new ArrayList<Long>();
    Documents.of(first, second)
        .read(
            new Collected(),
            (done, of) -> {
              assertThat(of).isEqualTo(total);
              heard.add(done);
            });
    assertThat(heard).isSorted().hasSizeGreaterThan(2).endsWith(total);
  }

  @Test
  void theDigestFollowsNameContentAndSplit() throws IOException {
    Path file = write("a.txt", "one\n");
    String digest = Documents.of(file).digest();
    assertThat(Documents.of(file).digest()).isEqualTo(digest);
    assertThat(split(file, Split.LINE).digest()).isNotEqualTo(digest);
    assertThat(Documents.of(write("b.txt", "one\n")).digest()).isNotEqualTo(digest);
    assertThat(Documents.of(write("a.txt", "two\n")).digest()).isNotEqualTo(digest);
  }

  /** The bundled text: ten novels to train on, parts of three to measure on. */
  @Test
  void theBundledNovelsAreSmallAndPartedByBlankLines() throws IOException {
    Path train = Path.of("data/novels-train.txt.gz");
    Path valid = Path.of("data/novels-valid.txt.gz");
    assertThat(Files.size(train) + Files.size(valid)).isLessThan(3_000_000);
    List<String> novels = read(split(train, Split.BLANK_LINE));
    assertThat(novels).hasSize(10).allMatch(novel -> novel.length() > 300_000);
    assertThat(novels.getFirst()).startsWith("Emma Woodhouse, handsome, clever, and rich");
    assertThat(novels.getLast()).startsWith("Call me Ishmael.");
    assertThat(read(split(valid, Split.BLANK_LINE))).hasSize(3);
  }

  static Documents split(Path file, Split split) {
    return new Documents(List.of(file), split, "text");
  }

  static List<String> read(Documents documents) throws IOException {
    var collected = new Collected();
    documents.read(collected, Progress.silent());
    return collected.documents;
  }

  private Path write(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private Path zip(String name, String content) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      gzip.write(content.getBytes(StandardCharsets.UTF_8));
    }
    return Files.write(folder.resolve(name), bytes.toByteArray());
  }

  private static final class Collected implements DocumentSink {
    final List<String> documents = new ArrayList<>();
    int longestPiece;
    private final StringBuilder open = new StringBuilder();

    @Override
    public void piece(String text) {
      longestPiece = Math.max(longestPiece, text.length());
      open.append(text);
    }

    @Override
    public void end() {
      documents.add(open.toString());
      open.setLength(0);
    }
  }
}

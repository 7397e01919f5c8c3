package dev.anneal.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anneal.recipe.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenFileTest {

  private static final int HEADER_BYTES = 96;

  @TempDir Path folder;
  private Path text;
  private Path cache;

  @BeforeEach
  void writeText() throws IOException {
    text = Files.writeString(folder.resolve("a.txt"), "ab\ncd\n");
    cache = folder.resolve("cache");
  }

  @Test
  void documentsFollowOneAnotherAndEndWithTheEndToken() throws IOException {
    var file = prepare(lines(), new ByteTokenizer());
    assertThat(file.slice(0, 6)).containsExactly('a', 'b', 256, 'c', 'd', 256);
    assertThat(file.slice(4, 2)).containsExactly('d', 256);
    assertThat(file.tokens()).isEqualTo(6);
    assertThat(file.documents()).isEqualTo(2);
    assertThat(file.tokenizerDigest()).isEqualTo(new ByteTokenizer().digest());
    assertThat(file.sourceDigest()).isEqualTo(lines().digest());
  }

  @Test
  void tokensTakeTwoBytesWhereTheMaskFitsIntoThem() throws IOException {
    prepare(lines(), new Counting(65535));
    assertThat(Files.size(onlyFile())).isEqualTo(HEADER_BYTES + 6 * 2);
  }

  @Test
  void aLargeVocabularyTakesFourBytes() throws IOException {
    var file = prepare(lines(), new Counting(65536));
    assertThat(Files.size(onlyFile())).isEqualTo(HEADER_BYTES + 6 * 4);
    assertThat(file.slice(1, 3)).containsExactly(65434 + 'b' - 'a', 65535, 65434 + 'c' - 'a');
  }

  @Test
  void idsAboveTheSignedRangeOfTwoBytesAreReadBack() throws IOException {
    var file = prepare(lines(), new Counting(65535));
    assertThat(file.slice(2, 1)).containsExactly(65534);
  }

  @Test
  void aCorpusIsTokenizedOnce() throws IOException {
    var tokenizer = new Counting(300);
    prepare(lines(), tokenizer);
    prepare(lines(), tokenizer);
    assertThat(tokenizer.encoded).hasValue(2);
  }

  @Test
  void anotherTextOrTokenizerIsTokenizedAgain() throws IOException {
    prepare(lines(), new ByteTokenizer());
    assertThat(prepare(lines(), new Counting(300)).slice(0, 1)).containsExactly(198);
    Files.writeString(text, "xy\n");
    assertThat(prepare(lines(), new ByteTokenizer()).slice(0, 3)).containsExactly('x', 'y', 256);
    assertThat(files()).hasSize(3);
  }

  @Test
  void aLongDocumentHasTheTokensOfItsWholeText() throws IOException {
    String whole =
        String.join(
            "\n",
            IntStream.range(0, 20_000)
                .mapToObj(i -> i % 7 == 0 ? "" : "  ".repeat(i % 3) + "line " + i + ", it's here")
                .toList());
    Files.writeString(text, whole);
    var tokenizer = new GptTokenizer();
    var file = prepare(Documents.of(text), tokenizer);
    int[] expected = tokenizer.encode(whole.stripTrailing());
    assertThat(file.slice(0, expected.length)).isEqualTo(expected);
    assertThat(file.tokens()).isEqualTo(expected.length + 1);
  }

  @Test
  void aFailureLeavesNothingBehind() throws IOException {
    Path bad = Files.writeString(folder.resolve("a.jsonl"), "{\"text\": \"fine\"}\n{\"txt\": 1}\n");
    assertThatIOException()
        .isThrownBy(() -> prepare(Documents.of(bad), new ByteTokenizer()))
        .withMessageContaining("a.jsonl:2:");
    assertThat(files()).isEmpty();
  }

  @Test
  void aPlaceThatCannotBeWrittenIsNamed() throws IOException {
    cache = Files.writeString(folder.resolve("file"), "in the way");
    assertThatIOException()
        .isThrownBy(() -> prepare(lines(), new ByteTokenizer()))
        .withMessageContaining("cannot write " + cache);
  }

  @Test
  void severalAtOnceAllGetTheirTokens() throws Exception {
    Callable<Long> job = () -> prepare(lines(), new ByteTokenizer()).tokens();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var result : threads.invokeAll(List.of(job, job, job, job))) {
        assertThat(result.get()).isEqualTo(6);
      }
    }
    assertThat(files()).hasSize(1);
  }

  @Test
  void aTruncatedFileIsRefused() throws IOException {
    prepare(lines(), new ByteTokenizer());
    Path file = onlyFile();
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), HEADER_BYTES + 7));
    assertThatIOException()
        .isThrownBy(() -> TokenFile.open(file))
        .withMessageContaining(file + ": damaged token file: 103 bytes, expected 108");
  }

  @Test
  void aForeignFileIsRefused() throws IOException {
    prepare(lines(), new ByteTokenizer());
    byte[] good = Files.readAllBytes(onlyFile());
    Path file = folder.resolve("foreign.tokens");
    for (int place : new int[] {0, 8, 12, 23}) { // magic, version, width, sign of the count
      byte[] bad = good.clone();
      bad[place] ^= (byte) 0xC1;
      Files.write(file, bad);
      assertThatIOException()
          .isThrownBy(() -> TokenFile.open(file))
          .withMessageContaining(file + ": not a token file");
    }
    Files.writeString(file, "short");
    assertThatIOException().isThrownBy(() -> TokenFile.open(file)).withMessageContaining("not a");
  }

  @Test
  void aFileUnderTheNameOfAnotherIsNotReused() throws IOException {
    prepare(lines(), new ByteTokenizer());
    Path bytes = onlyFile();
    byte[] content = Files.readAllBytes(bytes);
    Files.delete(bytes);
    prepare(lines(), new Counting(300));
    Files.write(onlyFile(), content);
    assertThatIOException()
        .isThrownBy(() -> prepare(lines(), new Counting(300)))
        .withMessageContaining(onlyFile() + ": not the tokens");
  }

  @Test
  void readingBeyondTheEndIsRefused() throws IOException {
    var file = prepare(lines(), new ByteTokenizer());
    assertThatThrownBy(() -> file.slice(5, 2)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  private TokenFile prepare(Documents documents, Tokenizer tokenizer) throws IOException {
    return TokenFile.prepare(cache, documents, tokenizer, Progress.silent());
  }

  private Documents lines() {
    return new Documents(List.of(text), Split.LINE, "text");
  }

  private Path onlyFile() throws IOException {
    assertThat(files()).hasSize(1);
    return files().getFirst();
  }

  private List<Path> files() throws IOException {
    try (var files = Files.list(cache)) {
      return new ArrayList<>(files.toList());
    }
  }

  /** Letters near the top of a vocabulary of any size; counts the texts it is given. */
  private static final class Counting implements Tokenizer {
    final AtomicInteger encoded = new AtomicInteger();
    private final int size;

    Counting(int size) {
      this.size = size;
    }

    @Override
    public int size() {
      return size;
    }

    @Override
    public int end() {
      return size - 1;
    }

    @Override
    public int[] encode(String text) {
      encoded.incrementAndGet();
      return text.chars().map(letter -> size - 102 + letter - 'a').toArray();
    }

    @Override
    public byte[] bytes(int id) {
      return new byte[] {(byte) id};
    }

    @Override
    public void save(Path folder) {
      throw new UnsupportedOperationException();
    }
  }
}

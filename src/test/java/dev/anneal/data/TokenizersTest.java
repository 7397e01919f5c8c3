package dev.anneal.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anneal.recipe.Split;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenizersTest {

  private static final String SMALL = TokenizerContractTest.path("bpe-small.json").toString();

  @TempDir Path folder;

  @Test
  void gpt2HasItsPublishedIds() {
    var gpt2 = new GptTokenizer();
    assertThat(gpt2.encode("Hello world")).containsExactly(15496, 995);
    assertThat(gpt2.encode("\n\n")).containsExactly(628);
    assertThat(gpt2.size()).isEqualTo(50257);
    assertThat(gpt2.end()).isEqualTo(50256);
  }

  /** The ids follow by hand from the merges of the file. */
  @Test
  void aTokenizerFileMergesInItsOrder() throws IOException {
    var small = Tokenizers.named(SMALL);
    assertThat(small.size()).isEqualTo(557);
    assertThat(small.end()).isZero();
    assertThat(small.encode("It was the end")).containsExactly(41, 84, 420, 263, 221, 402);
    assertThat(small.encode("<|endoftext|>"))
        .containsExactly(28, 92, 402, 79, 70, 84, 69, 88, 84, 92, 30);
    assertThat(small.bytes(221)).containsExactly(' ');
    assertThat(small.bytes(263)).asString().isEqualTo(" the");
  }

  @Test
  void tinyShakespeareHasATokenForEachOfItsCharacters() throws IOException {
    var characters = Tokenizers.named("data/tinyshakespeare-tokenizer.json");
    assertThat(characters.size()).isEqualTo(66);
    for (String part : List.of("train", "valid")) {
      Path file = Path.of("data/tinyshakespeare-%s.txt.gz".formatted(part));
      String text = DocumentsTest.read(DocumentsTest.split(file, Split.FILE)).getFirst();
      int[] ids = characters.encode(text);
      assertThat(ids).hasSameSizeAs(text.toCharArray());
      var spelled = new ByteArrayOutputStream();
      IntStream.of(ids).limit(1_000).forEach(id -> spelled.writeBytes(characters.bytes(id)));
      assertThat(spelled.toString(UTF_8)).isEqualTo(text.substring(0, 1_000));
    }
  }

  @Test
  void aTokenizerFileIsNeverCutShort() throws IOException {
    assertThat(Tokenizers.named(SMALL).encode("?".repeat(3000))).hasSize(3000);
  }

  @Test
  void theDigestOfATokenizerFileIsItsSha256() throws IOException {
    assertThat(Tokenizers.named(SMALL).digest())
        .isEqualTo("01c4c0e7f1b8bab270037276a742907c9d2721799e26e186794f33028c09d75e");
  }

  @ParameterizedTest
  @ValueSource(strings = {"byte", "gpt2", "json"})
  void aModelFolderGivesItsTokenizerBack(String name) throws IOException {
    var tokenizer = Tokenizers.named(name.equals("json") ? SMALL : name);
    tokenizer.save(folder);
    var loaded = Tokenizers.load(folder);
    assertThat(loaded.digest()).isEqualTo(tokenizer.digest());
    assertThat(loaded.encode("It was é")).isEqualTo(tokenizer.encode("It was é"));
  }

  @Test
  void wordPiecesComeBackWithTheirSpaces() throws IOException {
    var words =
        json(
            """
            {"model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
              "max_input_chars_per_word": 100,
              "vocab": {"[UNK]": 0, "[SEP]": 1, "sail": 2, "##ing": 3, "ship": 4, "[PAD]": 5}},
             "added_tokens": [{"id": 1, "content": "[SEP]", "special": true, "single_word": false,
               "lstrip": false, "rstrip": false, "normalized": false}],
             "pre_tokenizer": {"type": "Whitespace"},
             "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true}}
            """);
    assertThat(words.end()).isEqualTo(1);
    assertThat(words.encode("sailing ship")).containsExactly(2, 3, 4);
    assertThat(words.decode(new int[] {2, 3, 4, 1})).isEqualTo(" sailing ship");
  }

  @Test
  void anEndTokenSpelledInAUnigramTextIsLeftOut() throws IOException {
    var unigram =
        json(
            """
            {"model": {"type": "Unigram", "unk_id": 0,
              "vocab": [["<unk>", 0], ["</s>", 0], ["\u2581sea", -1], ["sea", -2]]},
             "pre_tokenizer": {"type": "Metaspace", "replacement": "\u2581",
               "prepend_scheme": "always", "split": true},
             "decoder": {"type": "Metaspace", "replacement": "\u2581",
               "prepend_scheme": "always", "split": true}}
            """);
    assertThat(unigram.encode("sea</s>sea sea")).containsExactly(2, 3, 2);
    assertThat(unigram.decode(new int[] {2, 3, 2, 1})).isEqualTo(" seasea sea");
  }

  @Test
  void anUnknownNameIsRefusedWithTheKnownOnes() {
    assertThatThrownBy(() -> Tokenizers.named("gpt3"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"gpt3\"")
        .hasMessageContaining("byte, gpt2");
  }

  @Test
  void aFileWithoutAnEndTokenIsRefused() {
    assertThatIOException()
        .isThrownBy(
            () -> json("{\"model\": {\"type\": \"BPE\", \"vocab\": {\"a\": 0}, \"merges\": []}}"))
        .withMessageContaining("tokenizer.json")
        .withMessageContaining("no end-of-document token")
        .withMessageContaining("<|endoftext|>");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "[]",
        "{\"model\": 1}",
        "{\"model\": {\"vocab\": {}}}",
        "{\"model\": {\"vocab\": {\"</s>\": \"first\"}}}",
        "{\"model\": {\"vocab\": {\"</s>\": -1}}}",
        "{\"model\": {\"vocab\": {\"</s>\": 2147483647}}}",
        "{\"model\": {\"vocab\": {\"</s>\": 0}}, \"added_tokens\": [{\"id\": 0}]}",
        "{\"builtin\": \"word\"}",
        "{\"model\": {\"type\": \"Oracle\", \"vocab\": {\"</s>\": 0}}}"
      })
  void aFileThatIsNoTokenizerIsRefusedByName(String content) {
    assertThatIOException()
        .isThrownBy(() -> json(content))
        .withMessageContaining(folder.resolve(Tokenizers.FILE).toString());
  }

  @Test
  void aFolderWithoutATokenizerIsRefused() {
    assertThatIOException()
        .isThrownBy(() -> Tokenizers.load(folder))
        .withMessageContaining(folder.resolve(Tokenizers.FILE).toString());
  }

  @Test
  void theSharedTokenizerHasItsPublishedSize() throws IOException {
    Path shared = Path.of("../shared/data/bpe8k-tokenizer.json");
    Assumptions.assumeTrue(Files.exists(shared), "../shared/data is missing: skipped");
    var tokenizer = Tokenizers.named(shared.toString());
    assertThat(tokenizer.size()).isEqualTo(8192);
    assertThat(tokenizer.end()).isZero();
    String text = "Call me Ishmael. Some years ago—never mind how long precisely…\n";
    assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
  }

  @Test
  void aStreamHoldsBackACharacterUntilItIsWhole() {
    var stream = new TextStream(new ByteTokenizer());
    byte[] grin = HexFormat.of().parseHex("f09f9880");
    assertThat(stream.feed('a')).isEqualTo("a");
    assertThat(stream.feed(grin[0] & 0xFF)).isEmpty();
    assertThat(stream.feed(grin[1] & 0xFF)).isEmpty();
    assertThat(stream.feed(grin[2] & 0xFF)).isEmpty();
    assertThat(stream.feed(grin[3] & 0xFF)).isEqualTo("😀");
    assertThat(stream.feed(grin[0] & 0xFF)).isEmpty();
    assertThat(stream.feed('b')).isEqualTo("\uFFFDb");
    assertThat(stream.feed(grin[0] & 0xFF)).isEmpty();
    assertThat(stream.finish()).isEqualTo("\uFFFD");
    assertThat(stream.finish()).isEmpty();
  }

  private Tokenizer json(String content) throws IOException {
    Files.writeString(folder.resolve(Tokenizers.FILE), content);
    return Tokenizers.load(folder);
  }
}

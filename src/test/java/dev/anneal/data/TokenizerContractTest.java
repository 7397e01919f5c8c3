package dev.anneal.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds for every byte-level tokenizer. */
class TokenizerContractTest {

  private static final List<Tokenizer> TOKENIZERS =
      List.of(new ByteTokenizer(), new GptTokenizer(), named("bpe-small.json"));

  @Property(tries = 300)
  void decodingGivesTheTextBack(
      @ForAll("tokenizers") Tokenizer tokenizer, @ForAll("texts") String text) {
    String wellFormed = text.replaceAll("\\p{Cs}", "?"); // matches unpaired surrogates only
    assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(wellFormed);
  }

  @Property(tries = 300)
  void everyIdOfATextIsARealTokenOtherThanTheEnd(
      @ForAll("tokenizers") Tokenizer tokenizer, @ForAll("texts") String text) {
    int[] ids = tokenizer.encode("<|endoftext|>" + text);
    assertThat(ids).doesNotContain(tokenizer.end());
    assertThat(Arrays.stream(ids).boxed()).allMatch(id -> id >= 0 && id < tokenizer.size());
  }

  @Property(tries = 300)
  void aStreamShowsInTheEndWhatDecodingShows(
      @ForAll("tokenizers") Tokenizer tokenizer, @ForAll("chances") List<Double> chances) {
    int[] ids = chances.stream().mapToInt(u -> (int) (u * tokenizer.size())).toArray();
    var stream = new TextStream(tokenizer);
    var shown = new StringBuilder();
    for (int id : ids) {
      shown.append(stream.feed(id));
    }
    shown.append(stream.finish());
    assertThat(shown.toString()).isEqualTo(tokenizer.decode(ids));
  }

  @Property(tries = 3)
  void theMaskFollowsTheRealTokensAndStandsForNoText(@ForAll("tokenizers") Tokenizer tokenizer) {
    assertThat(tokenizer.mask()).isEqualTo(tokenizer.size());
    assertThat(tokenizer.bytes(tokenizer.end())).isEmpty();
    assertThatThrownBy(() -> tokenizer.bytes(tokenizer.mask()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("token " + tokenizer.size());
    assertThatThrownBy(() -> tokenizer.decode(new int[] {-1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("token -1");
  }

  @Example
  void everyVocabularyHasItsOwnDigest() {
    assertThat(TOKENIZERS).extracting(Tokenizer::digest).doesNotHaveDuplicates();
    assertThat(TOKENIZERS).allMatch(tokenizer -> tokenizer.digest().matches("[0-9a-f]{64}"));
  }

  @Provide
  Arbitrary<Tokenizer> tokenizers() {
    return Arbitraries.of(TOKENIZERS);
  }

  /** Pieces that tokenizers are known to stumble over. */
  @Provide
  Arbitrary<String> texts() {
    Arbitrary<String> tricky =
        Arbitraries.of(
            "\uD83D",
            "\uDE00",
            "😀",
            "👩‍👩‍👧",
            "\0",
            "\r\n",
            "\n\n",
            "  ",
            " \t",
            "é",
            "漢字",
            "\u00A0",
            "\uFEFF",
            "\uFFFD",
            "it's",
            " 1234",
            "<|endoftext|>",
            "</s>",
            "?!",
            "Ġ");
    Arbitrary<String> any = Arbitraries.strings().ofMaxLength(5);
    return Arbitraries.oneOf(tricky, any)
        .list()
        .ofMaxSize(12)
        .map(pieces -> String.join("", pieces));
  }

  @Provide
  Arbitrary<List<Double>> chances() {
    return Arbitraries.doubles().between(0, true, 1, false).list().ofMaxSize(40);
  }

  static Tokenizer named(String resource) {
    try {
      return Tokenizers.named(path(resource).toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path path(String resource) {
    return Path.of("src/test/resources/dev/anneal/data").resolve(resource);
  }
}

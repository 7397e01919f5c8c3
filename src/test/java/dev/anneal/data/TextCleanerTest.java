package dev.anneal.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Cleaners on examples written by hand, with the texts that they stand for. */
final class TextCleanerTest {

  private static void assertCleaned(TextCleaner cleaner, String example, String text) {
    assertThat(cleaner.clean(example)).isEqualTo(text);
  }

  @Test
  void wikitextLosesItsSpaces() {
    assertCleaned(
        TextCleaner.WIKITEXT,
        " The game 's score was 1 @,@ 234 @.@ 5 , a well @-@ known ( and \" loved \" ) one ; really"
            + " ? Yes ! \n",
        " The game's score was 1,234.5, a well-known (and \"loved\") one; really? Yes!\n");
    assertCleaned(TextCleaner.WIKITEXT, " = = = Plot = = = \n", " === Plot ===\n");
    assertCleaned(TextCleaner.WIKITEXT, " = = = = Deep = = = = \n", " ==== Deep ====\n");
    assertCleaned(TextCleaner.WIKITEXT, "the players ' union", "the players' union");
    assertCleaned(TextCleaner.WIKITEXT, "at 5 ° N by [ 2 ] { x }", "at 5°N by [2] {x}");
    assertCleaned(TextCleaner.WIKITEXT, "N , N N : a", "N, 1 N: a");
  }

  @Test
  void theTreebankLosesItsSigns() {
    assertCleaned(
        TextCleaner.PTB,
        "it did n't say the firm 's N N N shares cost $ N or <unk> the workers ' # N",
        "it didn't say the firm's 1 1 1 shares cost $1 or ? the workers' # N");
    assertCleaned(TextCleaner.PTB, "a # N b \\/ c", "a #1 b / c");
    assertCleaned(TextCleaner.PTB, "one \n two", "one\ntwo");
  }

  @Test
  void theBillionWordsLoseTheirSpaces() {
    assertCleaned(
        TextCleaner.LM1B,
        "He 's at http : / / a.b / c , not https : / / d : \" well done \" ; so ? or ! He left . She"
            + " paid $ 5 and £ 6 ( in all ) [ sic ] .",
        "He's at http://a.b/c, not https://d: \"well done\"; so? or! He left. She paid $5 and £6 (in"
            + " all) [sic] .");
    assertCleaned(TextCleaner.LM1B, "It was over .", "It was over.");
    assertCleaned(TextCleaner.LM1B, "Was it ?", "Was it?");
    assertCleaned(TextCleaner.LM1B, "It was !", "It was!");
    assertCleaned(TextCleaner.LM1B, "a café . b", "a café. b");
  }

  @Test
  void lambadaHasStraightQuotes() {
    assertCleaned(TextCleaner.LAMBADA, " \u201cyes,\u201d she said \n", "\n\"yes,\" she said");
  }

  @Test
  void papersAreCleanedTwice() {
    String example = "see http : / / a.b ( e.g. ) , 3 @.@ 5 mm / s .";
    assertCleaned(
        TextCleaner.SCIENTIFIC_PAPERS,
        example,
        TextCleaner.LM1B.clean(TextCleaner.WIKITEXT.clean(example)));
    assertCleaned(TextCleaner.SCIENTIFIC_PAPERS, "a ( b ) , 3 @.@ 5 / c !", "a (b), 3.5/c!");
  }

  @ParameterizedTest
  @EnumSource
  void cleanTextStaysAsItIs(TextCleaner cleaner) {
    String text = "She said \"no\" (twice), didn't she?";
    assertThat(cleaner.clean(text).strip()).isEqualTo(text);
  }

  @Test
  void documentsAreCleanedLineByLine(@TempDir Path folder) throws IOException {
    Path lines = Files.writeString(folder.resolve("a.txt"), " = = A = = \n b , \" c \n d \" , e");
    Path objects = Files.writeString(folder.resolve("b.jsonl"), "{\"text\": \"f , g \\n h\"}");
    var plain = Documents.of(lines, objects);
    var cleaned = plain.cleanedBy(TextCleaner.WIKITEXT);
    assertThat(DocumentsTest.read(cleaned))
        .containsExactly(" == A ==\n b, \" c\n d \", e", "f, g\nh");
    assertThat(cleaned.digest()).isNotEqualTo(plain.digest());
    assertThat(plain.cleanedBy(TextCleaner.NONE).digest()).isEqualTo(plain.digest());
  }
}

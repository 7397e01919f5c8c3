package dev.anneal.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.anneal.attention.CausalContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code anneal evaluate} of a text, by a model that guesses every byte alike. */
final class EvaluateTextTest {
  @TempDir private Path folder;
  private Path model = Path.of("");

  @BeforeEach
  void saveModel() throws IOException {
    model = EvenModel.save(folder.resolve("model"), new CausalContext());
  }

  private Ran evaluate(Path text, Object... options) {
    var arguments = new ArrayList<Object>(List.of("evaluate", text, "--model", model));
    arguments.addAll(List.of(options));
    return Ran.command(arguments.toArray());
  }

  private Path text(String content) throws IOException {
    return Files.writeString(folder.resolve("text.txt"), content);
  }

  @Test
  void bitsAreCountedForEachCharacterAndEachByte() throws IOException {
    Path text = text("äö".repeat(80)); // 320 bytes: ten sequences, and an end token that is left
    JsonNode report = evaluate(text, "--hyperschedule", "quenched", "--json").succeeds().json();
    double bits = Math.log(257) / Math.log(2);
    assertThat(report.path("bits_per_byte").asDouble()).isCloseTo(bits, within(1e-5));
    assertThat(report.path("bits_per_character").asDouble()).isCloseTo(2 * bits, within(1e-5));
    assertThat(report.path("tokens").asInt()).isEqualTo(320);
    assertThat(report.path("bytes").asInt()).isEqualTo(320);
    assertThat(report.path("characters").asInt()).isEqualTo(160);
    assertThat(report.path("estimate").asString()).isEqualTo("exact");
    assertThat(report.path("seed").asLong()).isEqualTo(1);
    for (String digest : List.of("model_digest", "data_digest", "tokenizer_digest")) {
      assertThat(report.path(digest).asString()).hasSize(64);
    }
  }

  @Test
  void theEstimateIsChosen() throws IOException {
    Path text = text("some words ".repeat(30));
    JsonNode chain = evaluate(text, "--estimate", "chain-rule", "--json").succeeds().json();
    assertThat(chain.path("nats_per_token").asDouble()).isCloseTo(Math.log(257), within(1e-5));
    assertThat(chain.path("masking").asString()).isEqualTo("chain rule");
    JsonNode masked =
        evaluate(text, "--estimate", "masked", "--draws", "32", "--json").succeeds().json();
    double error = masked.path("standard_error").asDouble();
    assertThat(masked.path("nats_per_token").asDouble())
        .isCloseTo(Math.log(257), within(6 * error));
    assertThat(evaluate(text, "--estimate", "masked").succeeds().out())
        .contains("masked, 16 draws", "bits per character");
  }

  @Test
  void theTextIsCleanedAsItsPublishersDid() throws IOException {
    Path text = text(" One , two @-@ three .\n".repeat(20));
    String[] measure = {"--hyperschedule", "quenched", "--json"};
    JsonNode plain = evaluate(text, (Object[]) measure).succeeds().json();
    Object[] cleaned = {
      "--cleaner", "wikitext", "--split", "line", "--estimate", "chain-rule", "--json"
    };
    JsonNode report = evaluate(text, cleaned).succeeds().json();
    assertThat(report.path("cleaner").asString()).isEqualTo("wikitext");
    assertThat(report.path("data_digest")).isNotEqualTo(plain.path("data_digest"));
    int line = " One, two-three .".length() + 1; // and its end token
    assertThat(report.path("tokens").asInt()).isEqualTo(20 * line / 32 * 32);
    assertThat(report.path("bytes").asInt()).isLessThan(report.path("tokens").asInt());
  }

  @Test
  void whatCannotBeMeasuredIsRefusedInOneLine() throws IOException {
    evaluate(text("")).isRefused("0 tokens", "32");
    evaluate(text("some words ".repeat(30)), "--estimate", "guess")
        .isRefused("guess", "chain-rule");
    evaluate(text("some words ".repeat(30)), "--estimate", "masked", "--draws", "0")
        .isRefused("draws 0");
    evaluate(text("some words ".repeat(30)), "--cleaner", "wiki").isRefused("wiki", "ptb");
    Path objects = Files.writeString(folder.resolve("a.jsonl"), "{\"text\": \"a\"}");
    evaluate(objects, "--field", "body").isRefused("a.jsonl:1", "body");
    Path binary = Files.write(folder.resolve("binary.txt"), new byte[] {-1, -2, 0, 9});
    evaluate(binary).isRefused("binary.txt", "not UTF-8");
  }
}

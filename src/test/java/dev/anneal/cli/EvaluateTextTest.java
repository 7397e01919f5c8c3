package dev.anneal.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.anneal.attention.CausalContext;
import dev.anneal.data.Tokenizer;
import dev.anneal.evaluate.EvaluationReport;
import dev.anneal.evaluate.LikelihoodDetails;
import dev.anneal.evaluate.ReportFile;
import dev.anneal.noise.EpsilonHybrid;
import dev.anneal.noise.Noise;
import dev.anneal.schedule.Linear;
import dev.anneal.store.TinyModel;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
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
    Path text = text("äö".repeat(80)); // 320 bytes, and an end token
    JsonNode report = evaluate(text, "--hyperschedule", "quenched", "--json").succeeds().json();
    double bits = Math.log(257) / Math.log(2) * 321 / 320;
    assertThat(report.path("bits_per_byte").asDouble()).isCloseTo(bits, within(1e-5));
    assertThat(report.path("bits_per_character").asDouble()).isCloseTo(2 * bits, within(1e-5));
    assertThat(report.path("tokens").asInt()).isEqualTo(321);
    assertThat(report.path("bytes").asInt()).isEqualTo(320);
    assertThat(report.path("characters").asInt()).isEqualTo(160);
    assertThat(report.at("/choices/estimate").asString()).isEqualTo("exact");
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
    assertThat(report.at("/choices/cleaner").asString()).isEqualTo("wikitext");
    assertThat(report.path("data_digest")).isNotEqualTo(plain.path("data_digest"));
    int line = " One, two-three .".length() + 1; // and its end token
    assertThat(report.path("tokens").asInt()).isEqualTo(20 * line);
    assertThat(report.path("bytes").asInt()).isLessThan(report.path("tokens").asInt());
  }

  @Test
  void aReportSaysWhereTheNatsLie() throws IOException {
    Path text = text("One line of words.\nAnd another, longer line of words.\n".repeat(5));
    Path out = folder.resolve("new/report");
    Ran ran =
        evaluate(text, "--split", "line", "--estimate", "chain-rule", "--report", out).succeeds();
    assertThat(ran.out())
        .contains("10 documents, errors over documents", "how: protocol none", "seed 1, anneal ");
    EvaluationReport report = ReportFile.read(out);
    assertThat(report.figures().sequencedKeySet())
        .containsExactly("nats_per_token", "perplexity", "bits_per_character", "bits_per_byte");
    LikelihoodDetails details = report.likelihood().orElseThrow();
    assertThat(details.documents()).hasSize(10);
    assertThat(details.documents().get(1).size().characters()).isEqualTo(34);
    assertThat(details.documents().get(1).nats()).isCloseTo(35 * Math.log(257), within(1e-3));
    assertThat(details.positions()).hasSize(32);
    assertThat(details.calibration().guesses()).isEqualTo(details.size().tokens());
    assertThat(report.fingerprint().data().orElseThrow().name()).isEqualTo("text.txt");
    assertThat(report.choices()).containsEntry("estimate", "chain-rule");
  }

  @Test
  void aProtocolChoosesAll() throws IOException {
    Path text = text("some words and more of them ".repeat(30)); // 840 bytes and an end token
    JsonNode hdlm = evaluate(text, "--protocol", "hdlm", "--json").succeeds().json();
    assertThat(hdlm.path("protocol").asString()).isEqualTo("hdlm");
    assertThat(hdlm.at("/choices/draws").asString()).isEqualTo("96");
    assertThat(hdlm.at("/choices/cut").asString()).isEqualTo("whole");
    assertThat(hdlm.path("tokens").asInt()).isEqualTo(26 * 31); // one less than 32 a sequence
    double error = hdlm.path("standard_error").asDouble();
    assertThat(hdlm.path("nats_per_token").asDouble())
        .isCloseTo(Math.log(257) * 32 / 31, within(6 * error));
    JsonNode mdlm = evaluate(text, "--protocol", "mdlm", "--json").succeeds().json();
    assertThat(mdlm.at("/choices/cut").asString()).isEqualTo("wrapped");
    assertThat(mdlm.at("/choices/survival").asString()).isEqualTo("0.001");
    assertThat(mdlm.path("tokens").asInt()).isEqualTo(28 * 32);
    JsonNode gidd = evaluate(text, "--protocol", "gidd", "--json").succeeds().json();
    assertThat(gidd.at("/choices/estimate").asString()).isEqualTo("exact");
    assertThat(gidd.at("/choices/hyperschedule").asString()).startsWith("flat");
    assertThat(gidd.path("sequences").asInt()).isEqualTo(1);
    evaluate(text, "--protocol", "hdlm", "--draws", "4")
        .isRefused("--draws", "--protocol hdlm", "one of the two");
    evaluate(text, "--protocol", "paper").isRefused("hdlm, mdlm, gidd");
  }

  @Test
  void rowsOfAParquetFileAreDocuments() throws Exception {
    URL resource = Objects.requireNonNull(Tokenizer.class.getResource("snappy.parquet"));
    Path rows = Path.of(resource.toURI());
    JsonNode report = evaluate(rows, "--estimate", "chain-rule", "--json").succeeds().json();
    assertThat(report.path("documents").asInt()).isEqualTo(2);
    assertThat(report.path("characters").asInt()).isEqualTo(51);
    evaluate(rows, "--field", "body").isRefused("snappy.parquet", "\"body\"", "id, text");
  }

  @Test
  void theBatchChangesNothingButRounding() throws IOException {
    TinyModel.save(folder.resolve("tiny"), 32, new Noise(new EpsilonHybrid(0.01), new Linear()));
    model = folder.resolve("tiny");
    Path text = text("some words and more of them ".repeat(30));
    double[] nats =
        Stream.of("1", "3", "8")
            .mapToDouble(
                batch ->
                    evaluate(text, "--batch", batch, "--json")
                        .succeeds()
                        .json()
                        .path("nats_per_token")
                        .asDouble())
            .toArray();
    assertThat(nats[0]).isCloseTo(nats[1], within(1e-5)).isCloseTo(nats[2], within(1e-5));
  }

  @Test
  void whatCannotBeMeasuredIsRefusedInOneLine() throws IOException {
    evaluate(text("")).isRefused("text.txt", "no text");
    evaluate(text("a"), "--cut", "whole").isRefused("2 tokens", "32");
    evaluate(text("a\0b")).isRefused("text.txt:1", "NUL");
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

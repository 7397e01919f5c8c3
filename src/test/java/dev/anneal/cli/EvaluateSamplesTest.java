package dev.anneal.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.anneal.attention.CausalContext;
import dev.anneal.attention.FullContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code anneal evaluate} of generated texts, by models that guess every byte alike. */
final class EvaluateSamplesTest {
  @TempDir private static Path folder;
  private static Path model = Path.of("");
  private static Path bidirectional = Path.of("");

  @BeforeAll
  static void saveModels() throws IOException {
    model = EvenModel.save(folder.resolve("causal"), new CausalContext());
    bidirectional = EvenModel.save(folder.resolve("full"), new FullContext());
  }

  private static JsonNode report(Object... arguments) {
    return Ran.command(arguments).succeeds().json();
  }

  private static double value(JsonNode report, String figure) {
    return report.path(figure).path("value").asDouble(Double.NaN);
  }

  @Test
  void textsThatGenerateWroteAreMeasured() throws IOException {
    Object[] generate = {
      "generate", "--model", model, "--length", "16", "--samples", "20", "--seed", "3", "--json"
    };
    Path file = Files.writeString(folder.resolve("made.json"), Ran.command(generate).out());
    JsonNode read = report("evaluate", "--samples", file, "--judge", model, "--json");
    assertThat(value(read, "judge_perplexity")).isCloseTo(257, within(0.01));
    assertThat(value(read, "judge_perplexity_of_texts")).isCloseTo(257, within(0.01));
    assertThat(value(read, "unigram_entropy")).isBetween(2.5, Math.log(16) + 1e-9);
    assertThat(read.path("unigram_entropy").path("count").asInt()).isEqualTo(20);
    assertThat(read.path("samples").asInt()).isEqualTo(20);
    assertThat(read.path("judge_digest").asString()).hasSize(64);
    assertThat(read.path("samples_digest").asString()).hasSize(64);

    JsonNode made =
        report(
            "evaluate",
            "--generate",
            "20",
            "--length",
            "16",
            "--model",
            model,
            "--judge",
            model,
            "--seed",
            "3",
            "--json");
    assertThat(made.path("unigram_entropy")).isEqualTo(read.path("unigram_entropy"));
    assertThat(made.path("distinct_2")).isEqualTo(read.path("distinct_2"));
    assertThat(made.path("seed").asLong()).isEqualTo(3);
    assertThat(made.path("model_digest").asString()).hasSize(64);
    assertThat(made.path("generation").path("sampler").asString()).isEqualTo("adaptive-correction");
    assertThat(made.path("generation").path("length").asInt()).isEqualTo(16);
  }

  @Test
  void textsAloneAreReadByTheJudge() throws IOException {
    Path file =
        Files.writeString(folder.resolve("texts.jsonl"), "{\"text\": \"aab\"}\n{\"text\": \"ab\"}");
    JsonNode judged = report("evaluate", "--samples", file, "--judge", model, "--json");
    assertThat(value(judged, "distinct_1")).isCloseTo(2 / 5.0, within(1e-12));
    assertThat(judged.path("judge_perplexity").path("absent").asString()).contains("no ids");
    assertThat(value(judged, "judge_perplexity_of_texts")).isCloseTo(257, within(0.01));
    Ran printed = Ran.command("evaluate", "--samples", file).succeeds();
    assertThat(printed.out()).contains("unigram entropy: absent: ", "judge perplexity: absent");
  }

  @Test
  void textsAreComparedWithThoseOfPeople() throws IOException {
    Path people = Files.writeString(folder.resolve("people.txt"), "the same words ".repeat(60));
    Path samples =
        Files.writeString(folder.resolve("own.jsonl"), "{\"text\": \"ab\"}\n".repeat(25));
    Object[] measure = {
      "evaluate", "--samples", samples, "--judge", model, "--reference", people, "--json"
    };
    JsonNode report = report(with(measure, "--mauve-length", 32));
    assertThat(value(report, "mauve")).isBetween(0.0, 1.0);
    assertThat(report.path("reference_texts").asInt()).isEqualTo(25);
    assertThat(report.path("mauve_length").asInt()).isEqualTo(31);
    assertThat(report.path("reference_digest").asString()).hasSize(64);
    Files.writeString(people, "the same words ".repeat(10));
    Ran.command(measure).isRefused("MAUVE", "25", "4", "at least 20");
    Ran.command("evaluate", "--samples", samples, "--reference", people).isRefused("--judge");
  }

  private static Object[] with(Object[] arguments, Object... more) {
    return Stream.concat(Stream.of(arguments), Stream.of(more)).toArray();
  }

  @Test
  void whatCannotBeMeasuredIsRefusedInOneLine() throws IOException {
    Ran.command("evaluate", "--model", model).isRefused("TEXT", "--samples");
    Path file = Files.writeString(folder.resolve("one.jsonl"), "{\"text\": \"a\"}");
    Ran.command("evaluate", file, "--samples", file).isRefused("--samples");
    Ran.command("evaluate", file, "--judge", model).isRefused("--judge", "--samples");
    Ran.command("evaluate", "--samples", file, "--generate", "2").isRefused("one of them");
    Ran.command("evaluate", "--samples", "absent.json").isRefused("absent.json", "no such file");
    Path empty = Files.writeString(folder.resolve("empty.jsonl"), "");
    Ran.command("evaluate", "--samples", empty).isRefused("empty.jsonl", "no texts");
    Path nothing = Files.writeString(folder.resolve("nothing.json"), "{}");
    Ran.command("evaluate", "--samples", nothing).isRefused("nothing.json", "generate --json");
    Path binary = Files.write(folder.resolve("binary.json"), new byte[] {0, -1, 7});
    Ran.command("evaluate", "--samples", binary).isRefused("binary.json", "not JSON");
    Path broken =
        Files.writeString(folder.resolve("broken.json"), "{\"samples\": [{\"text\": 1}]}");
    Ran.command("evaluate", "--samples", broken).isRefused("broken.json", "sample 0");
    Ran.command("evaluate", "--samples", file, "--judge", bidirectional).isRefused("causal");
    Ran.command("evaluate", "--samples", file, "--judge", "absent").isRefused("absent");
    Ran.command("evaluate", "--generate", "0", "--model", model).isRefused("generate 0");
  }
}

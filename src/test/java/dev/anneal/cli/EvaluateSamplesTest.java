package dev.anneal.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.anneal.attention.CausalContext;
import dev.anneal.attention.FullContext;
import dev.anneal.data.Tokenizers;
import dev.anneal.evaluate.Estimate;
import dev.anneal.evaluate.EvaluationReport;
import dev.anneal.evaluate.GenerationDetails;
import dev.anneal.evaluate.ReportFile;
import dev.anneal.model.Parameters;
import dev.anneal.model.TransformerShape;
import dev.anneal.noise.Absorb;
import dev.anneal.noise.Noise;
import dev.anneal.schedule.Linear;
import dev.anneal.store.ElementType;
import dev.anneal.store.Model;
import dev.anneal.store.ModelConfig;
import dev.anneal.tensor.Rng;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code anneal evaluate} of generated texts, by models that guess every byte alike. */
final class EvaluateSamplesTest {
  private static final TransformerShape GPT2_TOKENS = new TransformerShape(50257, 1, 2, 4, 32);

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

  @Test
  void aJudgeOfOtherTokensIsRefusedBeforeAnythingIsGenerated() throws IOException {
    Path other = folder.resolve("gpt2-tokens");
    try (var parameters = Parameters.initial(GPT2_TOKENS, new Rng(1))) {
      Model.save(
          other,
          new ModelConfig(GPT2_TOKENS, new CausalContext(), new Noise(new Absorb(), new Linear())),
          Tokenizers.named("gpt2"),
          new Model.Weights(parameters, ElementType.F32),
          "# test\n");
    }
    Object[] generate = {
      "evaluate", "--generate", 2, "--length", 8, "--model", model, "--judge", other
    };
    Ran.command(generate).isRefused("gpt2-tokens", "other tokens", "--perplexity texts");
    JsonNode texts = report(with(generate, "--perplexity", "texts", "--json"));
    assertThat(value(texts, "judge_perplexity_of_texts")).isPositive();
    assertThat(texts.at("/judge_perplexity/absent").asString()).isEqualTo("not asked for");
    Path file =
        Files.writeString(
            folder.resolve("foreign.json"),
            "{\"samples\": [{\"text\": \"hello\", \"ids\": [31373]}]}");
    Ran.command("evaluate", "--samples", file, "--judge", model).isRefused("other tokens");
  }

  @Test
  void aReportHasEachTextAndHowItWasMade() throws IOException {
    Path out = folder.resolve("report");
    report(
        "evaluate",
        "--generate",
        "3",
        "--length",
        "16",
        "--rate",
        "2",
        "--hyperschedule",
        "flat",
        "--model",
        model,
        "--judge",
        model,
        "--report",
        out,
        "--json");
    EvaluationReport read = ReportFile.read(out);
    GenerationDetails details = read.generation().orElseThrow();
    GenerationDetails.Made made = details.made().orElseThrow();
    assertThat(made.calls()).isEqualTo(8);
    assertThat(made.rate()).isEqualTo(2);
    assertThat(details.texts()).hasSize(3).allMatch(text -> text.tokens() == 16);
    double mean =
        details.texts().stream()
            .mapToDouble(text -> text.judgePerplexity().orElseThrow())
            .average()
            .orElseThrow();
    assertThat(read.figures().get("judge_perplexity"))
        .isInstanceOfSatisfying(
            Estimate.class, figure -> assertThat(figure.value()).isCloseTo(mean, within(1e-9)));
    assertThat(read.likelihood()).isEmpty();
    assertThat(read.fingerprint().judge().orElseThrow().name()).isEqualTo("causal");
    JsonNode samples = JsonMapper.shared().readTree(Files.readString(out.resolve("samples.json")));
    assertThat(samples.path("samples")).hasSize(3);
    Ran.command("evaluate", "--samples", out.resolve("samples.json"), "--judge", model).succeeds();
  }

  @Test
  void aProtocolFixesHowTextsAreMeasured() throws IOException {
    Path samples =
        Files.writeString(folder.resolve("hundred.jsonl"), "{\"text\": \"ab\"}\n".repeat(100));
    JsonNode hdlm =
        report("evaluate", "--samples", samples, "--judge", model, "--protocol", "hdlm", "--json");
    assertThat(hdlm.path("protocol").asString()).isEqualTo("hdlm");
    assertThat(hdlm.at("/judge_perplexity/absent").asString()).contains("no ids");
    assertThat(hdlm.at("/judge_perplexity_of_texts/absent").asString()).contains("not asked");
    Ran.command("evaluate", "--samples", samples, "--protocol", "gidd").isRefused("100", "256");
    Ran.command("evaluate", "--generate", 20, "--protocol", "mdlm", "--model", model)
        .isRefused("--generate 20", "--generate 1024");
    Ran.command("evaluate", "--samples", samples, "--protocol", "hdlm", "--perplexity", "both")
        .isRefused("--perplexity", "--protocol hdlm");
    Ran.command(
            "evaluate",
            "--samples",
            samples,
            "--protocol",
            "gidd",
            "--judge",
            model,
            "--reference",
            samples)
        .isRefused("--reference", "no MAUVE");
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

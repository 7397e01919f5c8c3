package dev.anneal.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.anneal.attention.CausalContext;
import dev.anneal.noise.EpsilonHybrid;
import dev.anneal.noise.GammaHybrid;
import dev.anneal.noise.Noise;
import dev.anneal.noise.Uniform;
import dev.anneal.recipe.Family;
import dev.anneal.sample.Sampler;
import dev.anneal.schedule.Linear;
import dev.anneal.schedule.LogLinear;
import dev.anneal.store.TinyModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The commands as a user meets them, on a small model with random weights. */
final class CommandsTest {
  @TempDir private static Path folder;
  private static String model = "";

  @BeforeAll
  static void saveModel() throws IOException {
    model = modelOf(new Noise(new EpsilonHybrid(0.01), new Linear())).toString();
  }

  private static Path modelOf(Noise noise) throws IOException {
    Path saved = Files.createTempDirectory(folder, "model").resolve("saved");
    TinyModel.save(saved, 32, noise);
    return saved;
  }

  private static Ran generate(String... arguments) {
    var all = new ArrayList<>(List.of("generate", "--model", model));
    all.addAll(List.of(arguments));
    return Ran.command(all.toArray());
  }

  @ParameterizedTest
  @ValueSource(strings = {"quenched", "flat", "block", "slide", "hybrid"})
  void generateReportsItsSamples(String hyperschedule) {
    Ran result =
        generate(
            "--hyperschedule",
            hyperschedule,
            "--prompt",
            "ab",
            "--length",
            "12",
            "--samples",
            "3",
            "--seed",
            "5",
            "--json");
    assertThat(result.exitCode()).as(result.err()).isZero();
    JsonNode report = result.json();
    assertThat(report.propertyNames())
        .containsExactly("samples", "calls", "seconds", "seed", "hyperschedule", "sampler");
    assertThat(report.path("samples")).hasSize(3);
    for (JsonNode sample : report.path("samples")) {
      assertThat(sample.path("ids")).hasSize(12).allMatch(id -> id.asInt() < 257);
      assertThat(sample.path("text").asString()).startsWith("ab");
    }
    assertThat(report.path("calls").asInt()).isBetween(1, 30);
    assertThat(report.path("seed").asLong()).isEqualTo(5);
    assertThat(report.path("hyperschedule").asString()).isEqualTo(hyperschedule);
    assertThat(report.path("sampler").asString()).isEqualTo("adaptive-correction");
  }

  @Test
  void theSeedAloneDecidesTheText() {
    String[] plain = {"--length", "16", "--json"};
    JsonNode first = generate(plain).json().path("samples").get(0);
    assertThat(generate(plain).json().path("samples").get(0)).isEqualTo(first);
    JsonNode inCompany = generate("--length", "16", "--samples", "7", "--json").json();
    assertThat(inCompany.path("samples").get(0)).isEqualTo(first);
    JsonNode uncached = generate("--length", "16", "--no-cache", "--json").json();
    assertThat(uncached.path("samples").get(0)).isEqualTo(first);
    JsonNode other = generate("--length", "16", "--seed", "2", "--json").json();
    assertThat(other.path("samples").get(0)).isNotEqualTo(first);
  }

  @Test
  void theTextIsPrintedAndNothingElse() {
    Ran printed = generate("--prompt", "abc", "--length", "16");
    String reported =
        generate("--prompt", "abc", "--length", "16", "--json")
            .json()
            .path("samples")
            .get(0)
            .path("text")
            .asString();
    assertThat(printed.out().replace(System.lineSeparator(), "\n")).isEqualTo(reported + "\n");
    assertThat(printed.err()).isEmpty();
  }

  static Set<String> samplers() {
    return Family.of(Sampler.class).names();
  }

  @ParameterizedTest
  @MethodSource("samplers")
  void everySamplerIsKnownByNameAndListed(String sampler) {
    String[] arguments = {
      "--sampler", sampler, "--prompt", "ab{{6}}", "--guidance", "0.5", "--json"
    };
    Ran result = generate(arguments);
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.json().path("sampler").asString()).isEqualTo(sampler);
    assertThat(result.json().path("samples").get(0).path("ids"))
        .hasSize(8)
        .allMatch(id -> id.asInt() < 257);
    assertThat(Ran.command("generate", "--help").out()).contains(sampler);
  }

  @Test
  void aNoiseThatGoesOnScatteringIsUndoneByTheAnalyticSampler() throws IOException {
    String hybrid = modelOf(new Noise(new GammaHybrid(0.1), new LogLinear(0.005))).toString();
    Ran usual = Ran.command("generate", "--model", hybrid, "--length", "8", "--json");
    assertThat(usual.json().path("sampler").asString()).isEqualTo("analytic");
    Ran.command("generate", "--model", hybrid, "--sampler", "first-hitting")
        .isRefused("GammaHybrid", "first-hitting", "analytic");
    String uniform = modelOf(new Noise(new Uniform(), new LogLinear(0.005))).toString();
    Ran.command("generate", "--model", uniform, "--sampler", "acs")
        .isRefused("Uniform", "adaptive-correction", "analytic");
    Ran.command("generate", "--model", uniform, "--prompt", "a", "--guidance", "1")
        .isRefused("guidance 1.0", "Uniform");
  }

  @Test
  void aSamplersSettingsAreOptions() {
    String[] slowly = {"--length", "16", "--hyperschedule", "flat", "--json"};
    int slow = calls(with(slowly, "--sampler", "confidence", "--threshold", "1"));
    int fast = calls(with(slowly, "--sampler", "confidence", "--threshold", "0"));
    assertThat(slow).isEqualTo(16);
    assertThat(fast).isOne();
    assertThat(calls(with(slowly, "--sampler", "entropy-bound", "--bound", "1e9"))).isOne();
  }

  private static int calls(String... arguments) {
    return generate(arguments).json().path("calls").asInt();
  }

  private static String[] with(String[] arguments, String... more) {
    return Stream.concat(Arrays.stream(arguments), Arrays.stream(more)).toArray(String[]::new);
  }

  @Test
  void generateCorrectsATextAndLeavesThePromptAsItIs() {
    String[] plain = {"--prompt", "ab", "--correct", "cdefgh", "--eta", "1", "--json"};
    JsonNode report = generate(plain).json();
    assertThat(report.path("hyperschedule").asString()).isEqualTo("flat");
    assertThat(report.path("calls").asInt()).isBetween(1, 19); // 0.3 of 64 levels
    String text = report.path("samples").get(0).path("text").asString();
    assertThat(text).startsWith("ab").isNotEqualTo("abcdefgh");
    assertThat(report.path("samples").get(0).path("ids")).hasSize(8);
    var noised = new ArrayList<>(List.of(plain));
    noised.addAll(List.of("--noised", "--from", "0.9", "--levels", "10"));
    JsonNode other = generate(noised.toArray(String[]::new)).json();
    assertThat(other.path("calls").asInt()).isBetween(1, 9);
    assertThat(other.path("samples").get(0).path("text").asString()).startsWith("ab");
  }

  @Test
  void gapsAreFilledAndWhatIsKnownStays() {
    Ran result = generate("--prompt", "ab{{3}}cd{{2}}e", "--hyperschedule", "flat", "--json");
    JsonNode ids = result.json().path("samples").get(0).path("ids");
    assertThat(ids).hasSize(10);
    assertThat(List.of(0, 1, 5, 6, 9))
        .extracting(position -> (char) ids.get(position).asInt())
        .containsExactly('a', 'b', 'c', 'd', 'e');
  }

  @Test
  void aTraceTellsEveryStep() throws IOException {
    Path trace = folder.resolve("trace.json");
    generate(
        "--length", "8", "--hyperschedule", "block", "--width", "4", "--trace", trace.toString());
    JsonNode written = JsonMapper.shared().readTree(Files.readString(trace));
    assertThat(written.path("steps")).hasSize(8);
    assertThat(written.path("hyperschedule").path("width").asInt()).isEqualTo(4);
  }

  @Test
  void whatDoesNotFitIsRefusedInOneLine() {
    generate("--from", "0.5").isRefused("--from", "--correct");
    generate("--noised").isRefused("--noised", "--correct");
    generate("--correct", "abc", "--length", "8").isRefused("--length");
    generate("--correct", "abc", "--from", "1").isRefused("from 1.0");
    generate("--correct", "abc", "--hyperschedule", "block", "--width", "2")
        .isRefused("block", "expected flat");
    generate("--correct", "abc", "--sampler", "ancestral").isRefused("ancestral", "noised");
    generate("--correct", "a".repeat(30), "--prompt", "abc").isRefused("33 tokens", "1 … 32");
    generate("--length", "33").isRefused("length 33", "at most 32");
    generate("--length", "4", "--prompt", "abcdef").isRefused("prompt", "6", "4");
    generate("--width", "0").isRefused("width 0");
    generate("--length", "8", "--width", "4", "--rate", "8").isRefused("rate 8", "width 4");
    generate("--hyperschedule", "sideways").isRefused("sideways", "quenched", "slide");
    generate("--sampler", "acts").isRefused("acts");
    generate("--sampler", "analitic").isRefused("analitic", "analytic");
    generate("--threshold", "0.5").isRefused("threshold");
    generate("--sampler", "remask", "--eta", "2")
        .isRefused("--eta: remask has none", "adaptive-correction", "remdm");
    generate("--sampler", "confidence", "--threshold", "2").isRefused("threshold 2");
    generate("--sampler", "entropy-bound", "--bound", "-1").isRefused("bound -1");
    generate("--guidance", "-1").isRefused("guidance -1");
    generate("--sampler", "ancestral", "--eta", "0.5").isRefused("eta");
    generate("--eta", "2").isRefused("eta", "2");
    generate("--temperature", "-1").isRefused("temperature");
    generate("--top-p", "0").isRefused("top-p");
    generate("--samples", "0").isRefused("samples 0");
    generate("--device", "abacus").isRefused("abacus", "cpu", "cuda");
    generate("--device", "cuda").isRefused("cuda", "ANNEAL_LIBTORCH");
    generate("--precision", "half").isRefused("half", "float32", "bfloat16");
    Ran.command("generate", "--model", "nowhere").isRefused("nowhere", "model folder");
  }

  @Test
  void aDamagedModelIsRefusedInOneLine() throws IOException {
    Path copy = Files.createDirectory(folder.resolve("damaged"));
    for (String file : List.of("config.json", "tokenizer.json", "model.safetensors")) {
      Files.copy(Path.of(model, file), copy.resolve(file));
    }
    Path weights = copy.resolve("model.safetensors");
    byte[] whole = Files.readAllBytes(weights);

    Files.write(weights, Arrays.copyOf(whole, whole.length / 2));
    Ran.command("generate", "--model", copy.toString()).isRefused("model.safetensors");

    String names = new String(whole, StandardCharsets.ISO_8859_1);
    byte[] integers =
        names.replaceFirst("\"F32\"", "\"I32\"").getBytes(StandardCharsets.ISO_8859_1);
    Files.write(weights, integers);
    Ran.command("generate", "--model", copy.toString()).isRefused("model.safetensors", "I32");

    byte[] hostile = whole.clone();
    ByteBuffer.wrap(hostile).order(ByteOrder.LITTLE_ENDIAN).putLong(0, Long.MAX_VALUE);
    Files.write(weights, hostile);
    Ran.command("generate", "--model", copy.toString()).isRefused("model.safetensors");

    Files.write(weights, whole);
    String config = Files.readString(copy.resolve("config.json"));
    Files.writeString(
        copy.resolve("config.json"), config.replace("\"layers\" : 1", "\"layers\" : 2"));
    Ran.command("generate", "--model", copy.toString())
        .isRefused("model.safetensors", "blocks.1.attention.norm", "blocks.1.feed_forward.up.bias");
  }

  @ParameterizedTest
  @CsvSource({
    "quenched, 5, 0, 0",
    "flat, 6, 0, 2",
    "block, 10, 4, 1",
    "block, 9, 4, 2",
    "slide, 11, 4, 2",
    "slide, 7, 3, 1",
    "hybrid, 10, 4, 1"
  })
  void inspectPrintsTheClosedForms(String name, int length, int width, int rate) {
    var arguments =
        new ArrayList<>(
            List.of("inspect", "--hyperschedule", name, "--length", "" + length, "--json"));
    if (width > 0) {
      arguments.addAll(List.of("--width", "" + width));
    }
    if (rate > 0) {
      arguments.addAll(List.of("--rate", "" + rate));
    }
    JsonNode table = Ran.command(arguments.toArray()).json();
    int levels = rate == 0 ? 1 : (width == 0 ? length : width) / rate;
    int steps = table.path("steps").asInt();
    assertThat(steps)
        .isEqualTo(
            switch (name) {
              case "quenched" -> length;
              case "flat" -> levels;
              case "block" -> levels * Math.ceilDiv(length, width);
              case "slide" -> levels + (length - 1) / rate;
              default -> Math.ceilDiv(length, width) * (levels + width - 1);
            });
    assertThat(table.path("levels")).hasSize(steps + 1);
    assertThat(table.path("partition")).hasSize(steps);
    for (int t = 0; t <= steps; t++) {
      for (int i = 0; i < length; i++) {
        int unclipped =
            switch (name) {
              case "quenched" -> i >= t ? 1 : 0;
              case "flat" -> steps - t;
              case "block" -> levels * (1 + i / width) - t;
              case "slide" -> levels + i / rate - t;
              default -> levels + i % width + i / width * (levels + width - 1) - t;
            };
        assertThat(table.path("levels").get(t).get(i).asInt())
            .as("%s: state %d, position %d", name, t, i)
            .isEqualTo(Math.clamp(unclipped, 0, levels));
      }
    }
  }

  @Test
  void inspectDraws() throws IOException {
    Ran drawn =
        Ran.command("inspect", "--hyperschedule", "slide", "--width", "4", "--length", "12");
    assertThat(drawn.exitCode()).isZero();
    assertThat(drawn.out().lines().count()).isGreaterThan(15);
    Path svg = folder.resolve("slide.svg");
    Ran.command("inspect", "--hyperschedule", "slide", "--length", "12", "--svg", svg.toString());
    assertThat(svg).content().startsWith("<svg").contains("slide");
  }

  @Test
  void aModelThatGuessesEveryTokenAlikeMeasuresTheLogOfTheVocabulary() throws IOException {
    Path uniform = EvenModel.save(folder.resolve("uniform"), new CausalContext());
    Path text = Files.writeString(folder.resolve("long.txt"), "some words ".repeat(50));
    JsonNode report =
        Ran.command(
                "evaluate",
                text.toString(),
                "--model",
                uniform.toString(),
                "--hyperschedule",
                "quenched",
                "--json")
            .json();
    assertThat(report.path("nats_per_token").asDouble()).isCloseTo(Math.log(257), within(1e-5));
    assertThat(report.path("perplexity").asDouble()).isCloseTo(257, within(1e-2));
    assertThat(report.path("tokens").asLong()).isEqualTo(551); // and its end token
    Ran.command("evaluate", "absent.txt", "--model", uniform.toString()).isRefused("absent.txt");
  }

  @Test
  void aRecipeThatCannotBeUsedIsRefusedInOneLine() throws IOException {
    Path text = Files.writeString(folder.resolve("short.txt"), "too short");
    String recipe =
        """
        name: short
        data: {train: [%s]}
        model: {layers: 1, heads: 2, channels: 16, length: 64}
        noise: absorb
        hyperschedules: [{name: flat}]
        training: {steps: 1, batch: 1, learning_rate: 1e-3}
        """
            .formatted(text.getFileName());
    String run = folder.resolve("run").toString();
    train(recipe, run).isRefused("64");
    train(recipe.replace("learning_rate", "lerning_rate"), run)
        .isRefused("lerning_rate", "learning_rate");
    train(recipe.replace("short.txt", "absent.txt"), run).isRefused("absent.txt");
    train(recipe.replace("absorb", "{name: gamma-hybrid, gamma: 0.1}"), run)
        .isRefused("GammaHybrid");
    train(recipe.replace("{name: flat}", "{name: block, width: 0}"), run).isRefused("width 0");
    Files.writeString(text, "long enough ".repeat(20));
    train(recipe + "objective: reconstruction", run).isRefused("no objective to train with");
    train(recipe + "samples: {every: 1, length: 8, hyperschedule: flat, sampler: remsk}", run)
        .isRefused("unknown sampler 'remsk'", "'remask'");
    train(
            recipe.replace("absorb", "uniform\nobjective: score-entropy")
                + "samples: {every: 1, length: 8, hyperschedule: flat, sampler: acs}",
            run)
        .isRefused("never masks tokens", "adaptive-correction");
    Ran.command("train", "--run", run).isRefused("no recipe");
    Ran.command("train", "--resume", "--run", run).isRefused("recipe.yaml");
    assertThat(folder.resolve("run")).doesNotExist();
  }

  private static Ran train(String recipe, String run) throws IOException {
    Path file = Files.writeString(folder.resolve("recipe.yaml"), recipe);
    return Ran.command("train", file.toString(), "--run", run);
  }
}

package dev.anneal.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.anneal.attention.Aligned;
import dev.anneal.attention.Alignment;
import dev.anneal.attention.BlockCausalContext;
import dev.anneal.attention.Shifted;
import dev.anneal.data.Tokenizers;
import dev.anneal.model.Conditioning;
import dev.anneal.model.Parameters;
import dev.anneal.model.TransformerShape;
import dev.anneal.noise.Absorb;
import dev.anneal.noise.EpsilonHybrid;
import dev.anneal.noise.GammaHybrid;
import dev.anneal.noise.Noise;
import dev.anneal.noise.NoiseProcess;
import dev.anneal.schedule.Linear;
import dev.anneal.schedule.LogLinear;
import dev.anneal.schedule.NoiseSchedule;
import dev.anneal.store.ElementType;
import dev.anneal.store.Model;
import dev.anneal.store.ModelConfig;
import dev.anneal.store.hub.FakeHub;
import dev.anneal.store.published.PublishedFolder;
import dev.anneal.store.pytorch.PickleWriter;
import dev.anneal.store.pytorch.TorchZip;
import dev.anneal.tensor.Rng;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code anneal import} and {@code anneal export} as a user meets them. */
final class ImportTest {
  private static final Path FIXTURES = Path.of("../shared/fixtures");

  @TempDir private Path folder;

  private Path target() {
    return folder.resolve("imported");
  }

  private void assertRefused(Path source, String... words) {
    Ran.command("import", source, target()).isRefused(words);
    assertThat(target()).doesNotExist();
  }

  @Test
  void aPublishedFolderBecomesAModel() throws IOException {
    Path source = PublishedFolder.epsilon().writeTo(folder.resolve("tiny-epsilon"));
    Ran ran = Ran.command("import", source, target(), "--json").succeeds();
    assertThat(ran.json().path("family").asString()).isEqualTo("HDLM ε-hybrid");
    assertThat(ran.json().path("parameters").asInt()).isEqualTo(24 + 2 * 220 + 4 + 24 + 6);
    assertThat(ran.json().path("tokenizer").asBoolean()).isFalse();
    assertThat(target().resolve("README.md")).content().contains("tiny-epsilon", "HDLM ε-hybrid");
    assertThat(ModelConfig.read(target()).context()).isEqualTo(new BlockCausalContext(4));
    Ran.command("generate", "--model", target()).isRefused("tokenizer");
  }

  @Test
  void aPyTorchCheckpointBecomesTheSameModel() throws IOException {
    Path safe = PublishedFolder.epsilon().writeTo(folder.resolve("safe"));
    Path torch = PublishedFolder.epsilon().writeTorch(folder.resolve("torch"), "");
    Ran.command("import", safe, target()).succeeds();
    Ran.command("import", torch, folder.resolve("second")).succeeds();
    assertThat(folder.resolve("second/model.safetensors"))
        .hasSameBinaryContentAs(target().resolve("model.safetensors"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"epsilon", "gamma", "gpt2"})
  void anImportedModelComputesWhatThePublishedOneDoes(String family) {
    Path fixture = FIXTURES.resolve(family);
    assumeTrue(Files.exists(fixture), fixture + " is missing: skipped");
    Ran.command("import", fixture, target()).succeeds();
    Path expected = fixture.resolve("expected.safetensors");
    Ran.command("check", target(), "--expected", expected, "--tolerance", "2e-5").succeeds();
  }

  @Test
  void aModelOfTheWrongFamilyIsRefused() throws IOException {
    Path source =
        PublishedFolder.epsilon()
            .config("{\"model_type\": \"llama\"}")
            .writeTo(folder.resolve("llama"));
    assertRefused(source, "config.json", "HDLM ε-hybrid", "MDLM", "BD3-LM", "SEDD", "GPT-2");
    PublishedFolder mixed = PublishedFolder.mdlm().config(PublishedFolder.gamma().config());
    assertRefused(
        mixed.writeTo(source), "3 unknown", "[backbone.output_layer.adaLN_modulation.weight]");
  }

  @Test
  void aConfigThatDisagreesWithItsTensorsIsRefused() throws IOException {
    PublishedFolder published = PublishedFolder.epsilon();
    String config = published.config().replace("\"n_blocks\": 2", "\"n_blocks\": 3");
    Path source = published.config(config).writeTo(folder.resolve("source"));
    assertRefused(source, "model.safetensors", "8 missing", "blocks.2.attn_qkv.weight");
  }

  @Test
  void aHostilePickleIsRefused() throws IOException {
    Path source = PublishedFolder.epsilon().writeTo(folder.resolve("source"));
    Files.delete(source.resolve("model.safetensors"));
    byte[] hostile =
        new PickleWriter().global("os", "system").text("id").bytes(0x85).code("R.").toBytes();
    TorchZip.of(hostile).writeTo(source.resolve("pytorch_model.bin"));
    assertRefused(source, "pytorch_model.bin", "[os.system]");
  }

  @Test
  void whatCannotBeReadOrWrittenIsRefused() throws IOException {
    assertRefused(folder.resolve("absent"), "absent");
    assertRefused(folder, "no model here");
    Path source = PublishedFolder.epsilon().writeTo(folder.resolve("source"));
    Ran.command("import", source, source).isRefused("source", "new folder");
    Ran.command("import", source, folder.resolve("no/such")).isRefused("does not exist");
    Ran.command("import", source).isRefused("DST");
  }

  /** A model that can speak: 257 tokens are a byte each. */
  private Path model(
      Optional<Conditioning> conditioning, NoiseProcess process, NoiseSchedule schedule)
      throws IOException {
    return model(conditioning, new Aligned(), new Noise(process, schedule));
  }

  private Path model(Optional<Conditioning> conditioning, Alignment alignment, Noise noise)
      throws IOException {
    Path saved = folder.resolve("model");
    var shape = new TransformerShape(257, 1, 2, 8, 16, conditioning);
    try (Parameters parameters = Parameters.initial(shape, new Rng(1))) {
      Model.save(
          saved,
          new ModelConfig(shape, alignment, new BlockCausalContext(4), noise),
          Tokenizers.named("byte"),
          new Model.Weights(parameters, ElementType.BF16),
          "# a card\n");
    }
    return saved;
  }

  static Stream<Arguments> hybrids() {
    var told = new Conditioning(6, 0.05, Conditioning.FinalLayer.PLAIN, Conditioning.Output.SCORE);
    var epsilon = new Noise(new EpsilonHybrid(0.02), new Linear());
    return Stream.of(
        Arguments.of(Optional.empty(), new Aligned(), epsilon),
        Arguments.of(Optional.empty(), new Shifted(256), epsilon),
        Arguments.of(
            Optional.of(told),
            new Aligned(),
            new Noise(new GammaHybrid(0.05), new LogLinear(0.005))));
  }

  @ParameterizedTest
  @MethodSource("hybrids")
  void whatIsExportedAndImportedIsTheSameToTheBit(
      Optional<Conditioning> conditioning, Alignment alignment, Noise noise) throws IOException {
    Path model = model(conditioning, alignment, noise);
    Path exported = folder.resolve("exported");
    assertThat(Ran.command("export", model, exported).succeeds().out()).isEmpty();
    Ran.command("import", exported, target()).succeeds();
    for (String file : new String[] {"config.json", "tokenizer.json", "model.safetensors"}) {
      assertThat(target().resolve(file)).hasSameBinaryContentAs(model.resolve(file));
    }
  }

  @Test
  void whatTheLayoutCannotSayIsNotExported() throws IOException {
    Path model = model(Optional.empty(), new Absorb(), new Linear());
    Ran.command("export", model, target()).isRefused("config.json", "no word for its noise");
    assertThat(target()).doesNotExist();
  }

  @Test
  void aScheduleThatWouldComeBackAsAnotherIsNotExported() throws IOException {
    Path model = model(Optional.empty(), new EpsilonHybrid(0.1), new LogLinear(0.1));
    Ran.command("export", model, target()).isRefused("LogLinear", "come back as", "Linear[]");
    assertThat(target()).doesNotExist();
  }

  @Test
  void aModelOfAnnealIsCopied() throws IOException {
    Path model = model(Optional.empty(), new EpsilonHybrid(0.1), new Linear());
    Files.writeString(model.resolve("notes.txt"), "not part of it");
    Ran.command("import", model, target()).succeeds();
    try (Stream<Path> files = Files.list(target())) {
      assertThat(files)
          .hasSize(4)
          .allSatisfy(
              file -> assertThat(file).hasSameBinaryContentAs(model.resolve(file.getFileName())));
    }
    Ran.command("generate", "--model", target(), "--length", "8").succeeds();
    String config = Files.readString(model.resolve("config.json"));
    Files.writeString(model.resolve("config.json"), config.replace("257", "258"));
    Ran.command("import", model, folder.resolve("other")).isRefused("tokenizer.json", "257");
  }

  private Ran fromHub(FakeHub hub, String token) {
    return Ran.command(
        Map.of(
            "HF_ENDPOINT", hub.address().toString(),
            "HF_TOKEN", token,
            "ANNEAL_CACHE", folder.resolve("cache").toString()),
        "import",
        "hf:org/tiny",
        target());
  }

  @Test
  void aModelIsImportedFromAHub() throws IOException {
    Path source = PublishedFolder.epsilon().writeTo(folder.resolve("source"));
    try (var hub = new FakeHub().requiring("secret")) {
      for (String file : new String[] {"config.json", "model.safetensors"}) {
        hub.with(file, Files.readAllBytes(source.resolve(file)));
      }
      fromHub(hub, " ").isRefused("hf:org/tiny@main", "HF_TOKEN");
      assertThat(target()).doesNotExist();
      fromHub(hub, "secret").succeeds();
      assertThat(target().resolve("README.md")).content().contains("hf:org/tiny");
    }
    Map<String, String> offline =
        Map.of("HF_HUB_OFFLINE", "1", "ANNEAL_CACHE", folder.resolve("cache").toString());
    Ran.command(offline, "import", "hf:org/tiny", folder.resolve("again")).succeeds();
    Ran.command(offline, "import", "hf:org/other", folder.resolve("other"))
        .isRefused("hf:org/other@main", "cache");
  }

  @Test
  void whatIsNoAddressOfAHubIsRefused() {
    Ran.command("import", "hf:nonsense", target()).isRefused("hf:nonsense", "hf:ORGANISATION");
    Map<String, String> odd = Map.of("HF_ENDPOINT", "ftp://localhost");
    Ran.command(odd, "import", "hf:org/tiny", target()).isRefused("ftp://localhost");
  }
}

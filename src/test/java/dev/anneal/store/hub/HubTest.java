package dev.anneal.store.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anneal.store.RefusedFileException;
import dev.anneal.store.hub.HubSettings.Access;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fetching from a hub that is on this machine. */
final class HubTest {
  private static final HubModel MODEL = HubModel.parse("hf:org/tiny");
  private static final byte[] CONFIG = "{}".getBytes(StandardCharsets.UTF_8);
  private static final byte[] WEIGHTS = new byte[200_000];
  private static final String ASKED = "/org/tiny/resolve/main/model.safetensors";

  static {
    new Random(1).nextBytes(WEIGHTS);
  }

  @TempDir private Path cache;
  private FakeHub server;

  @BeforeEach
  void start() throws IOException {
    server = new FakeHub().with("config.json", CONFIG).with("model.safetensors", WEIGHTS);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Hub hub(Access access, String... token) {
    var settings =
        new HubSettings(server.address(), Arrays.stream(token).findFirst(), access, cache);
    return new Hub(settings, (file, done, total) -> {});
  }

  private Path fetch(String... token) throws IOException {
    return hub(Access.NETWORK, token).fetch(MODEL);
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private Path part() throws IOException {
    try (Stream<Path> files = Files.walk(cache)) {
      return files.filter(file -> file.toString().endsWith(".part")).findFirst().orElseThrow();
    }
  }

  @Test
  void aModelIsFetchedOnce() throws IOException {
    Path folder = fetch();
    assertThat(folder.resolve("config.json")).hasBinaryContent(CONFIG);
    assertThat(folder.resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
    assertThat(names(folder)).containsExactly(".complete", "config.json", "model.safetensors");
    server.requests().clear();
    assertThat(fetch()).isEqualTo(folder);
    assertThat(server.requests()).containsExactly("/api/models/org/tiny/tree/main");
  }

  @Test
  void onlyWhatAModelNeedsIsFetched() throws IOException {
    server
        .with("tokenizer.json", CONFIG)
        .with("pytorch_model.bin", CONFIG)
        .with("README.md", CONFIG)
        .with("run.py", CONFIG)
        .with("../escape.safetensors", CONFIG)
        .with("onnx/model.safetensors", CONFIG);
    assertThat(names(fetch()))
        .containsExactly(".complete", "config.json", "model.safetensors", "tokenizer.json");
    server.without("model.safetensors").with("pytorch_model.bin.index.json", CONFIG);
    assertThat(names(fetch()))
        .containsExactly(
            ".complete",
            "config.json",
            "pytorch_model.bin",
            "pytorch_model.bin.index.json",
            "tokenizer.json");
  }

  @Test
  void whatChangedIsFetchedAgain() throws IOException {
    Path folder = fetch();
    byte[] changed = WEIGHTS.clone();
    changed[7]++;
    server.with("model.safetensors", changed);
    fetch();
    assertThat(folder.resolve("model.safetensors")).hasBinaryContent(changed);
    Files.write(folder.resolve("model.safetensors"), WEIGHTS);
    fetch();
    assertThat(folder.resolve("model.safetensors")).hasBinaryContent(changed);
  }

  /** A download that broke off, and what is there of it. */
  private void breakOff(byte[] arrived) throws IOException {
    server.breakingOffAfter(60_000);
    assertThatThrownBy(this::fetch)
        .message()
        .contains("model.safetensors broke off after", "of 200,000 bytes and can go on from there");
    Files.write(part(), arrived); // how much a client saw of a connection that broke is chance
    server.breakingOffAfter(Long.MAX_VALUE);
    server.requests().clear();
  }

  @Test
  void aBrokenDownloadGoesOnWhereItWas() throws IOException {
    breakOff(Arrays.copyOf(WEIGHTS, 77_777));
    assertThat(fetch().resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
    assertThat(server.requests()).contains(ASKED + " bytes=77777-").doesNotContain(ASKED);
  }

  @Test
  void aHubWithoutRangesSendsEverythingAgain() throws IOException {
    breakOff(new byte[77_777]);
    server.withoutRanges();
    assertThat(fetch().resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
  }

  @Test
  void whatArrivedWrongIsFoundOutInTheEnd() throws IOException {
    breakOff(new byte[77_777]);
    assertThatThrownBy(this::fetch).hasMessageContaining("another digest");
    assertThat(fetch().resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
  }

  @Test
  void anotherDigestIsRefusedAndNothingIsKept() throws IOException {
    byte[] other = WEIGHTS.clone();
    other[199_999]++;
    server.sending("model.safetensors", other);
    assertThatThrownBy(this::fetch)
        .isInstanceOf(RefusedFileException.class)
        .hasMessageContaining("model.safetensors")
        .hasMessageContaining("another digest");
    assertThat(names(cache.resolve("org/tiny/main"))).containsExactly("config.json");
    server.sending("config.json", "[]".getBytes(StandardCharsets.UTF_8));
    Files.delete(cache.resolve("org/tiny/main/config.json"));
    assertThatThrownBy(this::fetch).hasMessageContaining("config.json: what came has another");
  }

  @Test
  void moreBytesThanListedAreRefused() {
    server.sending("model.safetensors", new byte[200_001]);
    assertThatThrownBy(this::fetch).hasMessageContaining("more than the 200,000 bytes");
  }

  @Test
  void aTokenOpensWhatIsNotForEverybody() throws IOException {
    server.requiring("secret");
    assertThatThrownBy(this::fetch).hasMessageContaining("hf:org/tiny@main", "HF_TOKEN may help");
    assertThatThrownBy(() -> fetch("wrong"))
        .hasMessageContaining("does not let this HF_TOKEN read it")
        .message()
        .doesNotContain("wrong");
    assertThat(fetch("secret")).exists();
  }

  @Test
  void theTokenStaysAtTheHub() throws IOException {
    try (var elsewhere = new FakeHub()) {
      elsewhere.with("config.json", CONFIG).with("model.safetensors", WEIGHTS);
      server.requiring("secret").storedBy(elsewhere);
      assertThat(fetch("secret").resolve("model.safetensors")).hasBinaryContent(WEIGHTS);
      assertThat(server.requests()).allMatch(request -> request.endsWith("Bearer secret"));
      assertThat(elsewhere.requests()).containsExactly("/org/tiny/resolve/main/config.json", ASKED);
    }
  }

  @Test
  void aHubThatSendsInCirclesIsRefused() {
    server.storedBy(server);
    assertThatThrownBy(this::fetch).hasMessageContaining("without end");
  }

  @ParameterizedTest
  @CsvSource({"404, no such model", "503, status 503", "418, status 418"})
  void whatTheHubRefusesIsTold(int status, String words) {
    server.answering(status);
    assertThatThrownBy(this::fetch)
        .hasMessageContaining("hf:org/tiny@main")
        .hasMessageContaining(words);
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void aHubThatIsNotThereIsToldOnce() {
    server.close();
    assertThatThrownBy(this::fetch).hasMessageContaining("cannot reach localhost");
  }

  @Test
  void withoutTheNetworkTheCacheIsEnough() throws IOException {
    assertThatThrownBy(() -> hub(Access.CACHE_ONLY).fetch(MODEL))
        .hasMessageContaining("not in the cache");
    Path folder = fetch();
    server.close();
    assertThat(hub(Access.CACHE_ONLY).fetch(MODEL)).isEqualTo(folder);
  }

  @Test
  void halfAModelIsNotEnough() {
    server.breakingOffAfter(10);
    assertThatThrownBy(this::fetch).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> hub(Access.CACHE_ONLY).fetch(MODEL))
        .hasMessageContaining("not in the cache");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"hf:tiny", "hf:a/b/c", "hf:../b", "hf:a/..", "hf:a/b@", "hf:a/b@../c", "hf:a/b?c"})
  void whatIsNoAddressIsRefused(String address) {
    assertThatThrownBy(() -> HubModel.parse(address))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(address)
        .hasMessageContaining("hf:ORGANISATION/NAME@REVISION");
  }

  @Test
  void anAddressMayNameARevision() {
    assertThat(HubModel.parse("hf:a-1/b.c@v2")).isEqualTo(new HubModel("a-1", "b.c", "v2"));
  }

  @Test
  void anEndpointIsAnAddressOfTheWeb() {
    assertThatThrownBy(() -> settings("file:///tmp")).hasMessageContaining("file:///tmp");
    assertThatThrownBy(() -> settings("hub")).hasMessageContaining("expected an address");
    assertThat(settings("http://localhost:1/mirror//").endpoint())
        .hasToString("http://localhost:1/mirror");
  }

  private HubSettings settings(String endpoint) {
    return new HubSettings(URI.create(endpoint), Optional.empty(), Access.NETWORK, cache);
  }
}

package dev.anneal.cli;

import dev.anneal.store.hub.Hub;
import dev.anneal.store.hub.HubModel;
import dev.anneal.store.hub.HubSettings;
import dev.anneal.store.published.ModelImport;
import dev.anneal.tensor.Libtorch;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code anneal import}: turns a published folder into an Anneal model. */
@Command(
    name = "import",
    description = {
      "Turn a published model into an Anneal model folder: HDLM, MDLM, BD3-LM, SEDD or GPT-2, from"
          + " safetensors or a PyTorch checkpoint, of which only tensors are read.",
      "hf:ORG/NAME is fetched from the hub (HF_ENDPOINT) into the cache first, with the token in"
          + " HF_TOKEN; HF_HUB_OFFLINE=1 uses the cache only."
    })
final class Import implements Callable<Integer> {
  private static final String ENDPOINT = "HF_ENDPOINT";
  private static final String TOKEN = "HF_TOKEN";
  private static final String OFFLINE = "HF_HUB_OFFLINE";
  private static final String CACHE = "ANNEAL_CACHE";
  private static final Set<String> YES = Set.of("1", "on", "yes", "true");

  private final Map<String, String> environment;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "SRC",
      description = "A folder, or hf:ORG/NAME, or hf:ORG/NAME@REVISION.")
  private String source = "";

  @Parameters(index = "1", paramLabel = "DST", description = "The folder to make.")
  private Path target = Path.of("");

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  /** A command that finds the hub by these variables. */
  Import(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws IOException {
    if (Files.exists(target)) {
      throw new FileAlreadyExistsException(target.toString(), null, "expected a new folder");
    }
    Streams streams = Streams.of(spec);
    boolean fromHub = source.startsWith(HubModel.PREFIX);
    Path folder = fromHub ? fetched(streams) : Path.of(source);
    String origin = fromHub ? source : String.valueOf(folder.toRealPath().getFileName());
    print(streams, ModelImport.run(folder, origin, target));
    return 0;
  }

  private Path fetched(Streams streams) throws IOException {
    HubModel model = HubModel.parse(source);
    return new Hub(settings(), new DownloadProgress(streams)).fetch(model);
  }

  private HubSettings settings() {
    URI endpoint = variable(ENDPOINT).map(URI::create).orElse(HubSettings.PUBLIC);
    boolean offline =
        variable(OFFLINE).map(it -> YES.contains(it.toLowerCase(Locale.ROOT))).orElse(false);
    return new HubSettings(
        endpoint,
        variable(TOKEN),
        offline ? HubSettings.Access.CACHE_ONLY : HubSettings.Access.NETWORK,
        variable(CACHE).map(Path::of).orElseGet(Libtorch::cacheFolder).resolve("hub"));
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name))
        .map(String::strip)
        .filter(it -> !it.isEmpty());
  }

  private void print(Streams streams, ModelImport imported) {
    if (json) {
      var report = new LinkedHashMap<String, Object>();
      report.put("model", target.toString());
      report.put("family", imported.family());
      report.put("parameters", imported.parameters());
      report.put("tokenizer", imported.tokenizer().isPresent());
      streams.out().println(new JsonMapper().writeValueAsString(report));
    } else {
      streams
          .out()
          .println(
              String.format(
                  Locale.ROOT,
                  "%s, %,d parameters%s: %s",
                  imported.family(),
                  imported.parameters(),
                  imported.tokenizer().isPresent() ? "" : ", no tokenizer of its size",
                  target));
    }
    streams.out().flush();
  }
}

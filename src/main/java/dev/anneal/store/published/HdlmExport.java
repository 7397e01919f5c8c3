package dev.anneal.store.published;

import dev.anneal.attention.BlockCausalContext;
import dev.anneal.attention.CausalContext;
import dev.anneal.attention.SettledContext;
import dev.anneal.attention.Shifted;
import dev.anneal.data.GptTokenizer;
import dev.anneal.data.Tokenizer;
import dev.anneal.data.Tokenizers;
import dev.anneal.model.Conditioning;
import dev.anneal.model.Conditioning.Output;
import dev.anneal.model.Parameters;
import dev.anneal.model.TransformerShape;
import dev.anneal.noise.EpsilonHybrid;
import dev.anneal.noise.GammaHybrid;
import dev.anneal.schedule.Geometric;
import dev.anneal.store.AtomicWrite;
import dev.anneal.store.Model;
import dev.anneal.store.ModelConfig;
import dev.anneal.store.RefusedFileException;
import dev.anneal.store.SafeTensors;
import dev.anneal.store.SafeTensorsWriter;
import dev.anneal.store.StoredTensor;
import dev.anneal.store.TensorDeclaration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes an ε- or γ-hybrid model as the official HDLM code saves them. What it writes is imported
 * again as the same model, to the bit; a model of which that is not true is refused.
 */
public final class HdlmExport {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private HdlmExport() {}

  /**
   * Exports a model folder.
   *
   * @param source an Anneal model
   * @param target a folder that does not exist yet
   * @throws RefusedFileException if the layout has no words for such a model
   * @throws IOException if it cannot be read or written; then there is no target
   */
  public static void run(Path source, Path target) throws IOException {
    ModelConfig config = ModelConfig.read(source);
    Path file = source.resolve(ModelConfig.FILE);
    Hdlm family = family(file, config);
    JsonNode written = JSON.valueToTree(described(family, config));
    requireSame(file, config, family.describe(new PublishedConfig(file, written)));
    try (SafeTensors weights = SafeTensors.open(source.resolve(Model.WEIGHTS))) {
      weights.requireExactly(Parameters.shapes(config.shape()));
      AtomicWrite.folder(
          target,
          draft -> {
            Files.writeString(
                draft.resolve(PublishedConfig.FILE),
                JSON.writeValueAsString(written) + "\n",
                StandardCharsets.UTF_8);
            SafeTensorsWriter.write(
                draft.resolve(Model.WEIGHTS), Map.of("format", "pt"), renamed(family, weights));
            writeTokenizer(source, draft);
          });
    }
  }

  private static Hdlm family(Path file, ModelConfig config) throws RefusedFileException {
    return switch (config.noise().process()) {
      case EpsilonHybrid _ -> Hdlm.EPSILON;
      case GammaHybrid _ -> Hdlm.GAMMA;
      default ->
          throw new RefusedFileException(
              file, "HDLM's layout has no word for its noise, expected an ε- or γ-hybrid");
    };
  }

  private static void requireSame(Path file, ModelConfig config, ModelConfig again)
      throws RefusedFileException {
    if (!config.equals(again)) {
      throw new RefusedFileException(
          file,
          "HDLM's layout cannot say all of it: %s would come back as %s".formatted(config, again));
    }
  }

  private static Map<String, Object> described(Hdlm family, ModelConfig config) {
    var root = new LinkedHashMap<String, Object>();
    root.put("model_type", family.kind);
    root.put(Hdlm.OUTPUTS, config.alignment() instanceof Shifted ? Hdlm.SHIFTED : Hdlm.ALIGNED);
    root.put("tokenizer", Map.of("tokens", config.shape().tokens()));
    root.put("annealing", annealing(config));
    if (config.noise().process() instanceof EpsilonHybrid(double epsilon)) {
      root.put("training", Map.of("epsilon", epsilon));
    }
    if (config.noise().process() instanceof GammaHybrid(double gamma)) {
      root.put("graph", Map.of("type", "QGamma", "gamma", gamma, "expanded_sigma", true));
      root.put("noise", schedule(config));
    }
    root.put("model", model(config));
    return root;
  }

  private static Map<String, Object> annealing(ModelConfig config) {
    SettledContext context = config.context();
    int width = context instanceof BlockCausalContext(int block) ? block : config.shape().length();
    String name =
        switch (context) {
          case BlockCausalContext _ -> "block_causal";
          case CausalContext _ -> "causal";
          default -> "full";
        };
    var annealing = new LinkedHashMap<String, Object>();
    annealing.put("type", "block");
    annealing.put("efficient", false);
    annealing.put("sampling_method", "SAR");
    annealing.put("width", width);
    annealing.put("tau", width);
    annealing.put("attention", Map.of("context_type", name, "block_type", "full"));
    return annealing;
  }

  private static Map<String, Object> schedule(ModelConfig config) {
    return config.noise().schedule() instanceof Geometric(double smallest, double largest)
        ? Map.of("type", "geometric", "sigma_min", smallest, "sigma_max", largest)
        : Map.of("type", "loglinear");
  }

  private static Map<String, Object> model(ModelConfig config) {
    Optional<TransformerShape> shape =
        Optional.of(config.shape())
            .filter(TransformerShape.class::isInstance)
            .map(TransformerShape.class::cast);
    Optional<Conditioning> told = shape.flatMap(TransformerShape::conditioning);
    var model = new LinkedHashMap<String, Object>();
    model.put("hidden_size", config.shape().channels());
    model.put("cond_dim", told.map(Conditioning::width).orElse(128));
    model.put("length", config.shape().length());
    model.put("n_blocks", config.shape().layers());
    model.put("n_heads", shape.map(TransformerShape::heads).orElse(1));
    model.put("dropout", 0.0);
    model.put("scale_by_sigma", told.map(it -> it.output() == Output.SCORE).orElse(false));
    model.put("transformer_sigma_conditioning", told.isPresent());
    model.put("hybrid_sigma_embedding", told.map(it -> it.gamma() > 0).orElse(false));
    model.put("post_process_logits", false);
    model.put("use_timestep_embedding", told.isPresent());
    return model;
  }

  private static List<StoredTensor> renamed(Hdlm family, SafeTensors weights) {
    var renamed = new ArrayList<StoredTensor>();
    for (StoredTensor tensor : weights.tensors().values()) {
      String name = family.place(tensor.name()).name();
      var declaration = new TensorDeclaration(name, tensor.type(), tensor.shape());
      renamed.add(new StoredTensor(declaration, tensor.bytes()));
    }
    return renamed;
  }

  /** GPT-2's tokenizer is the layout's own and goes without saying. */
  private static void writeTokenizer(Path source, Path draft) throws IOException {
    if (Files.exists(source.resolve(Tokenizers.FILE))) {
      Tokenizer tokenizer = Tokenizers.load(source);
      if (!(tokenizer instanceof GptTokenizer)) {
        tokenizer.save(draft);
      }
    }
  }
}

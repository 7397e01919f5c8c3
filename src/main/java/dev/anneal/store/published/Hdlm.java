package dev.anneal.store.published;

import dev.anneal.attention.BlockCausalContext;
import dev.anneal.attention.CausalContext;
import dev.anneal.attention.FullContext;
import dev.anneal.attention.SettledContext;
import dev.anneal.model.TransformerShape;
import dev.anneal.noise.EpsilonHybrid;
import dev.anneal.noise.Noise;
import dev.anneal.schedule.Linear;
import dev.anneal.store.ModelConfig;
import dev.anneal.store.RefusedFileException;

/** The models of the paper, as its official code saves them. */
final class Hdlm implements PublishedFamily {
  private static final String KIND = "model_type";
  private static final String EPSILON = "epsilon_hybrid";

  @Override
  public String title() {
    return "HDLM ε-hybrid";
  }

  @Override
  public boolean recognises(PublishedConfig config) {
    return config.says(KIND, EPSILON);
  }

  @Override
  public ModelConfig describe(PublishedConfig config) throws RefusedFileException {
    if (config.has("type")) {
      config.require("type", "aligned");
    }
    var shape =
        new TransformerShape(
            config.whole(config.has("tokens") ? "tokens" : "tokenizer.tokens"),
            config.whole("model.n_blocks"),
            config.whole("model.n_heads"),
            config.whole("model.hidden_size"),
            config.whole("model.length"));
    var noise = new Noise(new EpsilonHybrid(config.number("training.epsilon")), new Linear());
    return new ModelConfig(shape, context(config), noise);
  }

  /** A model that was trained on whole texts only has met no settled token: it looks at all. */
  private static SettledContext context(PublishedConfig config) throws RefusedFileException {
    String setting = "annealing.attention.context_type";
    if (!config.has(setting)) {
      return new FullContext();
    }
    return switch (config.text(setting)) {
      case "causal" -> new CausalContext();
      case "block_causal" -> new BlockCausalContext(config.whole("annealing.width"));
      case "full" -> new FullContext();
      default -> throw config.refused(setting, "causal, block_causal or full");
    };
  }

  @Override
  public Place place(String parameter) {
    return new Place(Names.DIFFUSION.published(parameter), Arrangement.SAME);
  }
}

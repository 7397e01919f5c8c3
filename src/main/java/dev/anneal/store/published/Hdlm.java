package dev.anneal.store.published;

import dev.anneal.attention.Aligned;
import dev.anneal.attention.Alignment;
import dev.anneal.attention.BlockCausalContext;
import dev.anneal.attention.CausalContext;
import dev.anneal.attention.FullContext;
import dev.anneal.attention.SettledContext;
import dev.anneal.attention.Shifted;
import dev.anneal.model.Conditioning;
import dev.anneal.model.Conditioning.FinalLayer;
import dev.anneal.model.TransformerShape;
import dev.anneal.noise.EpsilonHybrid;
import dev.anneal.noise.GammaHybrid;
import dev.anneal.noise.Noise;
import dev.anneal.schedule.Linear;
import dev.anneal.store.ModelConfig;
import dev.anneal.store.RefusedFileException;
import java.util.Optional;

/** The models of the paper, as its official code saves them; {@link HdlmExport} goes back. */
enum Hdlm implements PublishedFamily {
  EPSILON("epsilon_hybrid", "HDLM ε-hybrid") {
    @Override
    Noise noise(PublishedConfig config) throws RefusedFileException {
      return new Noise(new EpsilonHybrid(config.number("training.epsilon")), new Linear());
    }

    @Override
    Optional<Conditioning> conditioning(PublishedConfig config) {
      return Optional.empty();
    }
  },

  GAMMA("gamma_hybrid", "HDLM γ-hybrid") {
    @Override
    Noise noise(PublishedConfig config) throws RefusedFileException {
      return new Noise(new GammaHybrid(gamma(config)), Schedules.read(config, LOG_LINEAR_FLOOR));
    }

    @Override
    Optional<Conditioning> conditioning(PublishedConfig config) throws RefusedFileException {
      config.require("graph.type", "QGamma");
      config.require("model.transformer_sigma_conditioning", "true");
      double mixing = config.flag("model.hybrid_sigma_embedding") ? gamma(config) : 0;
      return Optional.of(
          new Conditioning(
              config.whole("model.cond_dim"), mixing, FinalLayer.PLAIN, Sedd.output(config)));
    }

    private double gamma(PublishedConfig config) throws RefusedFileException {
      return config.number("graph.gamma");
    }
  };

  static final String OUTPUTS = "type";
  static final String ALIGNED = "aligned";
  static final String SHIFTED = "shifted";

  /** The survival that the official log-linear schedule leaves at time 1. */
  static final double LOG_LINEAR_FLOOR = 5e-3;

  final String kind;
  private final String title;

  Hdlm(String kind, String title) {
    this.kind = kind;
    this.title = title;
  }

  abstract Noise noise(PublishedConfig config) throws RefusedFileException;

  abstract Optional<Conditioning> conditioning(PublishedConfig config) throws RefusedFileException;

  @Override
  public String title() {
    return title;
  }

  @Override
  public boolean recognises(PublishedConfig config) {
    return config.says("model_type", kind);
  }

  @Override
  public ModelConfig describe(PublishedConfig config) throws RefusedFileException {
    int tokens = config.whole(config.has("tokens") ? "tokens" : "tokenizer.tokens");
    var shape =
        new TransformerShape(
            tokens,
            config.whole("model.n_blocks"),
            config.whole("model.n_heads"),
            config.whole("model.hidden_size"),
            config.whole("model.length"),
            conditioning(config));
    return new ModelConfig(shape, alignment(config, tokens), context(config), noise(config));
  }

  /**
   * In front of a shifted text is the last token, which ends texts. The samplers called AR, AR_BAD
   * and AR_SCRATCH change the outputs, which no network of Anneal does.
   */
  private static Alignment alignment(PublishedConfig config, int tokens)
      throws RefusedFileException {
    String sampling = "annealing.sampling_method";
    if (config.has(sampling) && config.text(sampling).startsWith("AR")) {
      throw config.refused(sampling, "one that leaves the outputs alone, such as SAR");
    }
    if (!config.has(OUTPUTS)) {
      return new Aligned();
    }
    return switch (config.text(OUTPUTS)) {
      case ALIGNED -> new Aligned();
      case SHIFTED -> new Shifted(tokens - 1);
      default -> throw config.refused(OUTPUTS, ALIGNED + " or " + SHIFTED);
    };
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

package dev.anneal.store.published;

import dev.anneal.attention.BlockCausalContext;
import dev.anneal.attention.FullContext;
import dev.anneal.attention.SettledContext;
import dev.anneal.model.Architecture;
import dev.anneal.model.Conditioning;
import dev.anneal.model.Conditioning.FinalLayer;
import dev.anneal.model.Conditioning.Output;
import dev.anneal.model.TransformerShape;
import dev.anneal.noise.Absorb;
import dev.anneal.noise.Noise;
import dev.anneal.schedule.LogLinear;
import dev.anneal.store.ModelConfig;
import dev.anneal.store.RefusedFileException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Masked diffusion, of whole texts (MDLM) or of blocks (BD3-LM). */
enum Mdlm implements PublishedFamily {
  MDLM("mdlm", "MDLM") {
    @Override
    SettledContext context(PublishedConfig config) {
      return new FullContext();
    }
  },

  BD3LM("bd3lm", "BD3-LM") {
    @Override
    SettledContext context(PublishedConfig config) throws RefusedFileException {
      if (config.has("cross_attn")) {
        config.require("cross_attn", "true");
      }
      return new BlockCausalContext(config.whole("block_size"));
    }
  };

  /** The survival that their log-linear schedule leaves at time 1. */
  private static final double LOG_LINEAR_FLOOR = 1e-3;

  private final String kind;
  private final String title;

  Mdlm(String kind, String title) {
    this.kind = kind;
    this.title = title;
  }

  abstract SettledContext context(PublishedConfig config) throws RefusedFileException;

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
    config.require("time_conditioning", "false");
    if (config.has("causal")) {
      config.require("causal", "false");
    }
    int vocabulary = config.whole("vocab_size");
    var shape =
        new TransformerShape(
            vocabulary - 1,
            config.whole("n_blocks"),
            config.whole("n_heads"),
            config.whole("hidden_dim"),
            config.whole("model_length"),
            conditioning(config));
    var noise = new Noise(new Absorb(), new LogLinear(LOG_LINEAR_FLOOR));
    return new ModelConfig(shape, context(config), noise);
  }

  /** Their blocks are made for noise, but are told none: σ is 0 everywhere. */
  private static Optional<Conditioning> conditioning(PublishedConfig config)
      throws RefusedFileException {
    if (config.has("adaln") && !config.flag("adaln")) {
      return Optional.empty();
    }
    int width = config.whole("cond_dim");
    return Optional.of(new Conditioning(width, 0, FinalLayer.MODULATED, Output.GUESS));
  }

  @Override
  public Place place(String parameter) {
    return new Place("backbone." + Names.DIFFUSION.published(parameter), Arrangement.SAME);
  }

  @Override
  public Map<String, List<Long>> constants(Architecture shape) {
    var constants = new LinkedHashMap<String, List<Long>>();
    rotary(shape).forEach((name, sizes) -> constants.put("backbone." + name, sizes));
    constants.put("sampling_eps_min", List.of());
    constants.put("sampling_eps_max", List.of());
    return constants;
  }

  /** The frequencies of the rotary positions, half as many as channels in a head. */
  static Map<String, List<Long>> rotary(Architecture shape) {
    return shape instanceof TransformerShape transformer
        ? Map.of("rotary_emb.inv_freq", List.of(transformer.headWidth() / 2L))
        : Map.of();
  }
}

package dev.anneal.store.published;

import dev.anneal.attention.FullContext;
import dev.anneal.model.Architecture;
import dev.anneal.model.Conditioning;
import dev.anneal.model.Conditioning.FinalLayer;
import dev.anneal.model.Conditioning.Output;
import dev.anneal.model.TransformerShape;
import dev.anneal.noise.Absorb;
import dev.anneal.noise.Noise;
import dev.anneal.noise.NoiseProcess;
import dev.anneal.noise.Uniform;
import dev.anneal.store.ModelConfig;
import dev.anneal.store.RefusedFileException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Score entropy discrete diffusion: the γ network's parent. */
enum Sedd implements PublishedFamily {
  ABSORB("absorb"),
  UNIFORM("uniform");

  /** The survival that its log-linear schedule leaves at time 1. */
  private static final double LOG_LINEAR_FLOOR = 1e-3;

  private static final Set<String> VOCABULARIES =
      Set.of("embedding", "output.weight", "output.bias");

  private final String graph;

  Sedd(String graph) {
    this.graph = graph;
  }

  @Override
  public String title() {
    return "SEDD " + graph;
  }

  /** Its config has no name of its own. */
  @Override
  public boolean recognises(PublishedConfig config) {
    return !config.has("model_type") && config.says("graph.type", graph);
  }

  @Override
  public ModelConfig describe(PublishedConfig config) throws RefusedFileException {
    var conditioning =
        new Conditioning(config.whole("model.cond_dim"), 0, FinalLayer.MODULATED, output(config));
    var shape =
        new TransformerShape(
            config.whole("tokens"),
            config.whole("model.n_blocks"),
            config.whole("model.n_heads"),
            config.whole("model.hidden_size"),
            config.whole("model.length"),
            Optional.of(conditioning));
    NoiseProcess process = this == ABSORB ? new Absorb() : new Uniform();
    var noise = new Noise(process, Schedules.read(config, LOG_LINEAR_FLOOR));
    return new ModelConfig(shape, new FullContext(), noise);
  }

  /** Whether log(e^σ − 1) + log N is taken off the log-scores. */
  static Output output(PublishedConfig config) throws RefusedFileException {
    return config.flag("model.scale_by_sigma") ? Output.SCORE : Output.UNSCALED_SCORE;
  }

  /** Without masks in its noise, a network has no row for them. */
  @Override
  public Place place(String parameter) {
    boolean masked = this == ABSORB || !VOCABULARIES.contains(parameter);
    return new Place(
        Names.DIFFUSION.published(parameter), masked ? Arrangement.SAME : Arrangement.WITHOUT_MASK);
  }

  @Override
  public Map<String, List<Long>> constants(Architecture shape) {
    return Mdlm.rotary(shape);
  }
}

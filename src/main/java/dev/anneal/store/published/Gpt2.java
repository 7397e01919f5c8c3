package dev.anneal.store.published;

import dev.anneal.attention.CausalContext;
import dev.anneal.attention.Shifted;
import dev.anneal.model.Architecture;
import dev.anneal.model.GptShape;
import dev.anneal.noise.Absorb;
import dev.anneal.noise.Noise;
import dev.anneal.schedule.Linear;
import dev.anneal.store.ModelConfig;
import dev.anneal.store.RefusedFileException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** GPT-2, as Hugging Face's library saves it. */
enum Gpt2 implements PublishedFamily {
  GPT2;

  private static final Names NAMES =
      new Names(
          "h",
          Map.of(
              "embedding", "wte.weight",
              "positions", "wpe.weight",
              "attention.norm", "ln_1",
              "attention.query_key_value", "attn.c_attn",
              "attention.output", "attn.c_proj",
              "feed_forward.norm", "ln_2",
              "feed_forward.up", "mlp.c_fc",
              "feed_forward.down", "mlp.c_proj",
              "output.norm", "ln_f"));

  private static final String START = "bos_token_id";
  private static final double LAYER_NORM_EPSILON = 1e-5;
  private static final int EXPANSION = 4;

  @Override
  public String title() {
    return "GPT-2";
  }

  @Override
  public boolean recognises(PublishedConfig config) {
    return config.says("model_type", "gpt2");
  }

  /**
   * A model that reads from left to right undoes noise that hides all that comes later; in front of
   * every text is the token that it begins texts with.
   */
  @Override
  public ModelConfig describe(PublishedConfig config) throws RefusedFileException {
    requireUsual(config);
    int tokens = config.whole("vocab_size");
    int start = config.has(START) ? config.whole(START) : tokens - 1;
    if (start >= tokens) {
      throw config.refused(START, "a token, below " + tokens);
    }
    var shape =
        new GptShape(
            tokens,
            config.whole("n_layer"),
            config.whole("n_head"),
            config.whole("n_embd"),
            config.whole("n_positions"));
    var noise = new Noise(new Absorb(), new Linear());
    return new ModelConfig(shape, new Shifted(start), new CausalContext(), noise);
  }

  private static void requireUsual(PublishedConfig config) throws RefusedFileException {
    config.require("activation_function", "gelu_new");
    if (config.number("layer_norm_epsilon") != LAYER_NORM_EPSILON) {
      throw config.refused("layer_norm_epsilon", "" + LAYER_NORM_EPSILON);
    }
    if (config.has("n_inner") && config.whole("n_inner") != EXPANSION * config.whole("n_embd")) {
      throw config.refused("n_inner", EXPANSION + " times n_embd");
    }
    if (config.has("scale_attn_by_inverse_layer_idx")) {
      config.require("scale_attn_by_inverse_layer_idx", "false");
    }
    if (config.has("scale_attn_weights")) {
      config.require("scale_attn_weights", "true");
    }
  }

  /** Its linear layers are stored with their inputs first. */
  @Override
  public Place place(String parameter) {
    String name = NAMES.published(parameter);
    if (parameter.equals("embedding")) {
      return new Place(name, Arrangement.WITHOUT_MASK);
    }
    boolean linear = name.contains(".c_") && name.endsWith(".weight");
    return new Place(name, linear ? Arrangement.TRANSPOSED : Arrangement.SAME);
  }

  /** The causal mask of every block. */
  @Override
  public Map<String, List<Long>> constants(Architecture shape) {
    var constants = new LinkedHashMap<String, List<Long>>();
    long length = shape.length();
    for (int layer = 0; layer < shape.layers(); layer++) {
      constants.put("h." + layer + ".attn.bias", List.of(1L, 1L, length, length));
      constants.put("h." + layer + ".attn.masked_bias", List.of());
    }
    return constants;
  }

  @Override
  public Map<String, String> copies() {
    return Map.of("lm_head.weight", "embedding");
  }
}

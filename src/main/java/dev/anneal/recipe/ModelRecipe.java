package dev.anneal.recipe;

import java.util.List;

/**
 * The size and kind of a network, and which settled tokens its settled tokens see.
 *
 * @param layers transformer blocks
 * @param heads attention heads of a layer; a divisor of {@code channels}
 * @param channels size of the residual stream
 * @param length the most positions of a sequence, and the length of training sequences
 * @param network its kind and what only that kind has; by default {@code transformer}
 * @param context the attention pattern among settled tokens, such as {@code causal} (the default),
 *     {@code {name: block-causal, width: 16}} or {@code full}
 * @param outputs whether the output at a token guesses that token or the one after it; by default
 *     {@code aligned}
 * @param stored how the finished model's weights are written; by default {@code float32}
 */
public record ModelRecipe(
    int layers,
    int heads,
    int channels,
    int length,
    @Default("transformer") Choice network,
    @Default("causal") Choice context,
    @Default("aligned") Outputs outputs,
    @Default("float32") Precision stored) {

  /** How many bits a stored weight has; to compute, it becomes float32. */
  public enum Precision {
    FLOAT32,
    FLOAT16,
    BFLOAT16
  }

  /** Which token an output guesses. */
  public enum Outputs {
    /** That of its own position. */
    ALIGNED,
    /** The next one, as in a GPT. */
    SHIFTED
  }

  public ModelRecipe {
    IllegalSetting.requireAtLeast(1, "layers", layers);
    IllegalSetting.requireAtLeast(1, "heads", heads);
    IllegalSetting.requireAtLeast(1, "channels", channels);
    IllegalSetting.requireAtLeast(1, "length", length);
    if (channels % heads != 0) {
      throw new IllegalSetting("heads", heads, "a divisor of channels, " + channels);
    }
    for (String size : List.of("tokens", "layers", "heads", "channels", "length")) {
      if (network.sets(size)) {
        throw new IllegalSetting("network", network.name(), "no " + size + " of its own");
      }
    }
  }

  /**
   * The most tokens of a text, and those of a training sequence: shifted outputs take a place in
   * front of the text.
   */
  public int longestText() {
    return outputs == Outputs.SHIFTED ? length - 1 : length;
  }

  /** The network with its size, for so many real tokens. */
  public Choice sizedNetwork(int tokens) {
    return network
        .with("tokens", tokens)
        .with("layers", layers)
        .with("heads", heads)
        .with("channels", channels)
        .with("length", length);
  }
}

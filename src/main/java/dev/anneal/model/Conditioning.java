package dev.anneal.model;

import dev.anneal.recipe.Default;
import java.util.Map;

/**
 * How a network is told the noise σ = −log α of each row: numbers made of σ shift, scale and gate
 * every block (adaptive layer norm). With these settings it is the γ-hybrid network of the paper,
 * or one of its parents:
 *
 * <pre>
 * γ-hybrid HDLM   gamma γ, final layer plain,     output score
 * SEDD, absorb    gamma 0, final layer modulated, output score
 * SEDD, uniform   gamma 0, final layer modulated, output unscaled-score
 * MDLM, BD3-LM    gamma 0, final layer modulated, output guess
 * </pre>
 *
 * @param width how many numbers stand for the noise
 * @param gamma how fast noise turns a token's embedding into the mask's: row x is embedded as
 *     e^(−γσ) E[x] + (1 − e^(−γσ)) E[mask]; 0 leaves it alone
 * @param finalLayer whether the noise acts on the output head, too
 * @param output what comes out
 */
public record Conditioning(
    int width,
    @Default("0.0") double gamma,
    @Default("plain") FinalLayer finalLayer,
    @Default("score") Output output) {

  /** What the noise does in front of the output head. */
  public enum FinalLayer {
    PLAIN,
    MODULATED
  }

  /** What the head's numbers mean. */
  public enum Output {
    /** Log-scores, when log(e^σ − 1) + log N is taken off: zeros are the scores' usual size. */
    SCORE(Reading.SCORE),
    /** Log-scores as they are. */
    UNSCALED_SCORE(Reading.SCORE),
    /** Logits of the guess; such a network asks for no noise and takes every row for clean. */
    GUESS(Reading.GUESS);

    private final Reading reading;

    Output(Reading reading) {
      this.reading = reading;
    }

    Reading reading() {
      return reading;
    }
  }

  public Conditioning {
    Require.positive("width", width);
    if (!(gamma >= 0 && gamma <= 1)) {
      throw new IllegalArgumentException("gamma %s: expected 0 … 1".formatted(gamma));
    }
    if (output == Output.GUESS && gamma != 0) {
      throw new IllegalArgumentException(
          "gamma %s: expected 0, as a network that guesses asks for no noise".formatted(gamma));
    }
  }

  void addEmbedding(Map<String, Parameter> parameters) {
    int features = Conditioner.FEATURES;
    parameters.put("noise.up.weight", Parameter.forInputs(features, width, features));
    parameters.put("noise.up.bias", Parameter.forInputs(features, width));
    parameters.put("noise.down.weight", Parameter.forInputs(width, width, width));
    parameters.put("noise.down.bias", Parameter.forInputs(width, width));
  }

  void addModulation(Map<String, Parameter> parameters, String prefix, int outputs) {
    parameters.put(prefix + "modulation.weight", Parameter.constant(0, outputs, width));
    parameters.put(prefix + "modulation.bias", Parameter.constant(0, outputs));
  }
}

package dev.anneal.objective;

import dev.anneal.noise.Chances;
import dev.anneal.noise.Fate;
import dev.anneal.noise.Noise;

/**
 * One active token of a noised batch: what it was, what noise made of it, and what it counts.
 *
 * @param flat its place in the window, {@link dev.anneal.model.Window#flat}
 * @param position where in the text
 * @param clean the token before noise (x0)
 * @param noised the token the network sees
 * @param fate what noise did
 * @param call the call of the hyperschedule it is seen in
 */
public record NoisedRow(int flat, int position, int clean, int noised, Fate fate, Call call) {

  /**
   * What a call means for one of its tokens.
   *
   * @param noise what acts on the token
   * @param time the diffusion time of the state before the call
   * @param hazard the rate, per unit of diffusion time, at which a masked token is unmasked: levels
   *     · (α_after − α_before)/(1 − α_before) on the grid of levels, −α′/(1 − α) in continuous
   *     time; 1/p for the linear schedule (the weight of the masked cross-entropy)
   * @param last true if the token settles in this call
   * @param levels how many calls the token is active in
   * @param share how many calls this one stands for: weighted with it, the expectation over the
   *     drawn calls is the mean over the calls in which the token is active
   */
  public record Call(
      Noise noise, double time, double hazard, boolean last, int levels, double share) {

    /** The chances of the three fates in the state before the call. */
    public Chances chances() {
      return noise.at(time);
    }

    /** The noise of the state before the call, −log α. */
    public double sigma() {
      return noise.schedule().sigma(time);
    }
  }
}

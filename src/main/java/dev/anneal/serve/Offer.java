package dev.anneal.serve;

import dev.anneal.recipe.Choice;
import dev.anneal.recipe.Family;
import dev.anneal.sample.Sampler;
import dev.anneal.schedule.HyperscheduleChoice;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What can be asked for, for programs that let people choose: the JSON of {@code /v1/options}.
 *
 * @param model what clients call it
 * @param longest tokens of a text, its prompt included
 * @param length tokens of a text if a request does not say
 * @param hyperschedule the usual one
 * @param hyperschedules all of them
 * @param sampler the usual one for the model's noise
 * @param samplers all of them
 */
record Offer(
    String model,
    int longest,
    int length,
    String hyperschedule,
    List<HyperscheduleOffer> hyperschedules,
    String sampler,
    List<SamplerOffer> samplers) {
  private static final Family<Sampler> SAMPLERS = Family.of(Sampler.class);

  /**
   * A hyperschedule.
   *
   * @param settings what it has of {@code width} and {@code levels}
   */
  record HyperscheduleOffer(String name, List<String> settings) {}

  /**
   * A sampler.
   *
   * @param settings with their usual values
   * @param refusal why it cannot be used with the model's noise, if it cannot
   */
  record SamplerOffer(String name, Map<String, Object> settings, Optional<String> refusal) {}

  /** What a model offers. */
  static Offer of(ServedModel model) {
    return new Offer(
        model.name(),
        model.longest(),
        model.usual(model.longest()),
        ServedModel.USUAL_HYPERSCHEDULE,
        HyperscheduleChoice.names().stream()
            .map(name -> new HyperscheduleOffer(name, HyperscheduleChoice.settings(name)))
            .toList(),
        Sampler.usual(model.config().noise()),
        SAMPLERS.names().stream().map(name -> sampler(name, model)).toList());
  }

  private static SamplerOffer sampler(String name, ServedModel model) {
    Sampler sampler = SAMPLERS.create(Choice.of(name));
    return new SamplerOffer(name, SAMPLERS.describe(sampler).settings(), refusal(sampler, model));
  }

  private static Optional<String> refusal(Sampler sampler, ServedModel model) {
    try {
      sampler.requireFit(model.config().noise());
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}

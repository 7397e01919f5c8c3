package dev.anneal.train;

import dev.anneal.data.Tokenizer;
import dev.anneal.model.Denoiser;
import dev.anneal.recipe.Choice;
import dev.anneal.recipe.Family;
import dev.anneal.recipe.SamplesRecipe;
import dev.anneal.sample.Decoding;
import dev.anneal.sample.Draft;
import dev.anneal.sample.Generation;
import dev.anneal.sample.Generator;
import dev.anneal.sample.Listener;
import dev.anneal.sample.Request;
import dev.anneal.sample.Sampler;
import dev.anneal.sample.TokenChoice;
import dev.anneal.tensor.Rng;
import java.util.List;

/**
 * The texts a run shows as it learns: always from the same draws, so that one sees the learning.
 */
final class Sampling {
  private final Tokenizer tokenizer;
  private final Request request;

  /**
   * Prepares what a recipe asks for.
   *
   * @throws IllegalArgumentException if it does not fit the model
   */
  Sampling(Ingredients ingredients, SamplesRecipe samples) {
    tokenizer = ingredients.tokenizer();
    int[] prompt = tokenizer.encode(samples.prompt());
    Draft draft = Draft.prompt(prompt, samples.length(), samples.count());
    var decoding =
        new Decoding(
            Ingredients.hyperschedule(samples.hyperschedule(), samples.length() - prompt.length),
            ingredients.config().alignment(),
            ingredients.config().context(),
            ingredients.config().noise(),
            sampler(samples.sampler()),
            new TokenChoice(samples.temperature(), 1));
    var rng = new Rng(ingredients.recipe().training().seed());
    request = new Request(draft, decoding, rng, 0, Request.Caching.CACHED);
  }

  private static Sampler sampler(Choice named) {
    var choice = new Choice(Sampler.fullName(named.name()), named.settings());
    return Family.of(Sampler.class).create(choice);
  }

  List<String> texts(Denoiser denoiser) {
    Generation generation = new Generator(denoiser).generate(request, Listener.NONE);
    return generation.texts().stream().map(tokenizer::decode).toList();
  }
}

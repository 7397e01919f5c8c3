package dev.anneal.study;

import dev.anneal.data.Chunks;
import dev.anneal.data.Documents;
import dev.anneal.data.Progress;
import dev.anneal.data.TokenFile;
import dev.anneal.evaluate.Fingerprint;
import dev.anneal.evaluate.Judge;
import dev.anneal.evaluate.People;
import dev.anneal.evaluate.Replay;
import dev.anneal.evaluate.SampleProtocol.Definition;
import dev.anneal.recipe.SweepRecipe.ReferenceRecipe;
import dev.anneal.store.Model;
import dev.anneal.tensor.Rng;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The judge of a study and the texts of people, each loaded when it is needed first. */
final class Judging implements AutoCloseable {
  private final Subject subject;
  private final Optional<ReferenceRecipe> reference;
  private final Laboratory laboratory;
  private @Nullable Model model;

  Judging(Subject subject, Optional<ReferenceRecipe> reference, Laboratory laboratory) {
    this.subject = subject;
    this.reference = reference;
    this.laboratory = laboratory;
  }

  /** The texts of people, as the study names them. */
  Optional<ReferenceRecipe> reference() {
    return reference;
  }

  Fingerprint.Source source() {
    return subject.source();
  }

  Optional<Fingerprint.Source> referenceSource() throws IOException {
    if (reference.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Fingerprint.Source(
            Names.of(reference.get().files()), tokens(reference.get()).sourceDigest()));
  }

  Judge judge() throws IOException {
    Model loaded = model;
    if (loaded == null) {
      loaded = Model.load(subject.folder(), laboratory.device());
      model = loaded;
    }
    return Judge.of(loaded);
  }

  Optional<People> people(int most) throws IOException {
    if (reference.isEmpty()) {
      return Optional.empty();
    }
    int length = Math.min(reference.get().length(), judge().featureLength());
    return Optional.of(People.of(new Chunks(tokens(reference.get()), length), most));
  }

  /**
   * What texts are judged by.
   *
   * @param texts how many there are
   */
  dev.anneal.evaluate.Judging asked(int texts, Rng rng) throws IOException {
    return new dev.anneal.evaluate.Judging(
        Optional.of(judge()), people(texts), Definition.BOTH, rng, Replay.none());
  }

  private TokenFile tokens(ReferenceRecipe people) throws IOException {
    return TokenFile.prepare(
        laboratory.tokens(),
        new Documents(people.files(), people.split(), "text"),
        subject.tokenizer(),
        Progress.silent());
  }

  @Override
  public void close() {
    if (model != null) {
      model.close();
    }
  }
}

package dev.anneal.study;

import dev.anneal.data.Chunks;
import dev.anneal.data.Documents;
import dev.anneal.data.Progress;
import dev.anneal.data.TokenFile;
import dev.anneal.evaluate.Fingerprint;
import dev.anneal.evaluate.Judge;
import dev.anneal.evaluate.Judging;
import dev.anneal.evaluate.Mauve;
import dev.anneal.evaluate.People;
import dev.anneal.evaluate.Replay;
import dev.anneal.evaluate.SampleProtocol;
import dev.anneal.recipe.SweepRecipe.ReferenceRecipe;
import dev.anneal.store.Model;
import dev.anneal.tensor.Rng;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The judge of a study and the texts of people, each loaded when it is needed first. */
final class Jury implements AutoCloseable {
  private final Subject subject;
  private final Optional<ReferenceRecipe> reference;
  private final Laboratory laboratory;
  private @Nullable Model model;

  Jury(Subject subject, Optional<ReferenceRecipe> reference, Laboratory laboratory) {
    this.subject = subject;
    this.reference = reference;
    this.laboratory = laboratory;
  }

  /** The judge, known without its weights. */
  Subject subject() {
    return subject;
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

  /**
   * What texts are judged by.
   *
   * @param texts how many there are, and so the most of people to compare them with
   */
  Judging judging(int texts) throws IOException {
    Model loaded = model;
    if (loaded == null) {
      loaded = Model.load(subject.folder(), laboratory.placement());
      model = loaded;
    }
    var judge = Judge.of(loaded);
    return judging(judge, people(judge, texts));
  }

  /**
   * People's texts in two halves.
   *
   * @param judged the one half
   * @param judging by what: the judge and the other half
   */
  record Halves(List<int[]> judged, Judging judging) {}

  /**
   * People's texts, to be judged as if a model had written them.
   *
   * @param loaded the judge
   * @param most how many there are in a half, at most
   */
  Halves halves(Model loaded, int most) throws IOException {
    var judge = Judge.of(loaded);
    ReferenceRecipe people = reference.orElseThrow();
    int length = Math.min(people.length(), judge.featureLength());
    var chunks = new Chunks(tokens(people), length);
    int half = Math.clamp(chunks.count() / 2, 1, most);
    return new Halves(
        People.others(chunks, half).texts(),
        judging(
            judge, half < Mauve.FEWEST ? Optional.empty() : Optional.of(People.of(chunks, half))));
  }

  private static Judging judging(Judge judge, Optional<People> people) {
    return new Judging(
        Optional.of(judge),
        people,
        SampleProtocol.Definition.BOTH,
        new Rng(Measurement.SEED),
        Replay.none());
  }

  private Optional<People> people(Judge judge, int most) throws IOException {
    if (reference.isEmpty()) {
      return Optional.empty();
    }
    int length = Math.min(reference.get().length(), judge.featureLength());
    return Optional.of(People.of(new Chunks(tokens(reference.get()), length), most));
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

package dev.anneal.study;

import dev.anneal.data.TokenFile;
import dev.anneal.evaluate.Fingerprint;
import java.io.IOException;
import java.util.Optional;

/** The fingerprints of a study's measurements. */
final class Fingerprints {
  private Fingerprints() {}

  /** Of a text that is read. */
  static Fingerprint ofReading(
      Laboratory laboratory, Subject subject, String text, TokenFile tokens) {
    return new Fingerprint(
        laboratory.version(),
        Fingerprint.NO_PROTOCOL,
        Measurement.SEED,
        Optional.of(subject.source()),
        Optional.of(new Fingerprint.Source(subject.source().name(), tokens.tokenizerDigest())),
        Optional.of(new Fingerprint.Source(text, tokens.sourceDigest())),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** Of texts that people wrote; the subject is the judge. */
  static Fingerprint ofPeople(Laboratory laboratory, Subject judge, Jury jury) throws IOException {
    return new Fingerprint(
        laboratory.version(),
        Fingerprint.NO_PROTOCOL,
        Measurement.SEED,
        Optional.empty(),
        Optional.of(new Fingerprint.Source(judge.source().name(), judge.tokenizer().digest())),
        Optional.empty(),
        jury.referenceSource()
            .map(texts -> new Fingerprint.Source(PeopleMeasurement.NAME, texts.digest())),
        Optional.of(judge.source()),
        jury.referenceSource());
  }

  /** Of texts that are written. */
  static Fingerprint ofWriting(Laboratory laboratory, Subject subject, Optional<Jury> jury)
      throws IOException {
    return new Fingerprint(
        laboratory.version(),
        Fingerprint.NO_PROTOCOL,
        Measurement.SEED,
        Optional.of(subject.source()),
        Optional.of(new Fingerprint.Source(subject.source().name(), subject.tokenizer().digest())),
        Optional.empty(),
        Optional.empty(),
        jury.map(Jury::source),
        jury.isPresent() ? jury.orElseThrow().referenceSource() : Optional.empty());
  }
}

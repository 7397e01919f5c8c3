package dev.anneal.study;

import dev.anneal.evaluate.EvaluationReport;
import dev.anneal.evaluate.GenerationQuality;
import dev.anneal.evaluate.Samples;
import dev.anneal.evaluate.Timing;
import dev.anneal.store.Model;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * What the judge says of people's texts, which is where the figures of generated ones should lie.
 * They are counted in the judge's tokens and compared with other texts of people, as many.
 *
 * @param texts how many, at most
 * @param jury who judges them; absent if nobody is asked
 * @param laboratory where
 */
record PeopleMeasurement(int texts, Optional<Jury> jury, Laboratory laboratory)
    implements Measurement {

  /** What their row is called. */
  static final String NAME = "people";

  @Override
  public String model() {
    return NAME;
  }

  @Override
  public String folder() {
    return NAME + "/texts";
  }

  @Override
  public String described() {
    return "people write";
  }

  /**
   * {@inheritDoc}
   *
   * @param subject the judge
   */
  @Override
  public Identity identity(Subject subject) throws IOException {
    var choices = new LinkedHashMap<String, String>();
    choices.put("texts", Integer.toString(texts));
    choices.put("length", Integer.toString(asked().reference().orElseThrow().length()));
    return new Identity(Fingerprints.ofPeople(laboratory, subject, asked()), choices);
  }

  @Override
  public Optional<EvaluationReport> measure(Model loaded, Subject subject, BooleanSupplier stopped)
      throws IOException {
    Instant started = Instant.now();
    Jury.Halves halves = asked().halves(loaded, texts);
    GenerationQuality quality =
        GenerationQuality.measure(
            Samples.generated(halves.judged(), loaded.tokenizer()), halves.judging());
    var timing = new Timing(started, Names.seconds(started), 0);
    return Optional.of(Measurement.ofTexts(identity(subject), quality, Optional.empty(), timing));
  }

  private Jury asked() {
    return jury.orElseThrow();
  }
}

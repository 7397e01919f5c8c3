package dev.anneal.cli;

import dev.anneal.evaluate.LossTally;
import dev.anneal.evaluate.SequenceLoss;
import dev.anneal.evaluate.TextMeasurement;
import dev.anneal.store.AtomicWrite;
import dev.anneal.store.Model;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The likelihood of a text, measured in parts of some batches each: a result is the losses of their
 * sequences, a row of numbers each. Added up in the order of the text they are the numbers of one
 * process, to the last bit.
 */
final class LikelihoodJob implements Divided {

  /** Batches of a part: enough that it takes longer than its way. */
  private static final int BATCHES = 8;

  private final TextOptions texts;
  private final ModelOptions options;
  private final LazyModel model;
  private final Opening opening;
  private @Nullable Opened opened; // of the model's thread

  /** Makes the measurement, once the model is there. */
  @FunctionalInterface
  interface Opening {
    LikelihoodMeasurement of(Model model) throws IOException;
  }

  private record Opened(LikelihoodMeasurement likelihood, LikelihoodMeasurement.Subject subject) {

    TextMeasurement text() {
      return subject.measurement();
    }

    /** Sequences of a part. */
    int together() {
      return BATCHES * text().estimator().together();
    }

    /** Numbers of a row. */
    int width() {
      return SequenceLoss.width(text().passages().length());
    }
  }

  /**
   * A job.
   *
   * @param texts what is measured
   * @param options of the model
   */
  LikelihoodJob(TextOptions texts, ModelOptions options, Opening opening) {
    this.texts = texts;
    this.options = options;
    this.opening = opening;
    this.model = new LazyModel(options);
  }

  private Opened opened(Model loaded) throws IOException {
    if (opened == null) {
      LikelihoodMeasurement likelihood = opening.of(loaded);
      opened = new Opened(likelihood, likelihood.subject(texts));
    }
    return opened;
  }

  @Override
  public List<String> inputs() throws IOException {
    var tokens = model.use(loaded -> opened(loaded).subject.tokens());
    return List.of(options.digest(), tokens.sourceDigest(), tokens.tokenizerDigest());
  }

  @Override
  public int parts() throws IOException {
    return model.use(
        loaded -> Math.ceilDiv(opened(loaded).text().count(), opened(loaded).together()));
  }

  @Override
  public void write(int number, Path target) throws IOException {
    ByteBuffer rows = model.use(loaded -> rows(opened(loaded), number));
    AtomicWrite.file(
        target,
        channel -> {
          while (rows.hasRemaining()) {
            channel.write(rows);
          }
        });
  }

  private static ByteBuffer rows(Opened opened, int number) throws IOException {
    TextMeasurement text = opened.text();
    int first = number * opened.together();
    int end = Math.min(first + opened.together(), text.count());
    var rows = ByteBuffer.allocate((end - first) * opened.width() * Double.BYTES);
    DoubleBuffer numbers = rows.asDoubleBuffer();
    text.measure(first, end, loss -> numbers.put(loss.row(text.passages().length())));
    return rows;
  }

  /** Adds all losses up. */
  Report join(List<Path> results) throws IOException {
    return model.use(loaded -> report(opened(loaded), results));
  }

  private static Report report(Opened opened, List<Path> results) throws IOException {
    LossTally tally = opened.likelihood.tally(opened.subject);
    double[] row = new double[opened.width()];
    for (Path result : results) {
      DoubleBuffer numbers = ByteBuffer.wrap(Files.readAllBytes(result)).asDoubleBuffer();
      while (numbers.hasRemaining()) {
        numbers.get(row);
        tally.add(SequenceLoss.ofRow(row, opened.text().tokens(tally.count())));
      }
    }
    return opened.likelihood.report(opened.subject, tally, 0);
  }

  @Override
  public void close() {
    model.close();
  }
}

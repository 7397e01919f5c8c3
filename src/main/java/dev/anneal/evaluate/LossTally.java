package dev.anneal.evaluate;

import dev.anneal.data.Tokenizer;
import dev.anneal.evaluate.LikelihoodDetails.DocumentLoss;
import dev.anneal.evaluate.LikelihoodDetails.PositionLoss;
import dev.anneal.evaluate.LikelihoodDetails.Unit;
import dev.anneal.evaluate.Passages.Passage;
import java.util.ArrayList;
import java.util.List;

/**
 * Adds the losses of sequences up, in float64 and in their order: so the sums do not depend on who
 * measured which of them.
 */
public final class LossTally {
  private final TextMeasurement measurement;
  private final Tokenizer tokenizer;
  private final Denominator denominator;
  private final List<DocumentLoss> documents = new ArrayList<>();
  private final List<DocumentLoss> sequences = new ArrayList<>();
  private final double[] nats; // [position]
  private final long[] tokens; // [position]
  private final Confidences confidences = new Confidences();

  /** Which tokens a mean is taken over. */
  public enum Denominator {
    /** All that cost something. */
    MEASURED,
    /** All but the first of each sequence, which costs all the same. */
    ALL_BUT_FIRST
  }

  /**
   * An empty tally.
   *
   * @param measurement whose losses are to be added
   * @param tokenizer of the text
   */
  public LossTally(TextMeasurement measurement, Tokenizer tokenizer, Denominator denominator) {
    this.measurement = measurement;
    this.tokenizer = tokenizer;
    this.denominator = denominator;
    this.nats = new double[measurement.passages().length()];
    this.tokens = new long[nats.length];
  }

  /** How many losses were added. */
  public int count() {
    return sequences.size();
  }

  /** Adds the next loss. */
  public void add(SequenceLoss loss) {
    Passages passages = measurement.passages();
    Passage passage = passages.passage(measurement.chosen(count()));
    var whole = new Sum();
    var part = new Sum();
    long document = passages.document(passage, 0);
    for (int position = 0; position < passage.ids().length; position++) {
      long here = passages.document(passage, position);
      if (here != document) {
        addDocument(part.loss(document));
        part = new Sum();
        document = here;
      }
      int counted = position == 0 && denominator == Denominator.ALL_BUT_FIRST ? 0 : 1;
      byte[] bytes = tokenizer.bytes(passage.ids()[position]);
      part.add(loss.nats()[position], counted, bytes);
      whole.add(loss.nats()[position], counted, bytes);
      nats[position] += loss.nats()[position];
      tokens[position]++;
    }
    addDocument(part.loss(document));
    sequences.add(whole.loss(count()));
    confidences.add(loss.confidences());
  }

  /** A document may go on from the sequence before. */
  private void addDocument(DocumentLoss loss) {
    if (!documents.isEmpty() && documents.getLast().document() == loss.document()) {
      documents.add(documents.removeLast().plus(loss));
    } else {
      documents.add(loss);
    }
  }

  /** What all that was added is together; at least one loss. */
  public TextLikelihood likelihood() {
    Unit unit = documents.size() > 1 ? Unit.DOCUMENTS : Unit.SEQUENCES;
    TextSize size =
        sequences.stream().map(DocumentLoss::size).reduce(TextSize.NONE, TextSize::plus);
    var details =
        new LikelihoodDetails(
            unit, count(), size, positions(), documents, confidences.calibration());
    return TextLikelihood.of(unit == Unit.DOCUMENTS ? documents : sequences, details);
  }

  private List<PositionLoss> positions() {
    var positions = new ArrayList<PositionLoss>();
    for (int position = 0; position < nats.length && tokens[position] > 0; position++) {
      positions.add(
          new PositionLoss(position, nats[position] / tokens[position], tokens[position]));
    }
    return positions;
  }

  /** A sum over some tokens of one document. */
  private static final class Sum {
    private double nats;
    private TextSize size = TextSize.NONE;

    void add(double cost, int tokens, byte[] bytes) {
      nats += cost;
      size = size.plus(TextSize.of(tokens, bytes));
    }

    DocumentLoss loss(long document) {
      return new DocumentLoss(document, nats, size);
    }
  }
}

package dev.anneal.evaluate;

import java.util.List;

/**
 * Where the nats of a text lie.
 *
 * @param errorOver whose spread the standard errors are: documents, or sequences where all is one
 *     document
 * @param sequences that were given to the model, each as long as it takes
 * @param size of the measured text
 * @param positions the loss at each position of a sequence
 * @param documents each document of the text, in its order
 * @param calibration of the guesses behind masks
 */
public record LikelihoodDetails(
    Unit errorOver,
    long sequences,
    TextSize size,
    List<PositionLoss> positions,
    List<DocumentLoss> documents,
    Calibration calibration) {

  /** Copies the lists. */
  public LikelihoodDetails {
    positions = List.copyOf(positions);
    documents = List.copyOf(documents);
  }

  /** What varies. */
  public enum Unit {
    /** Texts of their own, each with its end token. */
    DOCUMENTS,
    /** What the model sees at once. */
    SEQUENCES
  }

  /**
   * The loss at one position.
   *
   * @param position 0 … length − 1, in the sequence that the model sees
   * @param nats per token
   * @param tokens measured there
   */
  public record PositionLoss(int position, double nats, long tokens) {}

  /**
   * The loss of one document.
   *
   * @param document its number in the text, from 0
   * @param nats of all its measured tokens together
   * @param size of what was measured of it
   */
  public record DocumentLoss(long document, double nats, TextSize size) {

    /** The same document with what goes on. */
    DocumentLoss plus(DocumentLoss next) {
      return new DocumentLoss(document, nats + next.nats, size.plus(next.size));
    }
  }
}

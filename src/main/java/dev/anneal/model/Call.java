package dev.anneal.model;

import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The rows of one call: the windows of its questions, one behind the other, and padding behind the
 * last.
 *
 * <p>All layers but attention take a row by itself, whosever it is; attention looks at one window
 * after the other. So a question's outputs do not depend on those that share its call.
 */
final class Call {
  private final List<Question> questions;
  private final List<Part> parts;
  private final int rows;
  private final int wanted;
  private final Placement placement;

  private Call(
      List<Question> questions, List<Part> parts, int rows, int wanted, Placement placement) {
    this.questions = questions;
    this.parts = parts;
    this.rows = rows;
    this.wanted = wanted;
    this.placement = placement;
  }

  /** A call of one question, without padding. */
  static Call of(Question question, Placement placement) {
    return of(question, Attention.in(question.window(), placement), placement);
  }

  /**
   * A call of one question in which others see each other than its window says.
   *
   * @param mask who sees whom, bool [batch, 1, query, key]; absent if everyone sees everyone
   */
  static Call of(Question question, Optional<Tensor> mask, Placement placement) {
    return of(question, Attention.whole(question.window(), mask, placement), placement);
  }

  private static Call of(Question question, Attention attention, Placement placement) {
    var part = new Part(question, attention, 0);
    return new Call(
        List.of(question), List.of(part), question.fed(), question.rows().length, placement);
  }

  /** A call that questions share, padded to numbers of rows that come up again. */
  static Call shared(List<Question> questions, Placement placement) {
    var parts = new ArrayList<Part>();
    int rows = 0;
    int wanted = 0;
    for (Question question : questions) {
      parts.add(new Part(question, Attention.in(question.window(), placement), rows));
      rows += question.fed();
      wanted += question.rows().length;
    }
    return new Call(questions, parts, Bucket.of(rows), Bucket.of(wanted), placement);
  }

  /**
   * One question's rows.
   *
   * @param attention who of them sees whom
   * @param first which row of the call is its first
   */
  record Part(Question question, Attention attention, int first) {

    int rows() {
      return question.fed();
    }

    KvCache cache() {
      return question.cache();
    }

    /** Its rows of the call's, [1, head, row, channel] to [batch, head, width, channel]. */
    Tensor heads(Tensor all) {
      Window window = question.window();
      Tensor own = rows() == all.size(2) ? all : all.narrow(2, first, rows());
      return window.batch() == 1
          ? own
          : own.reshape(all.size(1), window.batch(), window.width(), -1).transpose(0, 1);
    }
  }

  List<Question> questions() {
    return questions;
  }

  List<Part> parts() {
    return parts;
  }

  /** How many rows there are, padding included. */
  int rows() {
    return rows;
  }

  /** How many rows at the end are padding, which nobody sees. */
  int padding() {
    return rows - parts.getLast().first() - parts.getLast().rows();
  }

  /**
   * Refuses what a network has no row for, where the native library would read beyond its tables.
   */
  void requireWithin(Architecture network) {
    questions.forEach(question -> question.window().requireWithin(network));
  }

  /**
   * What a network is told of the rows, on its device.
   *
   * @param numbers ids, positions and wanted rows, which go there together: int64 [2 · row +
   *     wanted]
   * @param sigmas the noise of the rows, if the network asks for it: float32 [row]
   * @param rows how many rows there are
   */
  record Inputs(Tensor numbers, Optional<Tensor> sigmas, int rows) {

    /** What the rows show, 0 in padding: int64 [row]. */
    Tensor ids() {
      return numbers.narrow(0, 0, rows);
    }

    /** Where in their texts the rows are, 0 in padding: int64 [row]. */
    Tensor positions() {
      return numbers.narrow(0, rows, rows);
    }

    /** The wanted rows of all questions in turn, and the first again in padding: int64 [wanted]. */
    Tensor wanted() {
      return numbers.narrow(0, 2L * rows, wantedCount());
    }

    /** How many rows are wanted, padding included. */
    long wantedCount() {
      return numbers.size(0) - 2L * rows;
    }
  }

  /**
   * What a network is told.
   *
   * @param sigmas {@link #sigmas}, if it asks for them
   */
  Inputs inputs(Optional<Tensor> sigmas) {
    int[] all = new int[2 * rows + wanted];
    int next = 2 * rows;
    for (Part part : parts) {
      part.question().window().putIds(all, part.first());
      part.question().window().putPositions(all, rows + part.first());
      for (int row : part.question().rows()) {
        all[next++] = part.first() + row;
      }
    }
    return new Inputs(Tensors.of(all, all.length).to(placement.device()), sigmas, rows);
  }

  /**
   * The noise of the rows, 0 in padding: float32 [row].
   *
   * @throws IllegalArgumentException if one is not finite: no network can be told that
   */
  Tensor sigmas() {
    float[] sigmas = new float[rows];
    parts.forEach(part -> part.question().window().putSigmas(sigmas, part.first()));
    return Tensors.of(sigmas, rows).to(placement.device());
  }

  /** The noise of the tokens that the wanted rows guess, 0 in padding. */
  double[] guessedSigmas() {
    double[] sigmas = new double[wanted];
    int count = 0;
    for (Question question : questions) {
      double[] own = question.window().guessedSigmas(question.rows());
      System.arraycopy(own, 0, sigmas, count, own.length);
      count += own.length;
    }
    return sigmas;
  }

  /** Each question's part of what came out for the wanted rows, [row, vocab]. */
  List<Tensor> split(Tensor outputs) {
    var own = new ArrayList<Tensor>();
    int first = 0;
    for (Question question : questions) {
      own.add(outputs.narrow(0, first, question.rows().length));
      first += question.rows().length;
    }
    return own;
  }
}

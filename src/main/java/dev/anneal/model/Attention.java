package dev.anneal.model;

import dev.anneal.attention.Stripe;
import dev.anneal.tensor.Nn;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Attention in one window, stripe by stripe: each looks among the keys that some of its rows may
 * see, and the masks hide the others of them. What is the same for all layers is made once.
 *
 * @param cached how many cached tokens are keys in front of the rows
 * @param sights the stripes, from the first row on
 */
record Attention(int cached, List<Sight> sights) {

  /** Rows of a stripe. */
  private static final int HEIGHT = 128;

  /** The largest part of the pairs of rows and keys that stripes may leave. */
  private static final double WORTHWHILE = 0.75;

  /**
   * What one stripe sees.
   *
   * @param mask what is added to a query's scores of keys, [batch, 1, query, key]: 0 where it sees
   *     the key, else −∞; absent if all see all
   */
  record Sight(Stripe stripe, Optional<Tensor> mask) {

    static Sight of(Stripe stripe, Optional<Tensor> sees, Placement placement) {
      // Made once, where every layer would do so itself.
      return new Sight(
          stripe,
          sees.map(seen -> placement.precision().of(seen.to(placement.device())).log())
              .map(Nn::aligned));
    }
  }

  /** Attention in a window, in stripes where those leave out enough keys. */
  static Attention in(Window window, Placement placement) {
    List<Stripe> stripes = window.stripes(HEIGHT);
    int cached = window.cached();
    long cells =
        stripes.stream().mapToLong(each -> (long) each.rows() * (cached + each.keys())).sum();
    long all = (long) window.width() * (cached + window.width());
    return cells <= WORTHWHILE * all
        ? striped(window, stripes, placement)
        : whole(window, window.mask(), placement);
  }

  /** Attention in a window that is cut like that. */
  static Attention striped(Window window, List<Stripe> stripes, Placement placement) {
    var sights =
        stripes.stream().map(each -> Sight.of(each, window.mask(each), placement)).toList();
    return new Attention(window.cached(), sights);
  }

  /**
   * Attention of all rows to all keys but those that a mask hides.
   *
   * @param sees bool [batch, 1, query, key]; absent if everyone sees everyone
   */
  static Attention whole(Window window, Optional<Tensor> sees, Placement placement) {
    return new Attention(
        window.cached(), List.of(Sight.of(Stripe.whole(window.width()), sees, placement)));
  }

  /** Whether everyone sees everyone. */
  boolean hidesNothing() {
    return sights.size() == 1 && sights.getFirst().mask().isEmpty();
  }

  /**
   * What queries make of the values.
   *
   * @param query [batch, head, row, channel]
   * @param keys of cached tokens and rows, [batch, head, key, channel]
   * @param values the same
   * @return [batch, row, head, channel]
   */
  Tensor mixed(Tensor query, Tensor keys, Tensor values) {
    if (sights.size() == 1) {
      return Nn.attention(query, keys, values, sights.getFirst().mask()).transpose(1, 2);
    }
    List<Tensor> queries =
        Tensors.split(
            query, 2, sights.stream().mapToLong(sight -> sight.stripe().rows()).toArray());
    int[] cuts = cuts();
    List<Tensor> keyPieces = Tensors.split(keys, 2, lengths(cuts));
    List<Tensor> valuePieces = Tensors.split(values, 2, lengths(cuts));
    var mixed = new ArrayList<Tensor>();
    for (int i = 0; i < sights.size(); i++) {
      Stripe stripe = sights.get(i).stripe();
      Tensor seenKeys = joined(keyPieces, cuts, stripe);
      Tensor seenValues = joined(valuePieces, cuts, stripe);
      mixed.add(
          Nn.attention(queries.get(i), seenKeys, seenValues, sights.get(i).mask()).transpose(1, 2));
    }
    return Tensors.concatenate(mixed, 1);
  }

  /**
   * Where keys of some stripe begin or end, rising from 0 to the number of keys. The pieces between
   * them are cut out once, as the gradient of a cut is as large as what it was cut from.
   */
  private int[] cuts() {
    int rows = sights.getLast().stripe().end();
    return Stream.concat(
            Stream.of(0, cached + rows),
            sights.stream()
                .map(Sight::stripe)
                .flatMap(stripe -> Stream.of(stripe.prefix(), stripe.from(), stripe.to()))
                .map(row -> cached + row))
        .mapToInt(Integer::intValue)
        .sorted()
        .distinct()
        .toArray();
  }

  private static long[] lengths(int[] cuts) {
    long[] lengths = new long[cuts.length - 1];
    for (int i = 0; i < lengths.length; i++) {
      lengths[i] = (long) cuts[i + 1] - cuts[i];
    }
    return lengths;
  }

  private Tensor joined(List<Tensor> pieces, int[] cuts, Stripe stripe) {
    var own = new ArrayList<Tensor>();
    for (int i = 0; i < pieces.size(); i++) {
      int row = cuts[i] - cached;
      if (row < stripe.prefix() || (row >= stripe.from() && row < stripe.to())) {
        own.add(pieces.get(i));
      }
    }
    return own.size() == 1 ? own.getFirst() : Tensors.concatenate(own, 2);
  }
}

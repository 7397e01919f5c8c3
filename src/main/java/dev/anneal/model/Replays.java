package dev.anneal.model;

import dev.anneal.tensor.DType;
import dev.anneal.tensor.Recorder;
import dev.anneal.tensor.Recording;
import dev.anneal.tensor.Scope;
import dev.anneal.tensor.Tensor;
import dev.anneal.tensor.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Calls that come again while a cache stays as it is, such as those within a block: made twice from
 * inputs at fixed addresses, the second time recorded, from then on replayed.
 *
 * <p>A recording knows the caches by their addresses and the number of their tokens. So it is of
 * calls that add none, and goes when the cache takes tokens in or is closed.
 */
final class Replays implements AutoCloseable {

  /** Shapes of calls that are known at a time; the one not met for longest goes. */
  private static final int MOST_SHAPES = 8;

  /** The largest calls: the products of larger ones take longer than it takes to call them. */
  private static final int MOST_ROWS = 4096;

  /** The least number of wanted rows: then few numbers come up, all of them powers of two. */
  private static final int LEAST_WANTED = 8;

  private final Recorder recorder;
  private final SequencedMap<Shape, Replay> replays =
      new LinkedHashMap<>(16, 0.75f, true); // oldest first

  Replays(Recorder recorder) {
    this.recorder = recorder;
  }

  /** All that a call has in common with one that can be replayed for it. */
  private record Shape(int rows, int wanted, List<Piece> pieces) {

    static Shape of(Call call, int wanted) {
      var pieces = call.parts().stream().map(part -> Piece.of(part.question())).toList();
      return new Shape(call.rows(), wanted, pieces);
    }
  }

  /** One question's part of a shape. */
  private record Piece(KvCache cache, int settled, int batch, int width) {

    static Piece of(Question question) {
      Window window = question.window();
      return new Piece(
          question.cache(), question.cache().settled(), window.batch(), window.width());
    }
  }

  /**
   * What a network makes of a call.
   *
   * @param network from inputs of the call's shape to [wanted, channel], by operators alone
   * @return [wanted, channel]; overwritten when the call comes again
   */
  static Tensor of(Call call, Call.Inputs inputs, Function<Call.Inputs, Tensor> network) {
    return find(call)
        .map(replays -> replays.outputs(call, inputs, network))
        .orElseGet(() -> network.apply(inputs));
  }

  /** Those that a call may be among: of its first question's cache. */
  private static Optional<Replays> find(Call call) {
    Optional<Replays> first = call.parts().getFirst().cache().replays();
    return first.filter(
        _ -> call.rows() <= MOST_ROWS && call.parts().stream().allMatch(Replays::comesAgain));
  }

  /** Whether a question leaves its cache as it is, and no row of it is hidden from another. */
  private static boolean comesAgain(Call.Part part) {
    Window window = part.question().window();
    return window.settling() == 0
        && window.cached() == part.cache().settled()
        && part.cache().replays().isPresent()
        && part.attention().hidesNothing();
  }

  private Tensor outputs(Call call, Call.Inputs inputs, Function<Call.Inputs, Tensor> network) {
    int wanted = Math.toIntExact(inputs.wantedCount());
    int padded = Math.max(LEAST_WANTED, Integer.highestOneBit(2 * wanted - 1));
    Replay replay = replay(Shape.of(call, padded), inputs);
    return replay.outputs(inputs, network).narrow(0, 0, wanted);
  }

  private Replay replay(Shape shape, Call.Inputs inputs) {
    Replay known = replays.get(shape);
    if (known != null) {
      return known;
    }
    if (replays.size() == MOST_SHAPES) {
      replays.pollFirstEntry().getValue().close();
    }
    var added = new Replay(inputs, shape.wanted());
    replays.put(shape, added);
    return added;
  }

  @Override
  public void close() {
    replays.values().forEach(Replay::close);
    replays.clear();
  }

  /** One call: inputs at fixed addresses, and, from the second time on, outputs too. */
  private final class Replay implements AutoCloseable {
    private final Call.Inputs inputs;
    private @Nullable Tensor outputs;
    private @Nullable Recording recording;

    /** Room for such inputs, with so many wanted rows. */
    Replay(Call.Inputs like, int wanted) {
      try (Scope scope = Scope.withoutGradient()) {
        var device = like.numbers().device();
        inputs =
            new Call.Inputs(
                Tensors.zeros(DType.INT64, device, 2L * like.rows() + wanted).detached(),
                like.sigmas()
                    .map(_ -> Tensors.zeros(DType.FLOAT32, device, like.rows()).detached()),
                like.rows());
      }
    }

    Tensor outputs(Call.Inputs given, Function<Call.Inputs, Tensor> network) {
      inputs.numbers().narrow(0, 0, given.numbers().size(0)).copy_(given.numbers());
      inputs.sigmas().ifPresent(fixed -> fixed.copy_(given.sigmas().orElseThrow()));
      Tensor room = outputs;
      if (room == null) {
        Tensor first = network.apply(inputs);
        outputs = Tensors.empty(first.dtype(), first.device(), first.shape()).detached();
        return first;
      }
      Recording known = recording;
      if (known == null) {
        known = recorder.record(() -> write(network, room));
        recording = known;
      }
      known.replay();
      return room;
    }

    private void write(Function<Call.Inputs, Tensor> network, Tensor room) {
      try (Scope scope = Scope.withoutGradient()) {
        room.copy_(network.apply(inputs));
      }
    }

    @Override
    public void close() {
      if (recording != null) {
        recording.close();
      }
      if (outputs != null) {
        outputs.close();
      }
      inputs.numbers().close();
      inputs.sigmas().ifPresent(Tensor::close);
    }
  }
}

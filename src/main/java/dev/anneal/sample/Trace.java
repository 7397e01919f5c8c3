package dev.anneal.sample;

import dev.anneal.data.Tokenizer;
import dev.anneal.schedule.Partition;
import dev.anneal.schedule.SettlingOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes a generation down, for a page that shows it. It listens to one request, and gives JSON:
 *
 * <pre>{@code
 * {"hyperschedule": {"name": "block", "width": 4, "levels": 2},
 *  "sampler": {"name": "adaptive-correction", "eta": 0.25},
 *  "seed": 7, "first_sequence": 0, "length": 8, "levels": 2,
 *  "order": [position, …],            the position at each place of the settling order
 *  "known": 3,                        how many places of the order are known from the start
 *  "start": [[id, …], …],             [sequence][position]; -1 is the mask
 *  "steps": [
 *    {"step": 0,
 *     "settled": 3,                   places of the order that were settled before the step
 *     "levels": [1, 1, 1, 1],         levels after the step, from that place on; the rest is noise
 *     "sequences": [                  what changed, [position, id, level, confidence]
 *       {"provisional": [[4, 17, 1, 0.83]], "revised": [], "remasked": [[5, -1, 1, null]],
 *        "settled": []}, …]}, …],
 *  "pieces": {"17": " the", …}}       the text of each id in here; empty where a document ends
 * }</pre>
 *
 * The parts of a change are those of {@link Change}; its confidence is null where that is empty.
 */
public final class Trace implements Listener {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Map<String, Object> header = new LinkedHashMap<>();
  private final List<Map<String, Object>> steps = new ArrayList<>();
  private final Map<Integer, String> pieces = new TreeMap<>();
  private final Tokenizer tokenizer;

  /** A trace of the request's generation, to be given to it as its listener. */
  public Trace(Request request, Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
    Draft draft = request.draft();
    int length = draft.order().length();
    var hyperschedule = request.decoding().hyperschedule();
    var sampler = request.decoding().sampler();
    header.put("hyperschedule", member(hyperschedule.name(), hyperschedule));
    header.put("sampler", member(sampler.name(), sampler));
    header.put("seed", request.rng().seed());
    header.put("first_sequence", request.firstSequence());
    header.put("length", length);
    header.put("levels", hyperschedule.levels());
    header.put("order", IntStream.range(0, length).map(draft.order()::position).toArray());
    header.put("known", draft.order().known());
    var start = IntStream.range(0, draft.sequences()).mapToObj(draft::tokens).toList();
    header.put("start", start);
    header.put("steps", steps);
    header.put("pieces", pieces);
    start.stream().flatMapToInt(Arrays::stream).forEach(this::addPiece);
  }

  /**
   * The trace of a request before anything has happened: its steps have levels, and no {@code
   * sequences}.
   */
  public static Trace plan(Request request, Tokenizer tokenizer) {
    var plan = new Trace(request, tokenizer);
    SettlingOrder order = request.draft().order();
    for (int state = request.draft().step(); state < request.steps(); state++) {
      Partition partition = request.decoding().hyperschedule().partition(state, order.unknown());
      plan.steps.add(step(order, partition));
    }
    return plan;
  }

  private static JsonNode member(String name, Object settings) {
    ObjectNode node = JSON.createObjectNode().put("name", name);
    return node.setAll((ObjectNode) JSON.valueToTree(settings));
  }

  @Override
  public Verdict onStep(GenerationStep made) {
    Map<String, Object> step = step(made.order(), made.partition());
    step.put(
        "sequences",
        IntStream.range(0, made.changes().size())
            .mapToObj(sequence -> changes(made, sequence))
            .toList());
    steps.add(step);
    made.changes().stream()
        .flatMap(List::stream)
        .filter(change -> change.kind() != Change.Kind.REMASKED)
        .forEach(change -> addPiece(change.id()));
    return Verdict.CONTINUE;
  }

  private void addPiece(int id) {
    if (id != Draft.BLANK) {
      pieces.computeIfAbsent(id, _ -> tokenizer.decode(new int[] {id}));
    }
  }

  private static Map<String, Object> step(SettlingOrder order, Partition partition) {
    var step = new LinkedHashMap<String, Object>();
    step.put("step", partition.step());
    step.put("settled", order.known() + partition.settled());
    step.put(
        "levels",
        IntStream.range(partition.settled(), partition.end()).map(partition::levelAfter).toArray());
    return step;
  }

  private static Map<String, Object> changes(GenerationStep made, int sequence) {
    var changes = new LinkedHashMap<String, Object>();
    for (Change.Kind kind : Change.Kind.values()) {
      changes.put(
          kind.name().toLowerCase(Locale.ROOT),
          made.only(sequence, kind).stream().map(Trace::parts).toList());
    }
    return changes;
  }

  private static ArrayNode parts(Change change) {
    boolean masked = change.kind() == Change.Kind.REMASKED;
    ArrayNode parts = JSON.createArrayNode();
    parts.add(change.position()).add(masked ? Draft.BLANK : change.id()).add(change.level());
    change
        .confidence()
        .ifPresentOrElse(confidence -> parts.add((float) confidence), parts::addNull);
    return parts;
  }

  /** All that was heard so far. */
  public String json() {
    return JSON.writeValueAsString(header);
  }
}

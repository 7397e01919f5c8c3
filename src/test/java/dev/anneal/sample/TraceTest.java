package dev.anneal.sample;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anneal.data.ByteTokenizer;
import dev.anneal.data.Tokenizer;
import dev.anneal.schedule.BlockAnnealing;
import dev.anneal.schedule.Flat;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

final class TraceTest {
  private static final Trial TRIAL =
      new Trial(
          new FixedDenoiser(8, 0, 1, 2),
          Trial.noise(0.2),
          new BlockAnnealing(3, 2),
          new AdaptiveCorrection(0.5));
  private static final Tokenizer BYTES = new ByteTokenizer();
  private static final int[] TEXT = {2, -1, -1, 0, -1, -1, -1, -1};

  @Test
  void theHeaderSaysHowTheTextWasMade() {
    var trace = new Trace(TRIAL.request(Draft.infill(TEXT, 2), 51), BYTES);
    JsonNode header = JsonMapper.shared().readTree(trace.json());
    assertThat(header)
        .isEqualTo(
            JsonMapper.shared()
                .readTree(
                    """
                    {"hyperschedule": {"name": "block", "width": 3, "levels": 2},
                     "sampler": {"name": "adaptive-correction", "eta": 0.5},
                     "seed": 51, "first_sequence": 0, "length": 8, "levels": 2,
                     "order": [0, 3, 1, 2, 4, 5, 6, 7], "known": 2,
                     "start": [[2, -1, -1, 0, -1, -1, -1, -1], [2, -1, -1, 0, -1, -1, -1, -1]],
                     "steps": [], "pieces": {"0": "\\u0000", "2": "\\u0002"}}
                    """));
  }

  @Test
  void theStepsLeadFromTheStartToTheText() {
    var request = TRIAL.request(Draft.infill(TEXT, 2), 51);
    var trace = new Trace(request, BYTES);
    var texts = new Generator(TRIAL.denoiser()).generate(request, trace).texts();
    JsonNode read = JsonMapper.shared().readTree(trace.json());
    assertThat(read.get("steps")).hasSize(4);
    for (int sequence = 0; sequence < 2; sequence++) {
      int[] text = TEXT.clone();
      for (JsonNode step : read.get("steps")) {
        for (JsonNode kind : step.get("sequences").get(sequence)) {
          kind.forEach(change -> text[change.get(0).asInt()] = change.get(1).asInt());
        }
      }
      assertThat(text).isEqualTo(texts.get(sequence));
    }
  }

  @Test
  void aTokenThatIsMaskedAgainIsTold() {
    var trial = new Trial(TRIAL.denoiser(), TRIAL.noise(), new BlockAnnealing(3, 8), new Remask());
    var request = trial.request(Draft.infill(TEXT, 1), 52);
    var trace = new Trace(request, BYTES);
    new Generator(trial.denoiser()).generate(request, trace);
    assertThat(JsonMapper.shared().readTree(trace.json()).findValues("remasked"))
        .anySatisfy(
            remasked -> {
              assertThat(remasked).isNotEmpty();
              assertThat(remasked.get(0).get(1).asInt()).isEqualTo(Draft.BLANK);
            });
  }

  /** The likeliest of three tokens has a chance of 1/(1 + 1/e + 1/e²). */
  @Test
  void aChangeHasItsLevelAndItsConfidenceIfThatIsAskedFor() {
    var request = TRIAL.request(Draft.infill(TEXT, 1), 51);
    var trace = new Trace(request.tellingConfidence(), BYTES);
    new Generator(TRIAL.denoiser()).generate(request.tellingConfidence(), trace);
    var changes = new ArrayList<JsonNode>();
    for (JsonNode step : JsonMapper.shared().readTree(trace.json()).get("steps")) {
      step.get("sequences").get(0).forEach(kind -> kind.forEach(changes::add));
    }
    assertThat(changes).allSatisfy(change -> assertThat(change.get(2).asInt()).isBetween(0, 1));
    assertThat(changes)
        .filteredOn(change -> change.get(1).asInt() == 2)
        .isNotEmpty()
        .allSatisfy(change -> assertThat(change.get(3).asDouble()).isBetween(0.6652, 0.6653));
  }

  @Test
  void aStepTellsTheLevelsOfItsActivePlaces() {
    var request = TRIAL.request(Draft.infill(TEXT, 1), 51);
    var trace = new Trace(request, BYTES);
    new Generator(TRIAL.denoiser()).generate(request, trace);
    JsonNode steps = JsonMapper.shared().readTree(trace.json()).get("steps");
    assertThat(steps.valueStream().map(step -> step.get("settled").asInt()))
        .isEqualTo(List.of(2, 2, 5, 5));
    assertThat(steps.valueStream().map(step -> step.get("levels").toString()))
        .containsExactly("[1,1,1]", "[0,0,0]", "[1,1,1]", "[0,0,0]");
  }

  @Test
  void aPlanIsTheTraceWithoutWhatHappens() {
    var request = TRIAL.request(Draft.infill(TEXT, 2), 51);
    var trace = new Trace(request, BYTES);
    new Generator(TRIAL.denoiser()).generate(request, trace);
    var happened = (ObjectNode) JsonMapper.shared().readTree(trace.json());
    happened.get("steps").forEach(step -> ((ObjectNode) step).remove("sequences"));
    var plan = (ObjectNode) JsonMapper.shared().readTree(Trace.plan(request, BYTES).json());
    assertThat(plan.remove("pieces")).isNotEqualTo(happened.remove("pieces"));
    assertThat(plan).isEqualTo(happened);
  }

  @Test
  void everyIdHasItsPiece() {
    var trial =
        new Trial(
            new FixedDenoiser(8, new float[101]), TRIAL.noise(), new Flat(4), TRIAL.sampler());
    var request = trial.request(Draft.infill(new int[] {'a', -1, -1, -1, 'b'}, 1), 53);
    var trace = new Trace(request, BYTES);
    var text = new Generator(trial.denoiser()).generate(request, trace).texts().getFirst();
    JsonNode pieces = JsonMapper.shared().readTree(trace.json()).get("pieces");
    for (int id : text) {
      assertThat(pieces.path(Integer.toString(id)).asString()).isEqualTo(Character.toString(id));
    }
  }
}

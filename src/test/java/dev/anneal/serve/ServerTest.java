package dev.anneal.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.anneal.sample.AdaptiveCorrection;
import dev.anneal.sample.Correction;
import dev.anneal.sample.Decoding;
import dev.anneal.sample.Draft;
import dev.anneal.sample.Generation;
import dev.anneal.sample.Generator;
import dev.anneal.sample.Listener;
import dev.anneal.sample.Request;
import dev.anneal.sample.TokenChoice;
import dev.anneal.schedule.BlockAnnealing;
import dev.anneal.schedule.Flat;
import dev.anneal.schedule.Hyperschedule;
import dev.anneal.store.Model;
import dev.anneal.tensor.Rng;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the service answers, against what the generator makes. */
final class ServerTest {
  @TempDir private static Path folder;
  private static Model model;
  private static Service service;

  @BeforeAll
  static void start() throws IOException {
    model = Service.model(folder);
    service = new Service(model, Service.roomy());
  }

  @AfterAll
  static void stop() {
    service.close();
    model.close();
  }

  private static Generation generated(Draft draft, Hyperschedule hyperschedule, long seed) {
    return new Generator(model.network())
        .generate(request(draft, hyperschedule, seed), Listener.NONE);
  }

  private static Request request(Draft draft, Hyperschedule hyperschedule, long seed) {
    var decoding =
        new Decoding(
            hyperschedule,
            model.config().context(),
            model.config().noise(),
            new AdaptiveCorrection(0.1),
            TokenChoice.PLAIN);
    return new Request(draft, decoding, new Rng(seed), 0, Request.Caching.CACHED);
  }

  /** What the generator makes of "ab", up to the end of the document. */
  private static List<String> continuations(int tokens, int samples, long seed) {
    int length = 2 + tokens;
    Draft draft = Draft.prompt(new int[] {'a', 'b'}, length, samples);
    var made =
        generated(draft, new BlockAnnealing(Math.min(32, tokens), Math.min(32, tokens)), seed);
    return made.texts().stream().map(ServerTest::continuation).toList();
  }

  private static String continuation(int[] ids) {
    int end = model.tokenizer().end();
    return model
        .tokenizer()
        .decode(Arrays.stream(ids).skip(2).takeWhile(id -> id != end).toArray());
  }

  private static String completion(int tokens, long seed, String more) {
    return "{\"model\": \"tiny\", \"prompt\": \"ab\", \"max_tokens\": %d, \"seed\": %d%s}"
        .formatted(tokens, seed, more);
  }

  private static List<String> texts(JsonNode reply) {
    return reply.path("choices").valueStream().map(each -> each.path("text").asString()).toList();
  }

  @Test
  void aCompletionIsWhatTheGeneratorMakes() {
    JsonNode reply = Service.json(service.post("/v1/completions", completion(20, 7, ", \"n\": 3")));
    assertThat(texts(reply)).containsExactlyElementsOf(continuations(20, 3, 7));
    assertThat(reply.path("object").asString()).isEqualTo("text_completion");
    assertThat(reply.path("model").asString()).isEqualTo("tiny");
    assertThat(reply.path("usage").path("prompt_tokens").asInt()).isEqualTo(2);
    assertThat(reply.path("usage").path("total_tokens").asInt())
        .isEqualTo(2 + reply.path("usage").path("completion_tokens").asInt());
  }

  @Test
  void companyChangesNoText() {
    var alone = new ArrayList<List<String>>();
    for (int seed = 0; seed < 12; seed++) {
      alone.add(continuations(6 + 3 * seed, 1, seed));
    }
    var replies = new ArrayList<CompletableFuture<HttpResponse<String>>>();
    for (int seed = 0; seed < 12; seed++) {
      replies.add(service.postLater("/v1/completions", completion(6 + 3 * seed, seed, "")));
    }
    for (int seed = 0; seed < 12; seed++) {
      assertThat(texts(Service.json(replies.get(seed).join())))
          .containsExactlyElementsOf(alone.get(seed));
    }
  }

  private static List<String> data(String body) {
    return body.lines()
        .filter(line -> line.startsWith("data: "))
        .map(line -> line.substring("data: ".length()))
        .toList();
  }

  @Test
  void streamedPiecesMakeTheSameTexts() {
    String more = ", \"n\": 2, \"width\": 4, \"stream\": true";
    HttpResponse<String> response = service.post("/v1/completions", completion(24, 3, more));
    assertThat(response.headers().firstValue("Content-Type").orElseThrow())
        .startsWith("text/event-stream");
    List<String> lines = data(response.body());
    assertThat(lines).last().isEqualTo("[DONE]");
    var texts = List.of(new StringBuilder(), new StringBuilder());
    var reasons = new ArrayList<String>();
    for (String line : lines.subList(0, lines.size() - 1)) {
      JsonNode choice = JsonMapper.shared().readTree(line).path("choices").get(0);
      texts.get(choice.path("index").asInt()).append(choice.path("text").asString());
      reasons.add(choice.path("finish_reason").asString(""));
    }
    String whole = completion(24, 3, ", \"n\": 2, \"width\": 4");
    assertThat(texts.stream().map(StringBuilder::toString))
        .containsExactlyElementsOf(texts(Service.json(service.post("/v1/completions", whole))));
    assertThat(lines.size()).isGreaterThan(6);
    assertThat(reasons.stream().filter(reason -> !reason.isEmpty())).hasSize(2);
  }

  @Test
  void aStopTextEndsTheAnswerWholeAndStreamed() {
    long seed = 1;
    while (continuations(40, 1, seed).getFirst().length() < 12) {
      seed++;
    }
    String whole = continuations(40, 1, seed).getFirst();
    String stop = whole.substring(5, 7);
    String expected = whole.substring(0, whole.indexOf(stop));
    String more =
        ", \"stop\": [\"never in it\", %s]".formatted(JsonMapper.shared().writeValueAsString(stop));
    JsonNode reply = Service.json(service.post("/v1/completions", completion(40, seed, more)));
    assertThat(texts(reply)).containsExactly(expected);
    assertThat(reply.path("choices").get(0).path("finish_reason").asString()).isEqualTo("stop");
    String streamed =
        service.post("/v1/completions", completion(40, seed, more + ", \"stream\": true")).body();
    assertThat(
            data(streamed).stream()
                .filter(line -> line.startsWith("{"))
                .map(line -> texts(JsonMapper.shared().readTree(line)).getFirst()))
        .map(String.class::cast)
        .satisfies(pieces -> assertThat(String.join("", pieces)).isEqualTo(expected));
  }

  @Test
  void aChatIsAPlainText() {
    String body =
        """
        {"model": "tiny", "max_completion_tokens": 8, "seed": 4, "messages": [
          {"role": "system", "content": "S"},
          {"role": "user", "content": [{"type": "text", "text": "U"}]}]}""";
    JsonNode message =
        Service.json(service.post("/v1/chat/completions", body))
            .path("choices")
            .get(0)
            .path("message");
    String same =
        "{\"model\": \"tiny\", \"prompt\": \"System: S\\n\\nUser: U\\n\\nAssistant:\", \"max_tokens\": 8,"
            + " \"seed\": 4}";
    assertThat(message.path("role").asString()).isEqualTo("assistant");
    assertThat(message.path("content").asString())
        .isEqualTo(texts(Service.json(service.post("/v1/completions", same))).getFirst());
  }

  @Test
  void gapsAreFilled() {
    String body =
        "{\"prompt\": \"a{{3}}b\", \"hyperschedule\": \"flat\", \"seed\": 5, \"samples\": 2}";
    JsonNode reply = Service.json(service.post("/v1/anneal", body));
    int[] text = {'a', Draft.BLANK, Draft.BLANK, Draft.BLANK, 'b'};
    Generation made = generated(Draft.infill(text, 2), new Flat(3), 5);
    List<int[]> ids =
        reply
            .path("samples")
            .valueStream()
            .map(each -> each.path("ids").valueStream().mapToInt(JsonNode::asInt).toArray())
            .toList();
    assertThat(ids).containsExactlyElementsOf(made.texts());
    assertThat(reply.path("seed").asLong()).isEqualTo(5);
    assertThat(reply.path("calls").asInt()).isEqualTo(made.calls());
    assertThat(reply.path("hyperschedule").asString()).isEqualTo("flat");
    assertThat(reply.path("sampler").asString()).isEqualTo("adaptive-correction");
  }

  @Test
  void aTextIsCorrectedAfterThePromptThatStays() {
    String body =
        "{\"prompt\": \"ab\", \"correct\": \"cdef\", \"from\": 0.5, \"noised\": true, \"seed\": 5,"
            + " \"sampler\": {\"name\": \"acs\", \"eta\": 0.1}}";
    JsonNode reply = Service.json(service.post("/v1/anneal", body));
    var known = new BitSet();
    known.set(0, 2);
    var request =
        request(Draft.given(known, new int[] {97, 98, 99, 100, 101, 102}, 1), new Flat(64), 5);
    var correction = new Correction(0.5, Correction.Entry.NOISED);
    Generation made =
        new Generator(model.network())
            .generate(correction.enter(request, model.network().tokens()), Listener.NONE);
    assertThat(reply.path("samples").get(0).path("ids").valueStream().map(JsonNode::asInt))
        .containsExactlyElementsOf(Arrays.stream(made.texts().getFirst()).boxed().toList());
    assertThat(reply.path("hyperschedule").asString()).isEqualTo("flat");
    assertThat(reply.path("samples").get(0).path("text").asString()).startsWith("ab");
  }

  @Test
  void everyChangeIsAnEventAndTogetherTheyMakeTheText() {
    String body =
        """
        {"prompt": "ab{{12}}", "hyperschedule": "flat", "levels": 24, "seed": 2, "stream": true,
         "sampler": {"name": "acs", "eta": 0.9}, "trace": true}""";
    List<String> lines = service.post("/v1/anneal", body).body().lines().toList();
    var names = new ArrayList<String>();
    int[] text = new int[14];
    JsonNode done = JsonMapper.shared().nullNode();
    for (int i = 0; i < lines.size(); i += 3) {
      String name = lines.get(i).substring("event: ".length());
      JsonNode data = JsonMapper.shared().readTree(lines.get(i + 1).substring("data: ".length()));
      if (name.equals("done")) {
        done = data;
      } else {
        names.add(name);
        text[data.path("position").asInt()] = data.path("id").asInt();
        assertThat(data.path("step").asInt()).isBetween(0, 23);
        assertThat(data.path("level").asInt()).isEqualTo(23 - data.path("step").asInt());
        assertThat(data.path("confidence").asDouble()).isBetween(0.0, 1.0);
      }
    }
    assertThat(names).contains("provisional", "revised", "settled");
    int[] ids =
        done.path("samples").get(0).path("ids").valueStream().mapToInt(JsonNode::asInt).toArray();
    assertThat(IntStream.range(2, 14).map(position -> text[position]))
        .containsExactly(Arrays.stream(ids).skip(2).boxed().toArray(Integer[]::new));
    assertThat(done.path("trace").path("steps")).hasSize(24);
  }

  @Test
  void modelsAndHealthAreTold() {
    JsonNode models = Service.json(service.get("/v1/models"));
    assertThat(models.path("data").get(0).path("id").asString()).isEqualTo("tiny");
    assertThat(service.get("/healthz").statusCode()).isEqualTo(200);
    assertThat(service.get("/readyz").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/completions  | {'model':'tiny','promt':'a'}                          | 400 | promt",
        "/v1/completions  | {'prompt':'a'}                                        | 400 | model",
        "/v1/completions  | {'model':'other','prompt':'a'}                        | 404 |",
        "/v1/completions  | {'model':'tiny','prompt':7}                           | 400 | prompt",
        "/v1/completions  | {'model':'tiny','prompt':'a','temperature':'hot'}     | 400 | temperature",
        "/v1/completions  | {'model':'tiny','prompt':'a','temperature':-1}        | 400 |",
        "/v1/completions  | {'model':'tiny','prompt':'a','temperature':1e999}     | 400 | temperature",
        "/v1/completions  | {'model':'tiny','prompt':'a','max_tokens':48}         | 400 |",
        "/v1/completions  | {'model':'tiny','prompt':'a','n':17}                  | 400 | n",
        "/v1/completions  | {'model':'tiny','prompt':'a','seed':1.5}              | 400 | seed",
        "/v1/completions  | {'model':'tiny','prompt':'a','stop':['']}             | 400 | stop",
        "/v1/completions  | {'model':'tiny','prompt':'a','presence_penalty':0.5}  | 400 | presence_penalty",
        "/v1/chat/completions | {'model':'tiny','messages':[]}                    | 400 | messages",
        "/v1/chat/completions | {'model':'tiny','messages':[{'role':'robot'}]}    | 400 | messages",
        "/v1/anneal       | {'prompt':'{{999999}}'}                               | 400 |",
        "/v1/anneal       | {'sampler':'acts'}                                    | 400 |",
        "/v1/anneal       | {'sampler':{'name':'acs','eta':2}}                    | 400 |",
        "/v1/anneal       | {'sampler':{'name':'acs','eta':[]}}                   | 400 | sampler",
        "/v1/anneal       | {'hyperschedule':'sideways'}                          | 400 |",
        "/v1/anneal       | {'length':49}                                         | 400 | length",
        "/v1/anneal       | {'hyperschedule':'flat','levels':10001,'trace':true}  | 400 | trace",
        "/v1/anneal       | {'prompt':'a','from':0.5}                             | 400 | from",
        "/v1/anneal       | {'correct':'ab','length':8}                           | 400 | length",
        "/v1/anneal       | {'correct':'ab','noised':'yes'}                       | 400 | noised",
        "/v1/anneal       | {'correct':'ab','from':1}                             | 400 |",
        "/v1/anneal       | {'correct':'ab','hyperschedule':'slide'}              | 400 |",
        "/v1/anneal       | {'correct':'ab','sampler':'ancestral'}                | 400 |",
        "/v1/anneal       | {'correct':''}                                        | 400 |",
        "/v1/completions  | {'model':'tiny','stream':true,'stream_options':7}     | 400 | stream_options",
        "/v1/nothing      | {}                                                    | 404 |"
      })
  void whatCannotBeDoneIsRefusedWithItsReason(String path, String body, int status, String field) {
    HttpResponse<String> response = service.post(path, body.replace('\'', '"'));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    JsonNode error = Service.json(response).path("error");
    assertThat(error.path("message").asString()).isNotBlank();
    assertThat(error.path("type").asString()).isEqualTo("invalid_request_error");
    assertThat(error.path("param").asString(null)).isEqualTo(field);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /v1/completions, POST",
    "DELETE, /v1/anneal, POST",
    "POST, /v1/models, GET",
    "PATCH, /healthz, GET",
    "PUT, /, GET",
    "POST, /studio/studio.js, GET"
  })
  void anAddressThatTakesAnotherMethodTellsWhich(String method, String address, String taken) {
    var request =
        HttpRequest.newBuilder(service.address(address))
            .method(method, HttpRequest.BodyPublishers.ofString("{}"))
            .build();
    HttpResponse<String> response = service.send(request);
    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().allValues("Allow")).containsExactly(taken);
    JsonNode error = Service.json(response).path("error");
    assertThat(error.path("message").asString()).contains(method, taken);
    assertThat(error.path("code").asString()).isEqualTo("method_not_supported");
  }

  @Test
  void withATokenOnlyThoseWhoCarryItAreServed() {
    try (var closed = new Service(model, Service.roomy(), Optional.of("secret"))) {
      assertThat(closed.post("/v1/completions", completion(4, 1, "")).statusCode()).isEqualTo(401);
      assertThat(closed.get("/v1/models").statusCode()).isEqualTo(401);
      assertThat(closed.get("/metrics").statusCode()).isEqualTo(401);
      assertThat(closed.get("/healthz").statusCode()).isEqualTo(200);
      for (String token : List.of("secret", "Secret", "secre", "")) {
        var request =
            HttpRequest.newBuilder(closed.address("/v1/models"))
                .header("Authorization", "Bearer " + token)
                .build();
        assertThat(closed.send(request).statusCode()).isEqualTo(token.equals("secret") ? 200 : 401);
      }
    }
  }

  @Test
  void theLogHasNoWordOfATextOrAnAddressThatIsNotOurs() {
    var logging = new Service(model, Service.roomy());
    logging.post("/v1/completions", completion(4, 1, "").replace("ab", "confidential"));
    logging.post("/v1/confidential", "{\"confidential\": 1}");
    logging.close();
    assertThat(logging.log())
        .contains("\"address\":\"/v1/completions\",\"status\":200")
        .contains("\"address\":\"other\",\"status\":404")
        .doesNotContain("confidential");
  }
}

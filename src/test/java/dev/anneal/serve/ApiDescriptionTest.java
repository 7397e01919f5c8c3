package dev.anneal.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.anneal.recipe.Choice;
import dev.anneal.recipe.Family;
import dev.anneal.sample.Sampler;
import dev.anneal.schedule.HyperscheduleChoice;
import dev.anneal.store.Model;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What the service takes and sends, against what its description says. */
final class ApiDescriptionTest {
  private static final SchemaRegistry SCHEMAS =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  private static final Map<String, Schema> READ = new HashMap<>();

  @TempDir private static Path folder;
  private static Model model;
  private static Service service;

  /** Bodies of requests that are read by one reader. */
  enum Body {
    ANNEAL("AnnealRequest", "{\"prompt\": \"ab\"}"),
    CORRECT("AnnealRequest", "{\"correct\": \"abab\"}"),
    COMPLETE("CompletionRequest", "{\"model\": \"tiny\", \"max_tokens\": 4}"),
    CHAT(
        "ChatRequest",
        "{\"model\": \"tiny\", \"messages\": [{\"role\": \"user\", \"content\": \"a\"}]}");

    private final String schema;
    private final String least;

    Body(String schema, String least) {
      this.schema = schema;
      this.least = least;
    }

    private void read(Fields fields) {
      var served =
          new ServedModel(Service.MODEL, model.config(), model.tokenizer(), Service.LENGTH);
      Record _ =
          switch (this) {
            case ANNEAL, CORRECT -> AnnealRequest.parse(fields, served);
            case COMPLETE -> CompletionRequest.parse(fields, Style.TEXT, served);
            case CHAT -> CompletionRequest.parse(fields, Style.CHAT, served);
          };
    }

    /** The least body, with fields added or replaced. */
    ObjectNode with(Consumer<ObjectNode> change) {
      var body = (ObjectNode) JsonMapper.shared().readTree(least);
      change.accept(body);
      return body;
    }

    /** The names that its reader asks for. */
    Set<String> asked() {
      Fields fields = fields(with(body -> {}));
      read(fields);
      return fields.asked();
    }

    boolean takes(ObjectNode body) {
      try {
        read(fields(body));
        return true;
      } catch (Refusal | IllegalArgumentException e) {
        return false;
      }
    }

    private static Fields fields(ObjectNode body) {
      return Fields.parse(body.toString().getBytes(StandardCharsets.UTF_8));
    }
  }

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

  private static JsonNode document() {
    return Service.json(service.get("/openapi.json"));
  }

  private static List<Error> mistakes(String schema, JsonNode value) {
    return READ.computeIfAbsent(schema, name -> SCHEMAS.getSchema(ApiDescription.schema(name)))
        .validate(value);
  }

  private static void assertValid(String schema, JsonNode value) {
    assertThat(mistakes(schema, value)).as("%s as %s", value, schema).isEmpty();
  }

  /** The names of all fields of a schema of the document, those that it takes over included. */
  private static Set<String> fields(JsonNode document, JsonNode schema) {
    var names = new TreeSet<>(schema.path("properties").propertyNames());
    for (JsonNode part : schema.path("allOf")) {
      String reference = part.path("$ref").asString("");
      names.addAll(
          fields(document, reference.isEmpty() ? part : document.at(reference.substring(1))));
    }
    return names;
  }

  private static JsonNode part(JsonNode document, String name) {
    return document.path("components").path("schemas").path(name);
  }

  @Test
  void itHasTheAddressesOfTheServiceAndNoOthers() {
    var described = new ArrayList<String>();
    for (Map.Entry<String, JsonNode> path : document().path("paths").properties()) {
      for (String method : path.getValue().propertyNames()) {
        described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey());
      }
    }
    assertThat(described).containsExactlyInAnyOrderElementsOf(service.server().offers());
  }

  @ParameterizedTest
  @ValueSource(strings = {"AnnealRequest", "CompletionRequest", "ChatRequest"})
  void aRequestHasTheFieldsThatTheServiceAsksForAndNoOthers(String name) {
    var asked = new HashSet<String>();
    for (Body body : Body.values()) {
      if (body.schema.equals(name)) {
        asked.addAll(body.asked());
      }
    }
    JsonNode document = document();
    assertThat(fields(document, part(document, name))).isEqualTo(new TreeSet<>(asked));
  }

  /** Values of every kind in every field: what the schema refuses, the service refuses. */
  @ParameterizedTest
  @EnumSource
  void whatTheServiceTakesIsValid(Body body) {
    List<String> values =
        List.of(
            "null",
            "true",
            "false",
            "\"\"",
            "\"x\"",
            "\"flat\"",
            "\"acs\"",
            "0",
            "1",
            "2",
            "16",
            "17",
            "-1",
            "0.5",
            "1.5",
            "-0.5",
            "3000000000",
            "1e300",
            "9223372036854775808",
            "[]",
            "[\"x\"]",
            "[\"\"]",
            "[1]",
            "{}",
            "{\"name\": \"acs\"}",
            "{\"include_usage\": 1}",
            "{\"name\": \"acs\", \"eta\": 0.2}",
            "{\"name\": \"acs\", \"eta\": 2}",
            "{\"name\": \"acs\", \"bound\": 0.2}",
            "{\"name\": \"acts\"}");
    JsonNode document = document();
    int taken = 0;
    for (String field : fields(document, part(document, body.schema))) {
      for (String value : values) {
        ObjectNode changed =
            body.with(each -> each.set(field, JsonMapper.shared().readTree(value)));
        if (body.takes(changed)) {
          taken++;
          assertValid(body.schema, changed);
        }
      }
    }
    assertThat(taken).isGreaterThan(2 * document.path("components").path("schemas").size());
    ObjectNode stranger = body.with(each -> each.put("stranger", 1));
    assertThat(body.takes(stranger)).isFalse();
    assertThat(mistakes(body.schema, stranger)).isNotEmpty();
  }

  @Test
  void namesAndSettingsAreThoseOfTheFamilies() {
    JsonNode document = document();
    var hyperschedules = new ArrayList<>(HyperscheduleChoice.names());
    hyperschedules.add("");
    assertThat(strings(part(document, "Hyperschedule").path("enum")))
        .containsExactlyInAnyOrderElementsOf(hyperschedules);
    Family<Sampler> family = Family.of(Sampler.class);
    var names = new ArrayList<>(family.names());
    names.add("acs");
    assertThat(strings(part(document, "SamplerName").path("enum")))
        .containsExactlyInAnyOrderElementsOf(names);
    var settings = new TreeSet<>(Set.of("name"));
    for (String name : family.names()) {
      settings.addAll(family.describe(family.create(Choice.of(name))).settings().keySet());
    }
    assertThat(part(document, "Sampler").path("anyOf").get(1).path("properties").propertyNames())
        .containsExactlyInAnyOrderElementsOf(settings);
  }

  /** A client that has gone hears of nothing. */
  @Test
  void theCodesOfErrorsAreThoseOfRefusals() {
    var codes = new TreeSet<String>();
    for (Refusal.Kind kind : Refusal.Kind.values()) {
      if (kind != Refusal.Kind.GONE) {
        JsonNode error = new Refusal(kind, "").json();
        assertValid("Error", error);
        codes.add(error.path("error").path("code").asString(""));
      }
    }
    JsonNode described = part(document(), "Error").at("/properties/error/properties/code/enum");
    assertThat(new TreeSet<>(strings(described))).isEqualTo(codes);
  }

  private static List<String> strings(JsonNode list) {
    return list.valueStream().map(each -> each.asString("")).toList();
  }

  /** All that the description shows is taken, and answered as it says. */
  @Test
  void examplesAreAnswered() {
    for (Map.Entry<String, JsonNode> path : document().path("paths").properties()) {
      JsonNode content = path.getValue().at("/post/requestBody/content/application~1json");
      for (JsonNode example : content.path("examples")) {
        var request = (ObjectNode) example.path("value");
        if (request.has("model")) {
          request.put("model", Service.MODEL);
        }
        for (String field : List.of("length", "max_tokens", "max_completion_tokens")) {
          if (request.has(field)) {
            request.put(field, 12);
          }
        }
        var response = service.post(path.getKey(), request.toString());
        assertThat(response.statusCode()).as("%s: %s", request, response.body()).isEqualTo(200);
        String schema = content.path("schema").path("$ref").asString().replaceFirst(".*/", "");
        assertValid(schema, request);
      }
    }
  }

  private static JsonNode sent(String path, String body) {
    return Service.json(service.post(path, body));
  }

  @Test
  void repliesAreValid() {
    String traced =
        "{\"prompt\": \"a{{5}}\", \"trace\": true, \"samples\": 2, \"sampler\": \"remask\"}";
    assertValid("AnnealReply", sent("/v1/anneal", traced));
    assertValid("AnnealReply", sent("/v1/anneal", "{\"correct\": \"abab\", \"noised\": true}"));
    assertValid("Completion", sent("/v1/completions", Body.COMPLETE.least));
    assertValid("ChatCompletion", sent("/v1/chat/completions", Body.CHAT.least));
    assertValid("Trace", sent("/v1/plan", Body.CORRECT.least));
    assertValid("Options", Service.json(service.get("/v1/options")));
    assertValid("ModelList", Service.json(service.get("/v1/models")));
    assertValid("Error", sent("/v1/anneal", "{"));
    assertValid("Error", sent("/v1/anneal", "{\"length\": 0}"));
    assertValid("Error", sent("/v1/completions", "{\"model\": \"other\"}"));
    assertValid("Error", sent("/nowhere", "{}"));
  }

  /** The data of events without a name. */
  private static List<JsonNode> pieces(String path, Body body) {
    String asked =
        body.with(
                each -> {
                  each.put("stream", true);
                  each.putObject("stream_options").put("include_usage", true);
                })
            .toString();
    return service
        .post(path, asked)
        .body()
        .lines()
        .filter(line -> line.startsWith("data: {"))
        .map(line -> JsonMapper.shared().readTree(line.substring("data: ".length())))
        .toList();
  }

  @Test
  void streamedPiecesAreValid() {
    List<JsonNode> text = pieces("/v1/completions", Body.COMPLETE);
    assertThat(text).hasSizeGreaterThan(1);
    text.forEach(piece -> assertValid("CompletionPiece", piece));
    List<JsonNode> chat = pieces("/v1/chat/completions", Body.CHAT);
    assertThat(chat).hasSizeGreaterThan(1);
    chat.forEach(piece -> assertValid("ChatPiece", piece));
  }

  @Test
  void eventsAreValidAndAllKindsOfThemAreDescribed() {
    String asked =
        """
        {"prompt": "ab{{12}}", "hyperschedule": "flat", "levels": 24, "seed": 2, "stream": true,
         "sampler": {"name": "remask-shuffle", "eta": 0.9}}""";
    List<String> lines = service.post("/v1/anneal", asked).body().lines().toList();
    var seen = new HashSet<String>();
    for (int i = 0; i < lines.size(); i += 3) {
      String name = lines.get(i).substring("event: ".length());
      JsonNode data = JsonMapper.shared().readTree(lines.get(i + 1).substring("data: ".length()));
      seen.add(name);
      assertValid("AnnealEvents", JsonMapper.shared().createObjectNode().set(name, data));
    }
    JsonNode document = document();
    assertThat(seen).isSubsetOf(fields(document, part(document, "AnnealEvents")));
    seen.add("error"); // as in LoadTest
    assertThat(seen).isEqualTo(fields(document, part(document, "AnnealEvents")));
  }

  @Test
  void theSchemaStandsAlone() {
    var response = service.get("/schemas/anneal.json");
    assertThat(response.headers().firstValue("Content-Type")).contains("application/schema+json");
    JsonNode sent = Service.json(response);
    Schema schema = SCHEMAS.getSchema(sent);
    assertThat(schema.validate(Body.ANNEAL.with(each -> {}))).isEmpty();
    assertThat(schema.validate(Body.ANNEAL.with(each -> each.put("rate", "fast")))).isNotEmpty();
    assertThat(sent.toString()).doesNotContain("#/components/");
    var dialect = JsonMapper.shared().createObjectNode();
    dialect.put("$ref", SpecificationVersion.DRAFT_2020_12.getDialectId());
    assertThat(SCHEMAS.getSchema(dialect).validate(sent)).isEmpty();
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    JsonNode document = document();
    var references = new ArrayList<String>();
    collect(document, references);
    assertThat(references)
        .hasSizeGreaterThan(50)
        .allSatisfy(each -> assertThat(document.at(each.substring(1)).isObject()).isTrue());
  }

  private static void collect(JsonNode node, List<String> references) {
    if (node.path("$ref").isString()) {
      references.add(node.path("$ref").asString());
    }
    node.forEach(each -> collect(each, references));
  }

  @Test
  void thePageShowsAllOfItAndLoadsNothing() {
    var response = service.get("/docs");
    assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("text/html");
    String page = response.body();
    JsonNode document = document();
    service.server().offers().forEach(offer -> assertThat(page).contains(">" + offer + "<"));
    for (String name : document.path("components").path("schemas").propertyNames()) {
      assertThat(page).contains("<h2 id=\"" + name + "\">");
      fields(document, part(document, name))
          .forEach(field -> assertThat(page).contains("<code>" + field + "</code>"));
    }
    assertThat(page).doesNotContain("<script", "<link", "<img", "src=", "url(", "@import");
  }
}

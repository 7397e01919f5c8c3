package dev.anneal.serve;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * What the service offers, for programs: OpenAPI 3.1, of which the JSON Schema of {@code
 * /v1/anneal} is a part. Tests hold the service to it.
 */
final class ApiDescription {
  private static final String FILE = "openapi.yaml";
  private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";

  /** Where OpenAPI keeps schemas, and where a schema does. */
  private static final String COMPONENTS = "#/components/schemas/";

  private static final String DEFINITIONS = "#/$defs/";

  private ApiDescription() {}

  /** Reads it when it is first asked for: the service starts without. */
  private static final class Read {
    static final ObjectNode OPEN_API = read();

    private static ObjectNode read() {
      try (InputStream in = ApiDescription.class.getResourceAsStream(FILE)) {
        if (in == null) {
          throw new AssertionError(FILE + " is not in the jar");
        }
        return (ObjectNode) new YAMLMapper().readTree(in);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** The OpenAPI document; not to be changed. */
  static ObjectNode openApi() {
    return Read.OPEN_API;
  }

  /**
   * A JSON Schema that stands alone, with all others among its definitions.
   *
   * @param name of a schema of the document
   */
  static ObjectNode schema(String name) {
    ObjectNode schema = JsonMapper.shared().createObjectNode();
    schema.put("$schema", DIALECT).put("$ref", DEFINITIONS + name);
    schema.set("$defs", moved(openApi().path("components").path("schemas")));
    return schema;
  }

  /** A copy whose references lead to the definitions. */
  private static JsonNode moved(JsonNode node) {
    if (node instanceof ArrayNode list) {
      ArrayNode copy = JsonMapper.shared().createArrayNode();
      list.forEach(each -> copy.add(moved(each)));
      return copy;
    }
    if (!(node instanceof ObjectNode object)) {
      return node;
    }
    ObjectNode copy = JsonMapper.shared().createObjectNode();
    for (Map.Entry<String, JsonNode> each : object.properties()) {
      copy.set(each.getKey(), moved(each.getValue()));
    }
    if (copy.path("$ref").isString()) {
      copy.put("$ref", copy.path("$ref").asString().replace(COMPONENTS, DEFINITIONS));
    }
    return copy;
  }
}

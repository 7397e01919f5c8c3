package dev.anneal.serve;

import java.util.Locale;
import java.util.Map;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The {@link ApiDescription} as a page to be read: HTML without scripts, in dark and light. */
final class ApiPage {
  private static final JsonMapper INDENTED =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private static final String HEAD =
      """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>Anneal: the service</title>
      <style>
      :root { color-scheme: light dark; }
      body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
      code, pre { font-family: ui-monospace, monospace; font-size: 0.9em; }
      pre, section { overflow-x: auto; }
      pre { padding: 0.75rem; border: 1px solid color-mix(in srgb, currentColor 25%, transparent); }
      h2 { margin-top: 2.5rem; }
      table { border-collapse: collapse; width: 100%; }
      td { vertical-align: top; padding: 0.35rem 1rem 0.35rem 0; }
      tr { border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent); }
      </style>
      </head>
      <body>
      <h1>Anneal: the service</h1>
      """;

  private static final String LINKS =
      """
      <p>For programs: <a href="/openapi.json">openapi.json</a> (OpenAPI 3.1) and
      <a href="/schemas/anneal.json">schemas/anneal.json</a> (JSON Schema).</p>
      """;

  private final JsonNode description;
  private final StringBuilder page = new StringBuilder(HEAD);

  private ApiPage(JsonNode description) {
    this.description = description;
  }

  /** Writes the page. */
  static String of(JsonNode description) {
    var writing = new ApiPage(description);
    writing.paragraph(description.path("info"));
    writing.page.append(LINKS);
    for (Map.Entry<String, JsonNode> path : description.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        String verb = method.getKey().toUpperCase(Locale.ROOT);
        writing.operation(verb + " " + path.getKey(), method.getValue());
      }
    }
    writing.page.append("<h1>Requests and replies</h1>\n");
    description.path("components").path("schemas").properties().forEach(writing::part);
    return writing.page.append("</body>\n</html>\n").toString();
  }

  private void operation(String address, JsonNode operation) {
    heading(operation.path("operationId").asString(), address);
    page.append("<p>%s.</p>\n".formatted(marked(operation.path("summary").asString())));
    paragraph(operation);
    JsonNode body = operation.path("requestBody").path("content").path("application/json");
    if (body.isObject()) {
      page.append("<p>Takes %s.</p>\n".formatted(kind(body.path("schema"))));
      body.path("examples").forEach(example -> code(example.path("value")));
    }
    page.append("<section><table>\n");
    for (Map.Entry<String, JsonNode> each : operation.path("responses").properties()) {
      JsonNode response = followed(each.getValue());
      row(each.getKey(), contents(response), response);
    }
    page.append("</table></section>\n");
  }

  private static String contents(JsonNode response) {
    return response.path("content").properties().stream()
        .map(each -> code(each.getKey()) + " " + kind(each.getValue().path("schema")))
        .collect(Collectors.joining("<br>"));
  }

  /** What a reference leads to; anything else is itself. */
  private JsonNode followed(JsonNode node) {
    JsonNode reference = node.path("$ref");
    return reference.isString() ? description.at(reference.asString().substring(1)) : node;
  }

  private void part(Map.Entry<String, JsonNode> named) {
    JsonNode schema = named.getValue();
    heading(named.getKey(), named.getKey());
    paragraph(schema);
    schema.path("allOf").forEach(base -> table(base.has("$ref") ? followed(base) : base));
    table(schema);
    if (!schema.has("properties") && !schema.has("allOf")) {
      page.append("<p>%s</p>\n".formatted(kind(schema)));
    }
  }

  private void table(JsonNode schema) {
    if (schema.has("properties")) {
      page.append("<section><table>\n");
      for (Map.Entry<String, JsonNode> field : schema.path("properties").properties()) {
        row(field.getKey(), kind(field.getValue()), field.getValue());
      }
      page.append("</table></section>\n");
    }
  }

  private void heading(String id, String title) {
    page.append("<h2 id=\"%s\">%s</h2>\n".formatted(id, code(title)));
  }

  private void paragraph(JsonNode described) {
    if (described.has("description")) {
      page.append("<p>%s</p>\n".formatted(marked(described.path("description").asString())));
    }
  }

  private void code(JsonNode example) {
    page.append("<pre>%s</pre>\n".formatted(escaped(INDENTED.writeValueAsString(example))));
  }

  private void row(String name, String kind, JsonNode described) {
    page.append(
        "<tr><td>%s</td><td>%s</td><td>%s</td></tr>\n"
            .formatted(code(name), kind, marked(described.path("description").asString(""))));
  }

  /** What a value may be, in a few words. */
  private static String kind(JsonNode schema) {
    if (schema.has("$ref")) {
      String name = schema.path("$ref").asString().replaceFirst(".*/", "");
      return "<a href=\"#%1$s\">%1$s</a>".formatted(name);
    }
    if (schema.has("anyOf")) {
      return schema.path("anyOf").valueStream().map(ApiPage::kind).collect(either());
    }
    if (schema.has("enum")) {
      return schema.path("enum").valueStream().map(each -> code(each.toString())).collect(either());
    }
    if (schema.has("const")) {
      return code(schema.path("const").toString());
    }
    if (schema.has("properties")) {
      return "object of " + fields(schema);
    }
    JsonNode type = schema.path("type");
    Stream<JsonNode> types = type.isArray() ? type.valueStream() : Stream.of(type);
    return types.map(each -> each.asString("anything")).collect(either())
        + (schema.has("items") ? " of " + kind(schema.path("items")) : "")
        + range(schema);
  }

  private static String fields(JsonNode schema) {
    return schema.path("properties").properties().stream()
        .map(each -> code(each.getKey()) + ": " + kind(each.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static Collector<CharSequence, ?, String> either() {
    return Collectors.joining(" or ");
  }

  private static String range(JsonNode schema) {
    var range = new StringBuilder();
    bound(range, schema, "minimum", "from");
    bound(range, schema, "exclusiveMinimum", "above");
    bound(range, schema, "maximum", "to");
    bound(range, schema, "exclusiveMaximum", "below");
    bound(range, schema, "default", "usually");
    return range.toString();
  }

  private static void bound(StringBuilder range, JsonNode schema, String name, String word) {
    if (schema.has(name)) {
      range.append(", ").append(word).append(' ').append(code(schema.path(name).toString()));
    }
  }

  private static String code(String text) {
    return "<code>%s</code>".formatted(escaped(text));
  }

  /** With what stands between backquotes as code. */
  private static String marked(String text) {
    return escaped(text).replaceAll("`([^`]*)`", "<code>$1</code>");
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }
}

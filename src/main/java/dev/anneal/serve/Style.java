package dev.anneal.serve;

import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What the two kinds of OpenAI's completions do not share: their prompt, and their wording. */
enum Style {
  /** {@code /v1/completions}: a text goes on. */
  TEXT("cmpl-", "text_completion", "text_completion") {
    @Override
    String prompt(Fields fields) {
      return fields.text("prompt").orElse("");
    }

    @Override
    void put(ObjectNode choice, String text) {
      choice.put("text", text);
    }

    @Override
    void putPiece(ObjectNode choice, String text) {
      choice.put("text", text);
    }
  },

  /** {@code /v1/chat/completions}: the next message of a conversation. */
  CHAT("chatcmpl-", "chat.completion", "chat.completion.chunk") {
    @Override
    String prompt(Fields fields) {
      JsonNode messages =
          fields
              .value("messages")
              .filter(given -> given.isArray() && !given.isEmpty())
              .orElseThrow(
                  () -> Refusal.field("messages", "messages is no list with a message in it"));
      return messages.valueStream().map(Style::line).collect(Collectors.joining()) + "Assistant:";
    }

    @Override
    void put(ObjectNode choice, String text) {
      choice.putObject("message").put("role", "assistant").put("content", text).putNull("refusal");
    }

    @Override
    void putPiece(ObjectNode choice, String text) {
      choice.putObject("delta").put("role", "assistant").put("content", text);
    }
  };

  private final String idPrefix;
  private final String whole;
  private final String piece;

  Style(String idPrefix, String whole, String piece) {
    this.idPrefix = idPrefix;
    this.whole = whole;
    this.piece = piece;
  }

  String idPrefix() {
    return idPrefix;
  }

  /** What a whole reply calls itself. */
  String whole() {
    return whole;
  }

  /** What a piece of a streamed reply calls itself. */
  String piece() {
    return piece;
  }

  /** The text to continue. */
  abstract String prompt(Fields fields);

  /** Puts a whole text into a choice. */
  abstract void put(ObjectNode choice, String text);

  /** Puts a further piece of text into a choice. */
  abstract void putPiece(ObjectNode choice, String text);

  /** A message as the plain template has it: {@code User: …} and an empty line. */
  private static String line(JsonNode message) {
    String role = message.path("role").asString("");
    String speaker =
        switch (role) {
          case "system", "developer" -> "System";
          case "user" -> "User";
          case "assistant" -> "Assistant";
          default ->
              throw Refusal.field(
                  "messages",
                  "a message has no role: expected system, developer, user or assistant");
        };
    return speaker + ": " + content(message.path("content")) + "\n\n";
  }

  /** A text, or a list of parts that are texts. */
  private static String content(JsonNode content) {
    if (content.isArray() && content.valueStream().allMatch(Style::isText)) {
      return content
          .valueStream()
          .map(part -> part.path("text").asString())
          .collect(Collectors.joining());
    }
    if (!content.isString()) {
      throw Refusal.field("messages", "a message's content is no text");
    }
    return content.asString();
  }

  private static boolean isText(JsonNode part) {
    return part.path("type").asString("").equals("text") && part.path("text").isString();
  }
}

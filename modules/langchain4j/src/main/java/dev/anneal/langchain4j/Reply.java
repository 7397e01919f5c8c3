package dev.anneal.langchain4j;

import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import dev.langchain4j.model.output.TokenUsage;
import tools.jackson.databind.JsonNode;

/** An answer in the making, put together from the events of the stream. */
final class Reply {
  private final StringBuilder text = new StringBuilder();
  private final ChatResponse.Builder response = ChatResponse.builder();

  /** Takes in an event, and gives the text that it adds, perhaps none. */
  String add(JsonNode piece) {
    response.id(piece.path("id").asString()).modelName(piece.path("model").asString());
    if (piece.has("usage")) {
      JsonNode usage = piece.path("usage");
      response.tokenUsage(
          new TokenUsage(
              usage.path("prompt_tokens").asInt(), usage.path("completion_tokens").asInt()));
    }
    JsonNode choice = piece.path("choices").path(0);
    if (choice.path("finish_reason").isString()) {
      response.finishReason(reason(choice.path("finish_reason").asString()));
    }
    String more = choice.at("/delta/content").asString("");
    text.append(more);
    return more;
  }

  private static FinishReason reason(String name) {
    return switch (name) {
      case "stop" -> FinishReason.STOP;
      case "length" -> FinishReason.LENGTH;
      default -> FinishReason.OTHER;
    };
  }

  /** All of it. */
  ChatResponse whole() {
    return response.aiMessage(AiMessage.from(text.toString())).build();
  }
}

package dev.anneal.langchain4j;

import dev.anneal.recipe.Choice;
import dev.anneal.recipe.Family;
import dev.anneal.sample.Sampler;
import dev.anneal.schedule.HyperscheduleChoice;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.Content;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.internal.ChatRequestValidationUtils;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A chat request as the service reads it, the body of {@code POST /v1/chat/completions}. */
final class RequestBody {
  private static final Family<Sampler> SAMPLERS = Family.of(Sampler.class);

  private RequestBody() {}

  /**
   * Writes a request that asks for a stream, and in its end for the usage.
   *
   * @param modelName of the model, unless the request names one
   * @throws UnsupportedFeatureException if it asks for what Anneal does not have
   */
  static ObjectNode of(ChatRequest request, String modelName) {
    requireSupported(request);
    ChatRequestParameters asked = request.parameters();
    ObjectNode body = JsonMapper.shared().createObjectNode();
    body.put("model", asked.modelName() == null ? modelName : asked.modelName());
    request.messages().forEach(message -> put(body.withArray("messages").addObject(), message));
    putUnlessNull(body, "temperature", asked.temperature());
    putUnlessNull(body, "top_p", asked.topP());
    putUnlessNull(body, "max_completion_tokens", asked.maxOutputTokens());
    asked.stopSequences().forEach(body.withArray("stop")::add);
    if (asked instanceof AnnealChatRequestParameters more) {
      more.seed().ifPresent(seed -> body.put("seed", seed));
      more.guidance().ifPresent(guidance -> body.put("guidance", guidance));
      more.hyperschedule().ifPresent(choice -> put(body, choice));
      more.sampler().ifPresent(sampler -> put(body.withObject("sampler"), sampler));
    }
    body.put("stream", true).withObject("stream_options").put("include_usage", true);
    return body;
  }

  private static void requireSupported(ChatRequest request) {
    ChatRequestValidationUtils.validateMessages(request.messages());
    ChatRequestValidationUtils.validate(request.toolSpecifications());
    ChatRequestValidationUtils.validate(request.toolChoice());
    ChatRequestValidationUtils.validate(request.responseFormat());
    requireAbsent("topK", request.topK());
    requireAbsent("frequencyPenalty", request.frequencyPenalty());
    requireAbsent("presencePenalty", request.presencePenalty());
  }

  private static void requireAbsent(String name, @Nullable Object value) {
    if (value != null) {
      throw new UnsupportedFeatureException(name + " is not supported by Anneal: leave it out");
    }
  }

  private static void putUnlessNull(ObjectNode body, String name, @Nullable Number value) {
    if (value != null) {
      body.putPOJO(name, value);
    }
  }

  private static void put(ObjectNode body, ChatMessage message) {
    switch (message) {
      case SystemMessage system -> body.put("role", "system").put("content", system.text());
      case UserMessage user -> body.put("role", "user").put("content", text(user));
      case AiMessage answer -> body.put("role", "assistant").put("content", answer.text());
      default ->
          throw new UnsupportedFeatureException(
              message.type() + " messages are not supported by Anneal");
    }
  }

  private static String text(UserMessage message) {
    return message.contents().stream().map(RequestBody::text).collect(Collectors.joining());
  }

  private static String text(Content content) {
    if (content instanceof TextContent text) {
      return text.text();
    }
    throw new UnsupportedFeatureException(content.type() + " is not supported by Anneal");
  }

  private static void put(ObjectNode body, HyperscheduleChoice choice) {
    body.put("hyperschedule", choice.name());
    choice.width().ifPresent(width -> body.put("width", width));
    choice.rate().ifPresent(rate -> body.put("rate", rate));
    choice.levels().ifPresent(levels -> body.put("levels", levels));
  }

  private static void put(ObjectNode body, Sampler sampler) {
    Choice choice = SAMPLERS.describe(sampler);
    body.put("name", choice.name());
    choice.settings().forEach(body::putPOJO);
  }
}

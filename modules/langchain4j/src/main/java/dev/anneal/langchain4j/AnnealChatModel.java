package dev.anneal.langchain4j;

import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.List;

/**
 * A chat model that answers in one piece. Messages go into a plain template, as those of {@code
 * /v1/chat/completions}.
 *
 * @param service where texts come from; it stays the caller's
 * @param defaultRequestParameters what a request does not say
 * @param listeners hear of requests, answers and errors
 */
public record AnnealChatModel(
    AnnealService service,
    ChatRequestParameters defaultRequestParameters,
    List<ChatModelListener> listeners)
    implements ChatModel {

  /** Copies the listeners. */
  public AnnealChatModel {
    listeners = List.copyOf(listeners);
  }

  /** With nothing said beforehand, and without listeners. */
  public AnnealChatModel(AnnealService service) {
    this(service, DefaultChatRequestParameters.EMPTY);
  }

  /** Without listeners. */
  public AnnealChatModel(AnnealService service, ChatRequestParameters defaultRequestParameters) {
    this(service, defaultRequestParameters, List.of());
  }

  @Override
  public ChatResponse doChat(ChatRequest request) {
    var reply = new Reply();
    service.chat(RequestBody.of(request, service.modelName()), new Cancellation(), reply::add);
    return reply.whole();
  }
}

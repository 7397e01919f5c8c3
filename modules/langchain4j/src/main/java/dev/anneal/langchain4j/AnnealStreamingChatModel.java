package dev.anneal.langchain4j;

import static dev.langchain4j.internal.InternalStreamingChatResponseHandlerUtils.onCompleteResponse;
import static dev.langchain4j.internal.InternalStreamingChatResponseHandlerUtils.onPartialResponse;

import dev.langchain4j.internal.InternalStreamingChatResponseHandlerUtils;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.listener.ChatModelListener;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * A chat model that answers as the text settles, from left to right; what has been said is not
 * taken back. A virtual thread for each request calls the handler. Messages go into a plain
 * template, as those of {@code /v1/chat/completions}.
 *
 * @param service where texts come from; it stays the caller's
 * @param defaultRequestParameters what a request does not say
 * @param listeners hear of requests, answers and errors
 */
public record AnnealStreamingChatModel(
    AnnealService service,
    ChatRequestParameters defaultRequestParameters,
    List<ChatModelListener> listeners)
    implements StreamingChatModel {

  /** Copies the listeners. */
  public AnnealStreamingChatModel {
    listeners = List.copyOf(listeners);
  }

  /** With nothing said beforehand, and without listeners. */
  public AnnealStreamingChatModel(AnnealService service) {
    this(service, DefaultChatRequestParameters.EMPTY);
  }

  /** Without listeners. */
  public AnnealStreamingChatModel(
      AnnealService service, ChatRequestParameters defaultRequestParameters) {
    this(service, defaultRequestParameters, List.of());
  }

  @Override
  public void doChat(ChatRequest request, StreamingChatResponseHandler handler) {
    ObjectNode body = RequestBody.of(request, service.modelName());
    Thread.ofVirtual().name("anneal-chat").start(() -> answer(body, handler));
  }

  private void answer(ObjectNode body, StreamingChatResponseHandler handler) {
    var cancellation = new Cancellation();
    var reply = new Reply();
    try {
      service.chat(
          body,
          cancellation,
          piece -> {
            String text = reply.add(piece);
            if (!cancellation.isCancelled()) {
              onPartialResponse(handler, text, cancellation);
            }
          });
    } catch (RuntimeException e) {
      if (!cancellation.isCancelled()) {
        InternalStreamingChatResponseHandlerUtils.withLoggingExceptions(() -> handler.onError(e));
      }
      return;
    }
    if (!cancellation.isCancelled()) {
      onCompleteResponse(handler, reply.whole());
    }
  }
}

package dev.anneal.langchain4j;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** Writes down what a stream says. */
final class Heard implements StreamingChatResponseHandler {
  private final List<String> pieces = new CopyOnWriteArrayList<>();
  private final CountDownLatch first = new CountDownLatch(1);
  private final CompletableFuture<ChatResponse> end = new CompletableFuture<>();
  private volatile boolean impatient;

  /** Cancels the stream at its first piece. */
  void cancelAtOnce() {
    impatient = true;
  }

  List<String> pieces() {
    return pieces;
  }

  void awaitPiece() {
    try {
      first.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** The whole answer, once it is there. */
  ChatResponse response() {
    return end.join();
  }

  /** What went wrong, once it has. */
  Throwable error() {
    return end.handle((_, thrown) -> thrown).join();
  }

  boolean isOver() {
    return end.isDone();
  }

  @Override
  public void onPartialResponse(PartialResponse piece, PartialResponseContext context) {
    pieces.add(piece.text());
    if (impatient) {
      context.streamingHandle().cancel();
    }
    first.countDown();
  }

  @Override
  public void onCompleteResponse(ChatResponse response) {
    end.complete(response);
  }

  @Override
  public void onError(Throwable thrown) {
    end.completeExceptionally(thrown);
  }
}

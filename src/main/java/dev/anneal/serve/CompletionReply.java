package dev.anneal.serve;

import dev.anneal.sample.Draft;
import dev.anneal.sample.GenerationStep;
import dev.anneal.sample.Listener;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The reply to one request in the making, worded as OpenAI's clients read it. */
final class CompletionReply {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Style style;
  private final ServedModel model;
  private final int promptTokens;
  private final List<Answer> answers;
  private final String id;
  private final long created = Instant.now().getEpochSecond();

  CompletionReply(Style style, ServedModel model, CompletionRequest asked) {
    Draft draft = asked.request().draft();
    this.style = style;
    this.model = model;
    this.promptTokens = draft.order().known();
    this.answers =
        IntStream.range(0, draft.sequences())
            .mapToObj(text -> new Answer(draft, text, model.tokenizer(), asked.stops()))
            .toList();
    this.id = style.idPrefix() + UUID.randomUUID();
  }

  /** Takes further pieces of answers, perhaps empty ones at their ends. */
  interface Pieces {
    void take(int index, String text);
  }

  /** Takes in a step, and hands on what it adds; no step more is needed if all is complete. */
  Listener.Verdict add(GenerationStep step, Pieces pieces) {
    for (int index = 0; index < answers.size(); index++) {
      Answer answer = answers.get(index);
      if (!answer.isComplete()) {
        String text = answer.add(step);
        if (!text.isEmpty() || answer.isComplete()) {
          pieces.take(index, text);
        }
      }
    }
    boolean complete = answers.stream().allMatch(Answer::isComplete);
    return complete ? Listener.Verdict.STOP : Listener.Verdict.CONTINUE;
  }

  /** All of it, once the answers are complete. */
  ObjectNode whole() {
    ObjectNode reply = head(style.whole());
    var choices = reply.putArray("choices");
    for (int index = 0; index < answers.size(); index++) {
      ObjectNode choice = choices.addObject().put("index", index).putNull("logprobs");
      style.put(choice, answers.get(index).text());
      choice.put("finish_reason", answers.get(index).finishReason());
    }
    reply.set("usage", usage());
    return reply;
  }

  /** A further piece of an answer, with the reason of its end if it has come to it. */
  ObjectNode piece(int index, String text) {
    Answer answer = answers.get(index);
    ObjectNode reply = head(style.piece());
    ObjectNode choice = reply.putArray("choices").addObject().put("index", index);
    choice.putNull("logprobs");
    style.putPiece(choice, text);
    choice.put("finish_reason", answer.isComplete() ? answer.finishReason() : null);
    return reply;
  }

  /** What ends a stream whose client wants to know its usage: a piece without text. */
  ObjectNode last() {
    ObjectNode reply = head(style.piece());
    reply.putArray("choices");
    reply.set("usage", usage());
    return reply;
  }

  private ObjectNode head(String object) {
    return JSON.createObjectNode()
        .put("id", id)
        .put("object", object)
        .put("created", created)
        .put("model", model.name());
  }

  private ObjectNode usage() {
    int tokens = answers.stream().mapToInt(Answer::tokens).sum();
    return JSON.createObjectNode()
        .put("prompt_tokens", promptTokens)
        .put("completion_tokens", tokens)
        .put("total_tokens", promptTokens + tokens);
  }
}

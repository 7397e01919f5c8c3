package dev.anneal.client;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * The texts, and how they were made.
 *
 * @param samples the texts
 * @param calls how often the model was called
 * @param seconds how long it took
 * @param seed with which the same request is the same text
 * @param hyperschedule its name
 * @param sampler its name
 * @param trace all changes, as JSON, if they were asked for
 */
public record AnnealReply(
    List<Sample> samples,
    int calls,
    double seconds,
    long seed,
    String hyperschedule,
    String sampler,
    Optional<String> trace) {

  /** Copies the samples. */
  public AnnealReply {
    samples = List.copyOf(samples);
  }

  /**
   * A text.
   *
   * @param text the whole text, its prompt included
   * @param ids its tokens, from left to right
   */
  public record Sample(String text, List<Integer> ids) {

    /** Copies the ids. */
    public Sample {
      ids = List.copyOf(ids);
    }
  }

  /** The text, or the first of several. */
  public String text() {
    return samples.getFirst().text();
  }

  /** Reads it; what it does not know, it leaves out. */
  static AnnealReply of(JsonNode reply) {
    return new AnnealReply(
        reply.required("samples").valueStream().map(AnnealReply::sample).toList(),
        reply.required("calls").intValue(),
        reply.required("seconds").doubleValue(),
        reply.required("seed").longValue(),
        reply.required("hyperschedule").stringValue(),
        reply.required("sampler").stringValue(),
        Optional.ofNullable(reply.get("trace")).map(JsonNode::toString));
  }

  private static Sample sample(JsonNode sample) {
    return new Sample(
        sample.required("text").stringValue(),
        sample.required("ids").valueStream().map(JsonNode::intValue).toList());
  }
}

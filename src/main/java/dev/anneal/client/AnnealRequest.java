package dev.anneal.client;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What {@code /v1/anneal} is asked for. It begins with {@link #prompt} or {@link #correct}; each
 * further method gives a request that differs in one field. What is not said, the service chooses;
 * what does not fit, it refuses ({@link AnnealException.Refused}). The service's page {@code /docs}
 * says what the fields mean.
 */
public final class AnnealRequest {
  private final Map<String, Object> fields;

  private AnnealRequest(Map<String, Object> fields) {
    this.fields = fields;
  }

  /**
   * A text that begins with a prompt; <code>{{8}}</code> in it is a gap of eight tokens to fill.
   */
  public static AnnealRequest prompt(String prompt) {
    return new AnnealRequest(Map.of("prompt", prompt));
  }

  /** A text to be corrected. */
  public static AnnealRequest correct(String text) {
    return new AnnealRequest(Map.of("correct", text));
  }

  private AnnealRequest with(String field, Object value) {
    var changed = new LinkedHashMap<>(fields);
    changed.put(field, value);
    return new AnnealRequest(changed);
  }

  /** What comes before a text to correct, and stays. */
  public AnnealRequest after(String prompt) {
    return with("prompt", prompt);
  }

  /** The time in (0, 1) at which a text to correct enters: the later, the more of it may change. */
  public AnnealRequest from(double time) {
    return with("from", time);
  }

  /** A text to correct is noised to its time before it enters. */
  public AnnealRequest noised() {
    return with("noised", true);
  }

  /** How many tokens the text has, its prompt included. */
  public AnnealRequest length(int tokens) {
    return with("length", tokens);
  }

  /** How many texts there are, in place of one. */
  public AnnealRequest samples(int count) {
    return with("samples", count);
  }

  /** Quenched, flat, block, slide or hybrid. */
  public AnnealRequest hyperschedule(String name) {
    return with("hyperschedule", name);
  }

  /** Positions in the window of block, slide and hybrid. */
  public AnnealRequest width(int positions) {
    return with("width", positions);
  }

  /** Tokens that a call of the model settles, on average. */
  public AnnealRequest rate(double tokens) {
    return with("rate", tokens);
  }

  /** Noise levels that a token goes through, in place of a rate. */
  public AnnealRequest levels(int count) {
    return with("levels", count);
  }

  /** A sampler with its usual settings. */
  public AnnealRequest sampler(String name) {
    return with("sampler", name);
  }

  /**
   * A sampler with settings.
   *
   * @param settings numbers by name, such as {@code eta}
   */
  public AnnealRequest sampler(String name, Map<String, ? extends Number> settings) {
    var sampler = new LinkedHashMap<String, Object>(settings);
    sampler.put("name", name);
    return with("sampler", sampler);
  }

  /** Below 1 prefers likely tokens, 0 takes the likeliest. */
  public AnnealRequest temperature(double temperature) {
    return with("temperature", temperature);
  }

  /** Draws from the likeliest tokens whose chances reach a sum. */
  public AnnealRequest topP(double sum) {
    return with("top_p", sum);
  }

  /** How much more the text follows what is known of it. */
  public AnnealRequest guidance(double strength) {
    return with("guidance", strength);
  }

  /** The same seed is the same text. */
  public AnnealRequest seed(long seed) {
    return with("seed", seed);
  }

  /** The reply has a trace: all changes, as JSON. */
  public AnnealRequest traced() {
    return with("trace", true);
  }

  /** The body to send, whose reply comes in one piece. */
  String whole() {
    return json().toString();
  }

  /** The body to send, whose reply is a stream. */
  String streamed() {
    return json().put("stream", true).toString();
  }

  private ObjectNode json() {
    return JsonMapper.shared().valueToTree(fields);
  }

  /** The fields as they are sent, in JSON. */
  @Override
  public String toString() {
    return whole();
  }
}

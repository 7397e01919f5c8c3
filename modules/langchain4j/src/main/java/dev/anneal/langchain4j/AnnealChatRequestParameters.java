package dev.anneal.langchain4j;

import dev.anneal.sample.Sampler;
import dev.anneal.schedule.HyperscheduleChoice;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.request.DefaultChatRequestParameters;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What a request may say beside what every model of LangChain4j knows. */
public final class AnnealChatRequestParameters extends DefaultChatRequestParameters {
  private final OptionalLong seed;
  private final OptionalDouble guidance;
  private final Optional<HyperscheduleChoice> hyperschedule;
  private final Optional<Sampler> sampler;

  private AnnealChatRequestParameters(Builder builder) {
    super(builder);
    this.seed = builder.seed;
    this.guidance = builder.guidance;
    this.hyperschedule = builder.hyperschedule;
    this.sampler = builder.sampler;
  }

  /** Begins with nothing said. */
  public static Builder builder() {
    return new Builder();
  }

  /** With the same seed and the same parameters a text comes out the same. */
  public OptionalLong seed() {
    return seed;
  }

  /** How much more the text follows what is known of it; costs a second evaluation. */
  public OptionalDouble guidance() {
    return guidance;
  }

  /** The order in which tokens settle, and how many a model call. */
  public Optional<HyperscheduleChoice> hyperschedule() {
    return hyperschedule;
  }

  /** What a model call does to each active token. */
  public Optional<Sampler> sampler() {
    return sampler;
  }

  @Override
  public AnnealChatRequestParameters overrideWith(ChatRequestParameters that) {
    return builder().overrideWith(this).overrideWith(that).build();
  }

  @Override
  public AnnealChatRequestParameters defaultedBy(ChatRequestParameters that) {
    return builder().overrideWith(that).overrideWith(this).build();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof AnnealChatRequestParameters that
        && super.equals(that)
        && seed.equals(that.seed)
        && guidance.equals(that.guidance)
        && hyperschedule.equals(that.hyperschedule)
        && sampler.equals(that.sampler);
  }

  @Override
  public int hashCode() {
    return Objects.hash(super.hashCode(), seed, guidance, hyperschedule, sampler);
  }

  @Override
  public String toString() {
    return "AnnealChatRequestParameters{%s, seed=%s, guidance=%s, hyperschedule=%s, sampler=%s}"
        .formatted(super.toString(), seed, guidance, hyperschedule, sampler);
  }

  /** Says one thing after the other. */
  public static final class Builder extends DefaultChatRequestParameters.Builder<Builder> {
    private OptionalLong seed = OptionalLong.empty();
    private OptionalDouble guidance = OptionalDouble.empty();
    private Optional<HyperscheduleChoice> hyperschedule = Optional.empty();
    private Optional<Sampler> sampler = Optional.empty();

    private Builder() {}

    /** See {@link AnnealChatRequestParameters#seed}. */
    public Builder seed(long seed) {
      this.seed = OptionalLong.of(seed);
      return this;
    }

    /** See {@link AnnealChatRequestParameters#guidance}. */
    public Builder guidance(double guidance) {
      this.guidance = OptionalDouble.of(guidance);
      return this;
    }

    /** See {@link AnnealChatRequestParameters#hyperschedule}. */
    public Builder hyperschedule(HyperscheduleChoice hyperschedule) {
      this.hyperschedule = Optional.of(hyperschedule);
      return this;
    }

    /** See {@link AnnealChatRequestParameters#sampler}. */
    public Builder sampler(Sampler sampler) {
      this.sampler = Optional.of(sampler);
      return this;
    }

    @Override
    public Builder overrideWith(ChatRequestParameters parameters) {
      super.overrideWith(parameters);
      if (parameters instanceof AnnealChatRequestParameters more) {
        more.seed.ifPresent(this::seed);
        more.guidance.ifPresent(this::guidance);
        more.hyperschedule.ifPresent(this::hyperschedule);
        more.sampler.ifPresent(this::sampler);
      }
      return this;
    }

    @Override
    public AnnealChatRequestParameters build() {
      return new AnnealChatRequestParameters(this);
    }
  }
}

package dev.anneal.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anneal.sample.Ancestral;
import dev.anneal.sample.Decoding;
import dev.anneal.sample.Draft;
import dev.anneal.sample.Generator;
import dev.anneal.sample.Listener;
import dev.anneal.sample.Request;
import dev.anneal.sample.TokenChoice;
import dev.anneal.schedule.HyperscheduleChoice;
import dev.anneal.serve.Limits;
import dev.anneal.serve.Server;
import dev.anneal.serve.Settings;
import dev.anneal.store.Model;
import dev.anneal.tensor.Device;
import dev.anneal.tensor.Rng;
import dev.langchain4j.data.image.Image;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.exception.AuthenticationException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.InvalidRequestException;
import dev.langchain4j.exception.ModelNotFoundException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.ChatRequestParameters;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.output.FinishReason;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bundled model, in this process and behind a service, as LangChain4j sees it. */
class ChatModelTest {
  private static final Path STARTER = Path.of("../../models/starter");
  private static final String TOKEN = "secret";
  private static final int TOKENS = 12;

  private static final HyperscheduleChoice SLIDE =
      new HyperscheduleChoice(
          "slide", OptionalInt.of(8), OptionalDouble.of(2), OptionalInt.empty());

  private static final AnnealChatRequestParameters SAID =
      AnnealChatRequestParameters.builder()
          .seed(5)
          .maxOutputTokens(TOKENS)
          .temperature(0.9)
          .topP(0.95)
          .hyperschedule(SLIDE)
          .sampler(new Ancestral())
          .build();

  /** Where the service is. */
  enum Place {
    HERE,
    BEHIND_HTTP
  }

  private static Model model;
  private static Server server;
  private static AnnealService here;
  private static AnnealService there;

  @BeforeAll
  static void start() throws Exception {
    model = Model.load(STARTER, Device.CPU);
    server = server(Duration.ofMinutes(1));
    here = AnnealService.load(STARTER, Device.CPU);
    there = AnnealService.at(URI.create(server.address()), TOKEN);
  }

  private static Server server(Duration deadline) {
    var limits = new Limits(model.config().longest(), 8, 4, deadline);
    return Server.start(
        model, new Settings("127.0.0.1", 0, "starter", Optional.of(TOKEN), limits), _ -> {});
  }

  @AfterAll
  static void stop() {
    there.close();
    here.close();
    server.close();
    model.close();
  }

  private static AnnealService at(Place place) {
    return place == Place.HERE ? here : there;
  }

  private static ChatResponse chat(Place place, ChatRequestParameters said) {
    return new AnnealChatModel(at(place), said).chat(UserMessage.from("Where is he?"));
  }

  /** The same text without a service: the template spelled out, the parameters set by hand. */
  private static String generated(String prompt) {
    int[] ids = model.tokenizer().encode(prompt);
    var decoding =
        new Decoding(
            SLIDE.forLength(TOKENS),
            model.config().alignment(),
            model.config().context(),
            model.config().noise(),
            new Ancestral(),
            new TokenChoice(0.9, 0.95));
    var request =
        new Request(
            Draft.prompt(ids, ids.length + TOKENS, 1),
            decoding,
            new Rng(5),
            0,
            Request.Caching.CACHED);
    int[] text = new Generator(model.network()).generate(request, Listener.NONE).texts().getFirst();
    return model.tokenizer().decode(Arrays.copyOfRange(text, ids.length, text.length));
  }

  @ParameterizedTest
  @EnumSource
  void theAnswerIsTheTextThatTheModelGenerates(Place place) {
    List<ChatMessage> messages =
        List.of(
            SystemMessage.from("Be kind."),
            UserMessage.from("Hello."),
            AiMessage.from("Good day."),
            UserMessage.from("Where is he?"));
    String prompt =
        "System: Be kind.\n\nUser: Hello.\n\nAssistant: Good day.\n\nUser: Where is he?\n\nAssistant:";
    ChatResponse response = new AnnealChatModel(at(place), SAID).chat(messages);
    assertThat(response.aiMessage().text()).isEqualTo(generated(prompt)).isNotBlank();
    assertThat(response.modelName()).isEqualTo("starter");
    assertThat(response.finishReason()).isEqualTo(FinishReason.LENGTH);
    assertThat(response.tokenUsage().inputTokenCount())
        .isEqualTo(model.tokenizer().encode(prompt).length);
    assertThat(response.tokenUsage().outputTokenCount()).isEqualTo(TOKENS);
  }

  @ParameterizedTest
  @EnumSource
  void aStreamHasTheSameTextInPieces(Place place) {
    var heard = new Heard();
    StreamingChatModel streaming = new AnnealStreamingChatModel(at(place), SAID);
    streaming.chat("Where is he?", heard);
    ChatResponse whole = heard.response();
    assertThat(whole.aiMessage().text()).isEqualTo(chat(place, SAID).aiMessage().text());
    assertThat(heard.pieces()).hasSizeGreaterThan(1);
    assertThat(String.join("", heard.pieces())).isEqualTo(whole.aiMessage().text());
    assertThat(whole.tokenUsage().outputTokenCount()).isEqualTo(TOKENS);
  }

  @Test
  void aRequestOverridesWhatItSaysAndKeepsTheRest() {
    ChatModel chat = new AnnealChatModel(here, SAID);
    ChatRequest more =
        ChatRequest.builder()
            .messages(UserMessage.from("Where is he?"))
            .parameters(ChatRequestParameters.builder().maxOutputTokens(4).build())
            .build();
    ChatResponse response = chat.chat(more);
    assertThat(response.tokenUsage().outputTokenCount()).isEqualTo(4);
    var four = AnnealChatRequestParameters.builder().overrideWith(SAID).maxOutputTokens(4).build();
    assertThat(response.aiMessage()).isEqualTo(chat(Place.HERE, four).aiMessage());
    assertThat(four.defaultedBy(SAID)).isEqualTo(four).isNotEqualTo(SAID);
  }

  @Test
  void anotherSeedIsAnotherText() {
    var other = AnnealChatRequestParameters.builder().overrideWith(SAID).seed(6).build();
    assertThat(chat(Place.HERE, other).aiMessage())
        .isNotEqualTo(chat(Place.HERE, SAID).aiMessage())
        .isEqualTo(chat(Place.BEHIND_HTTP, other).aiMessage());
  }

  @Test
  void aStopSequenceEndsTheAnswer() {
    String whole = chat(Place.HERE, SAID).aiMessage().text();
    String stop = whole.substring(whole.length() / 2, whole.length() / 2 + 2);
    var said = AnnealChatRequestParameters.builder().overrideWith(SAID).stopSequences(stop).build();
    ChatResponse response = chat(Place.HERE, said);
    assertThat(response.aiMessage().text()).isEqualTo(whole.substring(0, whole.indexOf(stop)));
    assertThat(response.finishReason()).isEqualTo(FinishReason.STOP);
  }

  @ParameterizedTest
  @EnumSource
  void whoeverCancelsAStreamHearsNoMoreOfIt(Place place) {
    var heard = new Heard();
    heard.cancelAtOnce();
    var parameters = AnnealChatRequestParameters.builder().maxOutputTokens(100).build();
    new AnnealStreamingChatModel(at(place), parameters).chat("Where is he?", heard);
    heard.awaitPiece();
    chat(place, SAID); // takes turns with a stream that goes on
    assertThat(heard.pieces()).hasSize(1);
    assertThat(heard.isOver()).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void aWrongRequestIsNotWorthARetry(Place place) {
    var tooLong = AnnealChatRequestParameters.builder().maxOutputTokens(100_000).build();
    assertThatThrownBy(() -> chat(place, tooLong))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("100000 more are asked for");
    var other = AnnealChatRequestParameters.builder().modelName("other").build();
    assertThatThrownBy(() -> chat(place, other))
        .isInstanceOf(ModelNotFoundException.class)
        .hasMessageContaining("expected starter");
    var heard = new Heard();
    new AnnealStreamingChatModel(at(place), tooLong).chat("Hello.", heard);
    assertThat(heard.error()).isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void aWrongTokenIsAnAuthenticationException() {
    URI address = URI.create(server.address());
    assertThatThrownBy(() -> AnnealService.at(address, "wrong"))
        .isInstanceOf(AuthenticationException.class);
    assertThatThrownBy(() -> AnnealService.at(address)).isInstanceOf(AuthenticationException.class);
  }

  @Test
  void anAnswerThatComesTooLateIsATimeout() throws Exception {
    var slow =
        AnnealChatRequestParameters.builder()
            .hyperschedule(
                new HyperscheduleChoice(
                    "flat", OptionalInt.empty(), OptionalDouble.empty(), OptionalInt.of(1 << 30)))
            .build();
    try (Server hasty = server(Duration.ofMillis(50));
        AnnealService service = AnnealService.at(URI.create(hasty.address()), TOKEN)) {
      assertThatThrownBy(() -> new AnnealChatModel(service, slow).chat("Hello."))
          .isInstanceOf(TimeoutException.class);
    }
  }

  @Test
  void aServiceThatStopsIsWorthARetry() throws Exception {
    AnnealService service = AnnealService.load(STARTER, Device.CPU);
    service.close();
    assertThatThrownBy(() -> new AnnealChatModel(service).chat("Hello."))
        .isInstanceOf(InternalServerException.class)
        .hasMessageContaining("stopping");
  }

  @Test
  void aPlaceWithoutAServiceOrModelIsNamed() {
    assertThatThrownBy(() -> AnnealService.load(Path.of("nowhere"), Device.CPU))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("nowhere");
    assertThatThrownBy(() -> AnnealService.at(URI.create("http://127.0.0.1:1")))
        .isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"topK", "frequencyPenalty", "presencePenalty"})
  void whatIsNotOfferedIsRefusedByName(String name) {
    var builder = AnnealChatRequestParameters.builder();
    var asked =
        switch (name) {
          case "topK" -> builder.topK(3);
          case "frequencyPenalty" -> builder.frequencyPenalty(1.0);
          default -> builder.presencePenalty(1.0);
        };
    assertThatThrownBy(() -> chat(Place.HERE, asked.build()))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining(name);
  }

  @Test
  void messagesThatAreNoTextAreRefused() {
    ChatModel chat = new AnnealChatModel(here, SAID);
    ChatMessage picture =
        UserMessage.from(ImageContent.from(Image.builder().url("http://localhost/a.png").build()));
    assertThatThrownBy(() -> chat.chat(picture)).isInstanceOf(UnsupportedFeatureException.class);
    ChatMessage result = ToolExecutionResultMessage.from("1", "clock", "noon");
    assertThatThrownBy(() -> chat.chat(result)).isInstanceOf(UnsupportedFeatureException.class);
  }
}

package dev.anneal.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.NotFoundException;
import com.openai.errors.UnauthorizedException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionCreateParams;
import dev.anneal.store.Model;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service as OpenAI's own client for Java sees it. */
final class OpenAiClientTest {
  @TempDir private static Path folder;
  private static Model model;
  private static Service service;
  private static OpenAIClient client;

  @BeforeAll
  static void start() throws IOException {
    model = Service.model(folder);
    service = new Service(model, Service.roomy(), Optional.of("secret"));
    client = client("secret");
  }

  private static OpenAIClient client(String token) {
    return OpenAIOkHttpClient.builder()
        .baseUrl(service.address("/v1").toString())
        .apiKey(token)
        .maxRetries(0)
        .responseValidation(true)
        .build();
  }

  @AfterAll
  static void stop() {
    client.close();
    service.close();
    model.close();
  }

  private static CompletionCreateParams.Builder completion() {
    return CompletionCreateParams.builder()
        .model(Service.MODEL)
        .prompt("It was")
        .maxTokens(20)
        .temperature(0.9)
        .topP(0.95)
        .n(2)
        .seed(3);
  }

  @SuppressWarnings("deprecation") // OpenAI deprecates seeds for its own models
  private static ChatCompletionCreateParams chat() {
    return ChatCompletionCreateParams.builder()
        .model(Service.MODEL)
        .addSystemMessage("S")
        .addUserMessage("Hi")
        .maxCompletionTokens(16)
        .seed(5)
        .streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build())
        .build();
  }

  @Test
  void itListsTheModel() {
    assertThat(client.models().list().data().getFirst().id()).isEqualTo(Service.MODEL);
  }

  @Test
  void itCompletesAndStreamsTheSame() {
    Completion whole = client.completions().create(completion().build());
    assertThat(whole.choices()).hasSize(2);
    assertThat(whole.usage().orElseThrow().promptTokens()).isEqualTo(6);
    try (StreamResponse<Completion> stream =
        client.completions().createStreaming(completion().build())) {
      List<Completion> pieces = stream.stream().toList();
      for (int index = 0; index < 2; index++) {
        assertThat(text(pieces, index)).isEqualTo(whole.choices().get(index).text());
      }
    }
  }

  private static String text(List<Completion> pieces, int index) {
    return pieces.stream()
        .flatMap(piece -> piece.choices().stream())
        .filter(choice -> choice.index() == index)
        .map(choice -> choice.text())
        .collect(Collectors.joining());
  }

  @Test
  void itChatsAndStreamsTheSame() {
    ChatCompletion whole = client.chat().completions().create(chat());
    String content = whole.choices().getFirst().message().content().orElseThrow();
    try (StreamResponse<ChatCompletionChunk> stream =
        client.chat().completions().createStreaming(chat())) {
      List<ChatCompletionChunk> pieces = stream.stream().toList();
      String streamed =
          pieces.stream()
              .flatMap(piece -> piece.choices().stream())
              .map(choice -> choice.delta().content().orElse(""))
              .collect(Collectors.joining());
      assertThat(streamed).isEqualTo(content);
      assertThat(pieces.getLast().usage().orElseThrow().totalTokens())
          .isEqualTo(whole.usage().orElseThrow().totalTokens());
    }
  }

  @Test
  void itUnderstandsWhatIsRefused() {
    assertThatThrownBy(() -> client.completions().create(completion().maxTokens(99).build()))
        .isInstanceOf(BadRequestException.class)
        .hasMessageContaining("expected at most 48");
    assertThatThrownBy(() -> client.completions().create(completion().model("other").build()))
        .isInstanceOf(NotFoundException.class);
    OpenAIClient stranger = client("guess");
    assertThatThrownBy(() -> stranger.completions().create(completion().build()))
        .isInstanceOf(UnauthorizedException.class);
    stranger.close();
  }
}

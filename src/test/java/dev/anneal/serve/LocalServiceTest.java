package dev.anneal.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.anneal.store.Model;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The service without HTTP. */
class LocalServiceTest {
  private static final String CONVERSATION =
      """
      {"model": "tiny", "messages": [{"role": "user", "content": "ab"}], "max_tokens": 9, "seed": 3}
      """;

  @TempDir private static Path folder;
  private static Model model;
  private static LocalService service;

  @BeforeAll
  static void start() throws Exception {
    model = Service.model(folder);
    service = start(Service.roomy());
  }

  private static LocalService start(Limits limits) {
    return LocalService.start(model, Service.MODEL, limits, _ -> {});
  }

  @AfterAll
  static void stop() {
    service.close();
    model.close();
  }

  private static String chat(LocalService asked, ObjectNode body, BooleanSupplier gone)
      throws InterruptedException {
    var text = new StringBuilder();
    asked.chat(body, gone, piece -> text.append(content(piece)));
    return text.toString();
  }

  private static String chat(ObjectNode body) throws InterruptedException {
    return chat(service, body, () -> false);
  }

  private static String content(JsonNode piece) {
    return piece.at("/choices/0/delta/content").asString("");
  }

  private static ObjectNode conversation() {
    return (ObjectNode) JsonMapper.shared().readTree(CONVERSATION);
  }

  private static void isRefused(int status, ObjectNode body, String why) {
    assertThatThrownBy(() -> chat(body))
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.status()).isEqualTo(status))
        .hasMessageContaining(why);
  }

  @Test
  void aConversationGoesOnAsItDoesByHttp() throws Exception {
    try (var http = new Service(model, Service.roomy())) {
      JsonNode reply = Service.json(http.post("/v1/chat/completions", CONVERSATION));
      assertThat(chat(conversation()))
          .isEqualTo(reply.at("/choices/0/message/content").asString())
          .isNotEmpty();
    }
  }

  @Test
  void whatIsRefusedByHttpIsRefused() {
    isRefused(404, conversation().put("model", "other"), "no such model: expected tiny");
    isRefused(400, conversation().put("max_tokens", 10_000), "expected at most 48 together");
    isRefused(400, conversation().put("hyperschedule", "round"), "round");
    isRefused(400, conversation().put("colour", "red"), "unknown field: colour");
  }

  @Test
  void whoHasGoneGetsNoAnswer() {
    assertThatThrownBy(() -> chat(service, conversation(), () -> true))
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.status()).isEqualTo(499));
  }

  @Test
  void aClosedServiceTakesNothingOn() {
    LocalService closed = start(Service.roomy());
    closed.close();
    assertThatThrownBy(() -> chat(closed, conversation(), () -> false))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("stopping");
  }

  @Test
  void aTextMayNotBeLongerThanTheModels() {
    var limits = new Limits(Service.LENGTH + 1, 1, 1, Duration.ofSeconds(1));
    assertThatThrownBy(() -> start(limits))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("length 49 is more than the model's: expected at most 48");
  }
}

package dev.anneal.serve;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Kinds of requests that no service can answer, each in endlessly many forms. */
enum Malformed {
  BAD_JSON {
    @Override
    byte[] bytes(RandomGenerator random) {
      String body = body(random);
      return post(random, ascii(spoilt(body, random)));
    }
  },
  WRONG_TYPE {
    @Override
    byte[] bytes(RandomGenerator random) {
      return changed(random, pick(random, WRONG_TYPES));
    }
  },
  HUGE_NUMBER {
    @Override
    byte[] bytes(RandomGenerator random) {
      String number =
          pick(random, List.of("9223372036854775808", "1e400", "-1e400", "1e99999999999"));
      String digits = "9".repeat(20 + random.nextInt(5_000));
      String field = pick(random, List.of("seed", "width", "levels"));
      String value = random.nextBoolean() ? number : digits;
      return post(random, ascii(with(body(random), field, value)));
    }
  },
  DEEP_NESTING {
    @Override
    byte[] bytes(RandomGenerator random) {
      int depth = 17 + random.nextInt(1 << random.nextInt(17));
      String open = random.nextBoolean() ? "[" : "{\"a\":";
      String value = open.repeat(depth);
      return post(random, ascii(random.nextBoolean() ? value : with(body(random), "user", value)));
    }
  },
  BAD_UTF_8 {
    @Override
    byte[] bytes(RandomGenerator random) {
      String wrong =
          pick(
              random,
              List.of("\u00ff", "\u00c0\u00af", "\u00ed\u00a0\u0080", "\u0080", "\u00e2\u0082"));
      return post(random, ascii(with(body(random), "hyperschedule", "\"bl" + wrong + "ock\"")));
    }
  },
  /** The connection is closed on one side before all is sent. */
  BROKEN_OFF {
    @Override
    byte[] bytes(RandomGenerator random) {
      byte[] whole = post(random, ascii(body(random)));
      return Arrays.copyOf(whole, 1 + random.nextInt(whole.length - 1));
    }
  },
  BAD_HTTP {
    @Override
    byte[] bytes(RandomGenerator random) {
      return ascii(pick(random, NO_REQUESTS).replace("#", "x".repeat(random.nextInt(40_000))));
    }
  },
  NOISE {
    @Override
    byte[] bytes(RandomGenerator random) {
      byte[] noise = new byte[1 + random.nextInt(2_000)];
      random.nextBytes(noise);
      return noise;
    }
  };

  private static final Map<String, String> BODIES =
      Map.of(
          "/v1/anneal", "{\"prompt\": \"ab{{3}}\", \"sampler\": {\"name\": \"acs\", \"eta\": 0.1}}",
          "/v1/plan", "{\"prompt\": \"ab{{3}}\"}",
          "/v1/completions", "{\"model\": \"tiny\", \"prompt\": \"ab\", \"max_tokens\": 3}",
          "/v1/chat/completions",
              "{\"model\": \"tiny\", \"messages\": [{\"role\": \"user\", \"content\": \"a\"}]}");

  /** A field that all addresses take, and a value that none does. */
  private record Wrong(String field, String value) {}

  private static final List<Wrong> WRONG_TYPES =
      Map.of(
              "hyperschedule", List.of("7", "true", "[]", "{}", "\"sideways\"", "\"\""),
              "width", List.of("\"wide\"", "1.5", "true", "[]", "{}", "0", "-1"),
              "levels", List.of("\"x\"", "0.5", "false", "[2]", "-7"),
              "rate", List.of("\"fast\"", "[]", "true", "0", "-1"),
              "seed", List.of("\"seed\"", "0.5", "[]", "{}", "true"),
              "temperature", List.of("\"hot\"", "[]", "{}", "true", "-0.1"),
              "top_p", List.of("\"all\"", "2", "0", "[]"),
              "guidance", List.of("\"x\"", "-1", "{}"),
              "stream", List.of("\"yes\"", "1", "[]", "{}"),
              "sampler", List.of("7", "[]", "{}", "true", "\"acts\"", "{\"name\": []}"))
          .entrySet()
          .stream()
          .flatMap(each -> each.getValue().stream().map(value -> new Wrong(each.getKey(), value)))
          .sorted(Comparator.comparing(Wrong::toString))
          .toList();

  /** {@code #} stands for many letters. */
  private static final List<String> NO_REQUESTS =
      List.of(
          "#",
          "GET\r\n\r\n",
          "GET / HTTP/9.9\r\n\r\n",
          "BREW /v1/anneal HTTP/1.1\r\nHost: here\r\n\r\n",
          "GET /#nothing HTTP/1.1\r\nHost: here\r\n\r\n",
          "GET /%zz HTTP/1.1\r\nHost: here\r\n\r\n",
          "GET /../../etc/passwd HTTP/1.1\r\nHost: here\r\n\r\n",
          "POST /v1/anneal HTTP/1.1\r\nHost: here\r\nNo header\r\n\r\n",
          "POST /v1/anneal HTTP/1.1\r\nHost: here\r\nX: #\r\nY: #\r\n\r\n",
          "POST /v1/anneal HTTP/1.1\r\nHost: here\r\nContent-Length: -1\r\n\r\n{}",
          "POST /v1/anneal HTTP/1.1\r\nHost: here\r\nContent-Length: many\r\n\r\n{}",
          "POST /v1/anneal HTTP/1.1\r\nHost: here\r\nContent-Length: 2\r\n\r\n{}",
          "POST /v1/anneal HTTP/1.1\r\nHost: here\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}",
          "POST /v1/anneal HTTP/1.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}");

  /** One of the kinds. */
  static Malformed any(RandomGenerator random) {
    return pick(random, List.of(values()));
  }

  /** A whole request, or what is there of it. */
  abstract byte[] bytes(RandomGenerator random);

  /** Whether the connection may be closed without a word: there is no request to answer. */
  boolean isNoRequest() {
    return this == BROKEN_OFF || this == BAD_HTTP || this == NOISE;
  }

  private static <T> T pick(RandomGenerator random, List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private static String body(RandomGenerator random) {
    return pick(random, BODIES.values().stream().sorted().toList());
  }

  private static byte[] changed(RandomGenerator random, Wrong wrong) {
    return post(random, ascii(with(body(random), wrong.field, wrong.value)));
  }

  private static String with(String body, String field, String value) {
    ObjectNode without = (ObjectNode) JsonMapper.shared().readTree(body);
    without.remove(field);
    String rest = without.toString();
    return "{\"%s\": %s, %s".formatted(field, value, rest.substring(1));
  }

  /** What is no JSON any more, or no object. */
  private static String spoilt(String body, RandomGenerator random) {
    return switch (random.nextInt(10)) {
      case 0 -> body.substring(0, random.nextInt(body.length()));
      case 1 -> body + pick(random, List.of("}", ",", " {}", "x", "\u0000"));
      case 2 -> body.replace(':', '=');
      case 3 -> body.replace('"', '\'');
      case 4 -> body.replaceFirst("}$", ",}");
      case 5 -> "/* hello */ " + body;
      case 6 ->
          with(body, "seed", pick(random, List.of("NaN", "Infinity", "+1", "01", "0x1", ".5")));
      case 7 -> with(with(body, "user", "1"), "user2", "1").replace("user2", "user");
      case 8 -> with(body, "user", "\"\n\"");
      default -> pick(random, List.of("", "[]", "7", "null", "true", "\"x\"", "[{}]"));
    };
  }

  /** To the address whose body it is, or to any. */
  private static byte[] post(RandomGenerator random, byte[] body) {
    String address = pick(random, BODIES.keySet().stream().sorted().toList());
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(
        ascii(
            "POST %s HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                .formatted(address, body.length)));
    bytes.writeBytes(body);
    return bytes.toByteArray();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}

package dev.anneal.data;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/**
 * Any vocabulary published as a tokenizer.json file, read by the library that writes such files.
 *
 * <p>A byte-level vocabulary gives back every text unchanged. Others normalise, and a word keeps
 * the space before it also where a text begins. The end token is found by its usual spellings; the
 * digest is the SHA-256 of the file.
 */
public final class JsonTokenizer implements Tokenizer {

  static {
    // Unasked, the library reports its use over the network, looks for CUDA builds of itself to
    // download, and has SLF4J complain that nobody reads its log.
    System.setProperty("OPT_OUT_TRACKING", "true");
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("slf4j.internal.verbosity", "ERROR");
  }

  /** The library cuts at 512 tokens unless told not to. */
  private static final Map<String, String> WHOLE =
      Map.of("truncation", "false", "padding", "false", "addSpecialTokens", "false");

  private final byte[] content;
  private final TokenizerJson json;
  private final HuggingFaceTokenizer library;

  JsonTokenizer(byte[] content, TokenizerJson json) throws IOException {
    this.content = content;
    this.json = json;
    this.library = open(json);
  }

  @Override
  public int size() {
    return json.size();
  }

  @Override
  public int end() {
    return json.end();
  }

  @Override
  public int[] encode(String text) {
    String wellFormed = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    return Arrays.stream(library.encode(wellFormed, false, false).getIds())
        .mapToInt(Math::toIntExact)
        .filter(id -> id != end()) // a Unigram vocabulary finds the end token where it is spelled
        .toArray();
  }

  @Override
  public byte[] bytes(int id) {
    Tokenizers.checkReal(this, id);
    return json.bytes(id).orElseGet(() -> afterItself(id).getBytes(StandardCharsets.UTF_8));
  }

  /** What a token adds to a text that goes on: the first of two may lack its space. */
  private String afterItself(int id) {
    String once = library.decode(new long[] {id}, false);
    String twice = library.decode(new long[] {id, id}, false);
    return twice.substring(Math.min(once.length(), twice.length()));
  }

  @Override
  public String digest() {
    return Digest.of(content);
  }

  @Override
  public void save(Path folder) throws IOException {
    Files.write(folder.resolve(Tokenizers.FILE), content);
  }

  private static HuggingFaceTokenizer open(TokenizerJson json) throws IOException {
    byte[] model = json.model().getBytes(StandardCharsets.UTF_8);
    try {
      return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(model), WHOLE);
    } catch (RuntimeException e) { // the native library has no narrower type for a bad file
      throw new IOException(json.file() + ": not a usable tokenizer: " + e.getMessage(), e);
    }
  }
}

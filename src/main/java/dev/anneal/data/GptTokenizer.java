package dev.anneal.data;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import com.knuddels.jtokkit.api.IntArrayList;
import java.io.IOException;
import java.nio.file.Path;

/**
 * The byte-level BPE of GPT-2, N = 50257, which the paper's models use. Its tables come in a jar.
 */
public record GptTokenizer() implements Tokenizer {

  /** The name recipes know it by. */
  public static final String NAME = "gpt2";

  private static final int SIZE = 50257;

  @Override
  public int size() {
    return SIZE;
  }

  @Override
  public int end() {
    return SIZE - 1;
  }

  @Override
  public int[] encode(String text) {
    return Vocabulary.R50K.encodeOrdinary(text).toArray();
  }

  @Override
  public byte[] bytes(int id) {
    Tokenizers.checkReal(this, id);
    if (id == end()) {
      return new byte[0];
    }
    var token = new IntArrayList(1);
    token.add(id);
    return Vocabulary.R50K.decodeBytes(token);
  }

  @Override
  public void save(Path folder) throws IOException {
    Tokenizers.saveName(NAME, folder);
  }

  /** Read on first use: it takes a tenth of a second. */
  private static final class Vocabulary {
    static final Encoding R50K =
        Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.R50K_BASE);
  }
}

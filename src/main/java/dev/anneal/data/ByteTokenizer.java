package dev.anneal.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** One token a byte of UTF-8, and the end token after them: the smallest vocabulary, N = 257. */
public record ByteTokenizer() implements Tokenizer {

  /** The name recipes know it by. */
  public static final String NAME = "byte";

  private static final int BYTES = 256;

  @Override
  public int size() {
    return BYTES + 1;
  }

  @Override
  public int end() {
    return BYTES;
  }

  @Override
  public int[] encode(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    int[] ids = new int[bytes.length];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = Byte.toUnsignedInt(bytes[i]);
    }
    return ids;
  }

  @Override
  public byte[] bytes(int id) {
    Tokenizers.checkReal(this, id);
    return id == end() ? new byte[0] : new byte[] {(byte) id};
  }

  @Override
  public void save(Path folder) throws IOException {
    Tokenizers.saveName(NAME, folder);
  }
}

package dev.anneal.store.pytorch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** PyTorch checkpoints put together by hand: entries of a zip, stored as they are. */
public final class TorchZip {
  private final Map<String, byte[]> entries = new LinkedHashMap<>();
  private int method = ZipEntry.STORED;

  /** A checkpoint of a pickle and of storages with the keys 0, 1, … . */
  public static TorchZip of(byte[] pickle, byte[]... storages) {
    var zip = new TorchZip().with("model/data.pkl", pickle);
    for (int key = 0; key < storages.length; key++) {
      zip.with("model/data/" + key, storages[key]);
    }
    return zip;
  }

  public TorchZip with(String name, byte[] content) {
    entries.put(name, content);
    return this;
  }

  public TorchZip with(String name, String content) {
    return with(name, content.getBytes(StandardCharsets.UTF_8));
  }

  public TorchZip compressed() {
    method = ZipEntry.DEFLATED;
    return this;
  }

  public Path writeTo(Path file) {
    try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
      for (var each : entries.entrySet()) {
        var entry = new ZipEntry(each.getKey());
        entry.setMethod(method);
        if (method == ZipEntry.STORED) {
          var checksum = new CRC32();
          checksum.update(each.getValue());
          entry.setSize(each.getValue().length);
          entry.setCrc(checksum.getValue());
        }
        zip.putNextEntry(entry);
        zip.write(each.getValue());
        zip.closeEntry();
      }
      zip.finish();
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static byte[] floats(float... values) {
    var bytes = ByteBuffer.allocate(Float.BYTES * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return bytes.array();
  }
}

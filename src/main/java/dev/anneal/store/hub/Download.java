package dev.anneal.store.hub;

import dev.anneal.store.RefusedFileException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * One file on its way into the cache. Until it is whole and checked it lies beside its place, under
 * a name that holds its digest, so that it goes on only as itself.
 *
 * @param model whose file it is
 * @param file what it will be
 * @param folder where it will be
 * @param listener told how far it is
 */
record Download(HubModel model, HubFile file, Path folder, DownloadListener listener) {

  /** How often a broken download goes on by itself. */
  private static final int ATTEMPTS = 3;

  private static final int BUFFER_BYTES = 1 << 16;

  /** The name of what has come so far. */
  static String partName(HubFile file) {
    return file.name() + "." + file.digest() + ".part";
  }

  /**
   * Downloads what is missing.
   *
   * @throws RefusedFileException if what came is not what the listing says
   * @throws IOException if it breaks off; what has come is kept
   */
  void run(HubConnection connection) throws IOException {
    Path part = folder.resolve(partName(file));
    for (int attempt = 1; done(part) < file.size() || !Files.exists(part); attempt++) {
      try {
        receive(connection, part);
      } catch (RefusedFileException | HubRefusedException refused) {
        throw refused;
      } catch (IOException broken) {
        if (attempt == ATTEMPTS) {
          throw new IOException(
              "%s: %s broke off after %,d of %,d bytes and can go on from there: %s"
                  .formatted(model, file.name(), done(part), file.size(), broken.getMessage()),
              broken);
        }
      }
    }
    if (!file.isAt(part)) {
      Files.delete(part);
      throw refused("what came has another digest than the hub's listing says");
    }
    Files.move(part, folder.resolve(file.name()), StandardCopyOption.ATOMIC_MOVE);
  }

  private void receive(HubConnection connection, Path part) throws IOException {
    String path =
        "/%s/%s/resolve/%s/%s"
            .formatted(model.organisation(), model.name(), model.revision(), file.name());
    long offset = done(part);
    HttpResponse<InputStream> answer = connection.get(model, path, offset);
    // Who does not know ranges sends everything again; who refuses one is asked for everything.
    boolean goesOn = answer.statusCode() == 206 && begins(answer, offset);
    try (InputStream body = answer.body();
        OutputStream out =
            Files.newOutputStream(
                part,
                StandardOpenOption.CREATE,
                goesOn ? StandardOpenOption.APPEND : StandardOpenOption.TRUNCATE_EXISTING)) {
      if (!goesOn && answer.statusCode() != 200) {
        throw new IOException("the hub does not go on from there");
      }
      copy(body, out, goesOn ? offset : 0);
    }
  }

  private static boolean begins(HttpResponse<?> answer, long offset) {
    String range = answer.headers().firstValue("Content-Range").orElse("");
    return range.startsWith("bytes " + offset + "-");
  }

  private void copy(InputStream body, OutputStream out, long offset) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    long done = offset;
    for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
      done += read;
      if (done > file.size()) {
        throw refused("more than the %,d bytes of the hub's listing come".formatted(file.size()));
      }
      out.write(buffer, 0, read);
      listener.onBytes(file.name(), done, file.size());
    }
    if (done < file.size()) {
      throw new IOException("the connection ended");
    }
  }

  private static long done(Path part) throws IOException {
    return Files.exists(part) ? Files.size(part) : 0;
  }

  private RefusedFileException refused(String reason) {
    return new RefusedFileException(folder.resolve(file.name()), reason);
  }
}

package dev.anneal.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Standard output, which remembers that it could not be written. What {@link System#out} is wrapped
 * in hides that, so that a command goes on whose reader has gone, as {@code head} does.
 */
final class StandardOutput extends OutputStream {

  /** How a shell tells that a program ended as its reader had gone: 128 and the signal's number. */
  static final int READER_GONE = 128 + 13;

  private final OutputStream out;
  private @Nullable IOException failure;

  /** Writes to another stream. */
  StandardOutput(OutputStream out) {
    this.out = out;
  }

  /** That of the process. */
  static StandardOutput ofProcess() {
    return new StandardOutput(new FileOutputStream(FileDescriptor.out));
  }

  /** Writes text to it, a line at a time; asked for errors, it knows of them. */
  PrintWriter writer(Charset charset) {
    return new PrintWriter(this, true, charset);
  }

  @Override
  public void write(int single) throws IOException {
    write(new byte[] {(byte) single}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int start, int length) throws IOException {
    try {
      out.write(bytes, start, length);
    } catch (IOException e) {
      failure = e;
      throw e;
    }
  }

  /**
   * How the process ends: as its command did, if all could be written; if not, quietly where the
   * reader has gone, else with a line that says so.
   *
   * @param exitCode of the command
   * @param err takes the line
   */
  int exitCode(int exitCode, PrintWriter err) {
    IOException thrown = failure;
    if (thrown == null) {
      return exitCode;
    }
    String reason = String.valueOf(thrown.getMessage());
    if (reason.toLowerCase(Locale.ROOT).contains("broken pipe")) {
      return READER_GONE;
    }
    if (exitCode == 0) {
      err.println("anneal: standard output: " + reason);
      err.flush();
      return Failure.JOB_FAILED;
    }
    return exitCode;
  }
}

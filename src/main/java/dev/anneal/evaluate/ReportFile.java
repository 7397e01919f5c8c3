package dev.anneal.evaluate;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.anneal.store.AtomicWrite;
import dev.anneal.store.RefusedFileException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;

/** The file of an {@link EvaluationReport}, {@value #NAME} in a folder of its own. */
public final class ReportFile {

  /** Its name in the report's folder. */
  public static final String NAME = "report.json";

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .changeDefaultPropertyInclusion(
              given -> given.withValueInclusion(JsonInclude.Include.NON_ABSENT))
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(EnumFeature.WRITE_ENUMS_TO_LOWERCASE)
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  private ReportFile() {}

  /**
   * Writes the file into a folder, which is made if missing; an older report is replaced.
   *
   * @throws IOException if it cannot be written
   */
  public static void write(Path folder, EvaluationReport report) throws IOException {
    Files.createDirectories(folder);
    byte[] content = (JSON.writeValueAsString(report) + "\n").getBytes(StandardCharsets.UTF_8);
    AtomicWrite.file(
        folder.resolve(NAME),
        channel -> {
          for (var rest = ByteBuffer.wrap(content); rest.hasRemaining(); ) {
            channel.write(rest);
          }
        });
  }

  /**
   * Reads the file of a folder.
   *
   * @throws RefusedFileException if it is not a report of this version
   * @throws IOException if it cannot be read
   */
  public static EvaluationReport read(Path folder) throws IOException {
    Path file = folder.resolve(NAME);
    if (!Files.isRegularFile(file)) {
      throw new NoSuchFileException(
          folder.toString(), null, "no report here: expected a folder with a " + NAME);
    }
    try {
      return JSON.readValue(Files.readAllBytes(file), EvaluationReport.class);
    } catch (JacksonException e) {
      throw new RefusedFileException(file, "not a report: " + e.getOriginalMessage(), e);
    }
  }
}

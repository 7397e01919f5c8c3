package dev.anneal.data;

import dev.hardwood.InputFile;
import dev.hardwood.metadata.PhysicalType;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import dev.hardwood.schema.ColumnProjection;
import dev.hardwood.schema.SchemaNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/** The texts in one field of a Parquet file, row by row. Only that field's pages are read. */
final class ParquetTexts implements AutoCloseable {

  /** Held here, as a logger that nobody holds forgets its level. */
  private static final Logger LIBRARY = Logger.getLogger("dev.hardwood");

  static {
    LIBRARY.setLevel(Level.WARNING); // it tells at each start which processor features it uses
  }

  private final Path file;
  private final String field;
  private final ParquetFileReader reader;
  private final RowReader rows;

  private ParquetTexts(Path file, String field, ParquetFileReader reader, RowReader rows) {
    this.file = file;
    this.field = field;
    this.reader = reader;
    this.rows = rows;
  }

  /**
   * Opens a file.
   *
   * @throws IOException if it is no Parquet file, or has no such field of texts
   */
  static ParquetTexts open(Path file, String field) throws IOException {
    var reader = readable(file, () -> ParquetFileReader.open(InputFile.of(file)));
    try {
      requireText(file, field, reader.getFileSchema().getRootNode().children());
      var rows =
          readable(
              file,
              () -> reader.buildRowReader().projection(ColumnProjection.columns(field)).build());
      return new ParquetTexts(file, field, reader, rows);
    } catch (IOException failure) {
      reader.close();
      throw failure;
    }
  }

  private static void requireText(Path file, String field, List<SchemaNode> fields)
      throws IOException {
    Optional<SchemaNode> found =
        fields.stream().filter(node -> node.name().equals(field)).findFirst();
    if (found.isEmpty()) {
      throw new IOException(
          "%s: no field \"%s\": expected one of %s"
              .formatted(
                  file,
                  field,
                  fields.stream().map(SchemaNode::name).collect(Collectors.joining(", "))));
    }
    if (!(found.get() instanceof SchemaNode.PrimitiveNode text)
        || text.type() != PhysicalType.BYTE_ARRAY
        || text.maxRepetitionLevel() > 0) {
      throw new IOException(
          "%s: the field \"%s\" holds no texts: expected strings".formatted(file, field));
    }
  }

  /** How many rows there are. */
  long rows() {
    return reader.getFileMetaData().numRows();
  }

  /** Goes to the next row; false after the last. */
  boolean next() throws IOException {
    return readable(
        file,
        () -> {
          boolean more = rows.hasNext();
          if (more) {
            rows.next();
          }
          return more;
        });
  }

  /** The row's text; empty where there is none. */
  String text() throws IOException {
    return readable(file, () -> rows.isNull(field) ? "" : rows.getString(field));
  }

  @Override
  public void close() throws IOException {
    rows.close();
    reader.close();
  }

  /** What the library gives; its messages do not tell the path. */
  private static <T> T readable(Path file, Callable<T> call) throws IOException {
    try {
      return call.call();
    } catch (Exception e) { // the library has no narrower type for a damaged page
      throw new IOException("%s: damaged Parquet file: %s".formatted(file, e.getMessage()), e);
    }
  }
}

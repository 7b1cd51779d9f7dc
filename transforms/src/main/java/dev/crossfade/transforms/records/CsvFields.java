package dev.crossfade.transforms.records;

import dev.crossfade.transforms.records.RecordFormat.FieldReader;
import dev.crossfade.transforms.records.RecordFormat.FieldVisitor;
import dev.crossfade.transforms.records.RecordFormat.ValueKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.QuoteMode;

/**
 * Reads the fields of one CSV line. An empty field is a value that is not there, and a quoted empty
 * one an empty text, as they are to {@code COPY … CSV}.
 */
final class CsvFields implements FieldReader {
  private final char delimiter;
  private final CSVFormat format;
  private final Utf8 utf8 = new Utf8();
  private String headerLine;
  private List<String> names = List.of();

  CsvFields(char delimiter) {
    this.delimiter = delimiter;
    // With this mode the parser tells an empty field from a quoted one.
    this.format =
        CSVFormat.RFC4180
            .builder()
            .setDelimiter(delimiter)
            .setQuoteMode(QuoteMode.ALL_NON_NULL)
            .get();
  }

  @Override
  public void read(String header, byte[] bytes, int offset, int length, FieldVisitor visitor)
      throws UndecodableException {
    if (!header.equals(headerLine)) {
      names = fields(header).stream().map(name -> name == null ? "" : name).toList();
      headerLine = header;
      Set<String> seen = new HashSet<>();
      for (String name : names) {
        if (!seen.add(name)) {
          headerLine = null;
          throw new UndecodableException("the header names the field '" + name + "' twice");
        }
      }
    }
    List<String> values = fields(utf8.decode(bytes, offset, length));
    if (values.size() != names.size()) {
      throw new UndecodableException(
          "has " + values.size() + " fields; the header " + names + " has " + names.size());
    }
    visitor.begin();
    for (int i = 0; i < values.size(); i++) {
      String value = values.get(i);
      if (visitor.wants(names.get(i))
          && !visitor.field(names.get(i), value, value == null ? ValueKind.NULL : ValueKind.TEXT)) {
        return;
      }
    }
  }

  /** The values of the fields; null for those that are not there. */
  private List<String> fields(String line) throws UndecodableException {
    List<String> fields = new ArrayList<>();
    if (line.indexOf('"') < 0) {
      // Nearly every line: nothing is quoted, so nothing needs a parser.
      int start = 0;
      for (int end = line.indexOf(delimiter); end >= 0; end = line.indexOf(delimiter, start)) {
        fields.add(start == end ? null : line.substring(start, end));
        start = end + 1;
      }
      fields.add(start == line.length() ? null : line.substring(start));
      return fields;
    }
    try (CSVParser parser = CSVParser.parse(line, format)) {
      List<CSVRecord> records = parser.getRecords();
      if (records.size() != 1) {
        throw new UndecodableException("is not one CSV record");
      }
      records.get(0).forEach(fields::add);
      return fields;
    } catch (UncheckedIOException | IOException e) {
      throw new UndecodableException(
          "is not a CSV record (a quoted field has to end in its own line): " + e.getMessage());
    }
  }
}

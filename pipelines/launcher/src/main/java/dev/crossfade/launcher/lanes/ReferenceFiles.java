package dev.crossfade.launcher.lanes;

import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.exit.VerbException;
import dev.crossfade.launcher.fingerprints.Checksum;
import dev.crossfade.transforms.ReferenceTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** Reads reference tables from CSV files with a header. */
final class ReferenceFiles {
  private ReferenceFiles() {}

  /**
   * Reads a table.
   *
   * @throws VerbException if the file cannot be read, is not CSV, has no column of the key's name,
   *     two columns of one name, or two rows of one key
   */
  static ReferenceTable read(String name, Path file, String key) {
    CSVFormat format = CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();
    try (CSVParser parser = CSVParser.parse(file, StandardCharsets.UTF_8, format)) {
      List<String> columns = parser.getHeaderNames();
      Set<String> seen = new HashSet<>();
      for (String column : columns) {
        if (!seen.add(column)) {
          throw new VerbException(
              ExitCode.USAGE, file + ":1: the column '" + column + "' stands there twice");
        }
      }
      int keyIndex = columns.indexOf(key);
      if (keyIndex < 0) {
        throw new VerbException(
            ExitCode.USAGE,
            "references." + name + ": " + file + " has no column '" + key + "'; it has " + columns);
      }
      Map<String, List<String>> rows = new HashMap<>();
      for (CSVRecord row : parser) {
        if (row.size() != columns.size()) {
          throw new VerbException(
              ExitCode.USAGE,
              file
                  + ":"
                  + parser.getCurrentLineNumber()
                  + ": has "
                  + row.size()
                  + " fields; the header has "
                  + columns.size());
        }
        if (rows.put(row.get(keyIndex), row.toList()) != null) {
          throw new VerbException(
              ExitCode.USAGE,
              file
                  + ":"
                  + parser.getCurrentLineNumber()
                  + ": the key '"
                  + row.get(keyIndex)
                  + "' stands there before");
        }
      }
      return ReferenceTable.of(name, columns, rows);
    } catch (IllegalArgumentException e) {
      throw new VerbException(ExitCode.USAGE, file + ":1: " + e.getMessage(), e);
    } catch (UncheckedIOException e) {
      // So the parser says of a row that it is not CSV, and where; in another file it may be.
      throw new VerbException(
          ExitCode.USAGE, "references." + name + ": " + file + ": " + e.getCause().getMessage(), e);
    } catch (IOException e) {
      throw new VerbException(
          ExitCode.UNAVAILABLE, "references." + name + ": cannot read " + file + ": " + e, e);
    }
  }

  /** The checksum of a file that was read before. */
  static String checksum(Path file) {
    try {
      return Checksum.of(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new VerbException(ExitCode.UNAVAILABLE, "cannot read " + file + ": " + e, e);
    }
  }
}

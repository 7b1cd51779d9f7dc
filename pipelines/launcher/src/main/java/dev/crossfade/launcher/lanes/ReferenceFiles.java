package dev.crossfade.launcher.lanes;

import dev.crossfade.io.files.TextFile;
import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.exit.VerbException;
import dev.crossfade.launcher.fingerprints.Checksum;
import dev.crossfade.transforms.ReferenceTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
  private static final int MOST_FAULTS = 10;

  private ReferenceFiles() {}

  /**
   * Reads a table, with the care that inputs are read with.
   *
   * @throws VerbException if the file cannot be read, is not CSV or not UTF-8, has no column of the
   *     key's name, two columns of one name, rows of another length than the header, or two rows of
   *     one key; it names all such lines
   */
  static ReferenceTable read(String name, Path file, String key) {
    TextFile read;
    try {
      read = TextFile.read(file);
    } catch (IOException e) {
      throw new VerbException(
          ExitCode.UNAVAILABLE, "references." + name + ": cannot read " + file + ": " + e, e);
    }
    if (read.wrong().isPresent()) {
      throw wrong(name, List.of(file + ":" + read.wrong().get()));
    }
    return new Rows(name, file, key, read.text()).table();
  }

  private static VerbException wrong(String name, List<String> faults) {
    int more = faults.size() - MOST_FAULTS;
    return new VerbException(
        ExitCode.USAGE,
        "references."
            + name
            + ": "
            + String.join("\n  ", faults.subList(0, Math.min(faults.size(), MOST_FAULTS)))
            + (more > 0 ? "\n  and " + more + " more" : ""));
  }

  /** The rows of one file, and all that is wrong with them. */
  private static final class Rows {
    private static final CSVFormat FORMAT = CSVFormat.RFC4180.builder().get();

    private final String name;
    private final Path file;
    private final String key;
    private final String text;
    private final List<String> faults = new ArrayList<>();
    private long counted;
    private long line = 1;

    Rows(String name, Path file, String key, String text) {
      this.name = name;
      this.file = file;
      this.key = key;
      this.text = text;
    }

    ReferenceTable table() {
      List<String> columns = List.of();
      int keyIndex = -1;
      Map<String, List<String>> rows = new HashMap<>();
      Map<String, Long> lines = new HashMap<>();
      try (CSVParser parser = CSVParser.parse(text, FORMAT)) {
        for (CSVRecord row : parser) {
          long at = lineOf(row);
          if (columns.isEmpty()) {
            columns = row.toList();
            keyIndex = header(columns, at);
          } else if (row.size() != columns.size()) {
            if (!isBlank(row)) {
              fault(at, "has " + row.size() + " fields; the header has " + columns.size());
            }
          } else {
            Long before = lines.putIfAbsent(row.get(keyIndex), at);
            if (before != null) {
              fault(at, "the key '" + row.get(keyIndex) + "' stands in line " + before + " too");
            }
            rows.put(row.get(keyIndex), row.toList());
          }
        }
      } catch (UncheckedIOException | IOException e) {
        // The text is in memory, so this says of a row that it is not CSV.
        Throwable cause = e.getCause() == null ? e : e.getCause();
        fault(line, "the row here or the next is not CSV: " + cause.getMessage());
      }
      if (columns.isEmpty()) {
        fault(1, "is empty; a CSV file begins with a header line");
      }
      if (!faults.isEmpty()) {
        throw wrong(name, faults);
      }
      return ReferenceTable.of(name, columns, rows);
    }

    /** Judges the header, without which no row means anything; where the key stands in it. */
    private int header(List<String> columns, long at) {
      Set<String> seen = new HashSet<>();
      for (String column : columns) {
        if (!seen.add(column)) {
          fault(at, "the column '" + column + "' stands there twice");
        }
      }
      int keyIndex = columns.indexOf(key);
      if (keyIndex < 0) {
        fault(at, "there is no column '" + key + "'; there are " + columns);
      }
      if (!faults.isEmpty()) {
        throw wrong(name, faults);
      }
      return keyIndex;
    }

    private static boolean isBlank(CSVRecord row) {
      return row.size() == 1 && row.get(0).isBlank();
    }

    /** The line in which a row begins. */
    private long lineOf(CSVRecord row) {
      long position = row.getCharacterPosition();
      line += TextFile.lineEnds(text, counted, position);
      counted = position;
      return line;
    }

    private void fault(long at, String what) {
      faults.add(file + ":" + at + ": " + what);
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

package dev.crossfade.launcher.settings;

import dev.crossfade.transforms.records.RecordFormat;
import dev.crossfade.transforms.results.EventWindow;
import java.util.Optional;

/** The bounded source of a flow. */
public sealed interface BatchSource {
  /** The span of event time that the input is complete for; without it, it is for all it holds. */
  Optional<EventWindow> covers();

  /**
   * Files.
   *
   * @param path an absolute glob, or a URI of a Beam file system as it was given
   * @param format how a record is written
   * @param covers the span of event time that the files are complete for
   */
  record Files(Address path, RecordFormat format, Optional<EventWindow> covers)
      implements BatchSource {}

  /**
   * A database table.
   *
   * @param url the JDBC URL of the database
   * @param user the database user
   * @param password the password of that user
   * @param table the table or view to read, as SQL names it
   * @param partitionColumn the column of numbers or times whose ranges are read side by side
   * @param partitions how many ranges
   * @param fetchSize how many rows one round trip fetches
   * @param covers the span of event time that the table is complete for
   */
  record Jdbc(
      Address url,
      String user,
      Secret password,
      String table,
      Optional<String> partitionColumn,
      int partitions,
      int fetchSize,
      Optional<EventWindow> covers)
      implements BatchSource {}
}

package dev.crossfade.runners.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.PGConnection;

/** A copy of both lanes in DuckDB, in memory, made before anything is measured. */
final class DuckLanes implements AutoCloseable {
  private final Connection duck;
  private final double loadSeconds;

  private DuckLanes(Connection duck, double loadSeconds) {
    this.duck = duck;
    this.loadSeconds = loadSeconds;
  }

  /** Copies what is compared of a results table, by a file of comma-separated values. */
  static DuckLanes open(Connection postgres, String table) throws SQLException {
    long started = System.nanoTime();
    try {
      Path csv = Files.createTempFile("crossfade-bench", ".csv");
      Connection duck = DriverManager.getConnection("jdbc:duckdb:");
      try (Statement statement = duck.createStatement()) {
        try (OutputStream out = Files.newOutputStream(csv)) {
          postgres
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyOut(
                  "COPY (SELECT lane, shop, window_start, window_end, orders, takings FROM "
                      + table
                      + " WHERE NOT tombstone) TO STDOUT (FORMAT csv)",
                  out);
        }
        statement.execute(
            "CREATE TABLE lanes (lane VARCHAR, shop VARCHAR, window_start TIMESTAMPTZ,"
                + " window_end TIMESTAMPTZ, orders BIGINT, takings DECIMAL(38, 2),"
                + " tombstone BOOLEAN DEFAULT false)");
        statement.execute(
            "COPY lanes (lane, shop, window_start, window_end, orders, takings) FROM '"
                + csv
                + "' (FORMAT csv, HEADER false)");
      } finally {
        Files.delete(csv);
      }
      return new DuckLanes(duck, (System.nanoTime() - started) / 1e9);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  double loadSeconds() {
    return loadSeconds;
  }

  long differences() throws SQLException {
    return differences(duck, "lanes");
  }

  /** How many rows differ, as plain SQL asks for it; both databases take these words. */
  static long differences(Connection connection, String table) throws SQLException {
    String lane = "(SELECT * FROM " + table + " WHERE lane = '%s' AND NOT tombstone) AS %s";
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT count(*) FROM "
                    + String.format(lane, "batch", "l")
                    + " FULL OUTER JOIN "
                    + String.format(lane, "stream", "r")
                    + " USING (shop, window_start, window_end)"
                    + " WHERE l.lane IS NULL OR r.lane IS NULL"
                    + " OR l.orders IS DISTINCT FROM r.orders"
                    + " OR l.takings IS DISTINCT FROM r.takings")) {
      row.next();
      return row.getLong(1);
    }
  }

  @Override
  public void close() throws SQLException {
    duck.close();
  }
}

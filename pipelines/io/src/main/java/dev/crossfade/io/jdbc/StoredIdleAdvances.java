package dev.crossfade.io.jdbc;

import dev.crossfade.io.kafka.IdleAdvances;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The idle advances of a run, kept in the store. Asks on a connection of its own each time, since
 * that is seldom, and does not wait long: it is a reader's thread that asks.
 */
public final class StoredIdleAdvances implements IdleAdvances {
  private static final long serialVersionUID = 1L;

  private static final Duration LONGEST_LOGIN = Duration.ofSeconds(3);
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(2);

  private static final String OF_SOURCE = " WHERE flow = ? AND lane = ? AND run = ? AND source = ?";

  private static final String RECORDED =
      "SELECT at_position, max(watermark) FROM crossfade.idle_advances"
          + OF_SOURCE
          + " GROUP BY at_position";

  /** Of one position the greatest watermark is all that counts. */
  private static final String RECORD =
      "WITH passed AS (DELETE FROM crossfade.idle_advances"
          + OF_SOURCE
          + " AND at_position = ? AND watermark < ?)"
          + " INSERT INTO crossfade.idle_advances (flow, lane, run, source, at_position, watermark)"
          + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";

  private final Database store;
  private final String flow;
  private final String lane;
  private final long run;
  private final Fence fence;

  private StoredIdleAdvances(Database store, String flow, String lane, Fence fence) {
    this.store = store;
    this.flow = flow;
    this.lane = lane;
    this.run = fence.run();
    this.fence = fence;
  }

  /** Those of a run of a flow. */
  public static StoredIdleAdvances of(Database store, String flow, RunTarget target) {
    return new StoredIdleAdvances(store, flow, target.lane(), Fence.of(target));
  }

  @Override
  public NavigableMap<Long, Long> recorded(String source) throws IOException {
    try (Connection connection = connect();
        PreparedStatement query = connection.prepareStatement(RECORDED)) {
      bindSource(query, 1, source);
      NavigableMap<Long, Long> advances = new TreeMap<>();
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          advances.put(rows.getLong(1), rows.getLong(2));
        }
      }
      return advances;
    } catch (SQLException e) {
      throw new IOException("cannot read the idle advances: " + e.getMessage(), e);
    }
  }

  @Override
  public void record(String source, long atPosition, long watermark) throws IOException {
    try (Connection connection = connect();
        PreparedStatement statement = connection.prepareStatement(RECORD)) {
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      connection.setAutoCommit(false);
      fence.raise(connection);
      int next = bindSource(statement, 1, source);
      statement.setLong(next, atPosition);
      statement.setLong(next + 1, watermark);
      next = bindSource(statement, next + 2, source);
      statement.setLong(next, atPosition);
      statement.setLong(next + 1, watermark);
      statement.executeUpdate();
      connection.commit();
    } catch (SQLException e) {
      throw new IOException("cannot record an idle advance: " + e.getMessage(), e);
    }
  }

  /** A connection that commits each statement. */
  private Connection connect() throws SQLException {
    Connection connection = store.connect(LONGEST_LOGIN);
    connection.setNetworkTimeout(Runnable::run, Math.toIntExact(LONGEST_ANSWER.toMillis()));
    return connection;
  }

  /** The index of the parameter behind those of the source. */
  private int bindSource(PreparedStatement statement, int first, String source)
      throws SQLException {
    statement.setString(first, flow);
    statement.setString(first + 1, lane);
    statement.setLong(first + 2, run);
    statement.setString(first + 3, source);
    return first + 4;
  }
}

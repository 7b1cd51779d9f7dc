package dev.crossfade.runners.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks for the rows of probes: every 20 ms, on a connection of its own, by the table's key. A row
 * counts as seen when the answer that holds it is here, so that looking makes it seem older and not
 * newer.
 */
final class Probes implements AutoCloseable {
  private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /**
   * A probe whose row was seen.
   *
   * @param appendedAt when the broker appended it, in milliseconds since 1970
   * @param seenAt when its row was seen
   */
  record Seen(long appendedAt, long seenAt) {
    double seconds() {
      return (seenAt - appendedAt) / 1e3;
    }
  }

  private final Connection connection;
  private final String table;
  private final Map<String, Long> outstanding = new ConcurrentHashMap<>();
  private final List<Seen> seen = new ArrayList<>();
  private CompletableFuture<Void> looking = CompletableFuture.completedFuture(null);
  private volatile boolean isOver;

  Probes(Connection connection, String table) {
    this.connection = connection;
    this.table = table;
  }

  /** Looks from now on; the table must be there. */
  void start() {
    looking = CompletableFuture.runAsync(this::look, work -> new Thread(work, "probes").start());
  }

  /** Takes note of a probe that was appended to the topic. */
  void appended(String shop, long at) {
    outstanding.put(shop, at);
  }

  /** How many were not seen yet. */
  int outstanding() {
    if (looking.isCompletedExceptionally()) {
      looking.join();
    }
    return outstanding.size();
  }

  /** Those that were seen so far. */
  List<Seen> seen() {
    synchronized (seen) {
      return List.copyOf(seen);
    }
  }

  private void look() {
    try (Statement settings = connection.createStatement();
        PreparedStatement query =
            connection.prepareStatement(
                "SELECT shop FROM " + table + " WHERE lane = 'stream' AND shop = ANY (?)")) {
      // Of a table that was never analyzed PostgreSQL may think that all of it is read faster.
      settings.execute("SET enable_seqscan = off");
      for (long due = System.nanoTime(); !isOver; due += PERIOD_NANOS) {
        LockSupport.parkNanos(due - System.nanoTime());
        lookOnce(query);
      }
    } catch (SQLException e) {
      throw new IllegalStateException("cannot look for probes", e);
    }
  }

  private void lookOnce(PreparedStatement query) throws SQLException {
    String[] shops = outstanding.keySet().toArray(String[]::new);
    if (shops.length == 0) {
      return;
    }
    query.setArray(1, connection.createArrayOf("text", shops));
    List<String> found = new ArrayList<>();
    try (ResultSet row = query.executeQuery()) {
      while (row.next()) {
        found.add(row.getString(1));
      }
    }
    long now = System.currentTimeMillis();
    synchronized (seen) {
      for (String shop : found) {
        seen.add(new Seen(outstanding.remove(shop), now));
      }
    }
  }

  @Override
  public void close() throws SQLException {
    isOver = true;
    looking.join();
    connection.close();
  }
}

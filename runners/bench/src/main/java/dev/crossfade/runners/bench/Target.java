package dev.crossfade.runners.bench;

import java.io.Serializable;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;

/**
 * The table that an opponent writes, with the same rows as Crossfade's.
 *
 * @param name the table
 * @param url where the database is
 * @param user its user
 * @param password of that user
 */
record Target(String name, String url, String user, String password) implements Serializable {
  static final long MINUTE = 60_000;
  static final int BATCH = 1_000;

  static Target of(String name, Map<String, String> environment) {
    return new Target(
        name,
        environment.get("CROSSFADE_DB_URL"),
        environment.get("CROSSFADE_DB_USER"),
        environment.get("CROSSFADE_DB_PASSWORD"));
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(url, user, password);
  }

  void create() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("DROP TABLE IF EXISTS " + name);
      statement.execute(
          "CREATE TABLE "
              + name
              + " (shop text NOT NULL, window_start timestamptz NOT NULL, orders bigint NOT NULL,"
              + " cents bigint NOT NULL, PRIMARY KEY (shop, window_start))");
    }
  }

  String upsert() {
    return "INSERT INTO "
        + name
        + " AS t VALUES (?, ?, ?, ?) ON CONFLICT (shop, window_start) DO UPDATE SET orders ="
        + " EXCLUDED.orders, cents = EXCLUDED.cents WHERE t.orders < EXCLUDED.orders";
  }

  static void bind(PreparedStatement statement, String shop, long start, long orders, long cents)
      throws SQLException {
    statement.setString(1, shop);
    statement.setObject(2, OffsetDateTime.ofInstant(Instant.ofEpochMilli(start), ZoneOffset.UTC));
    statement.setLong(3, orders);
    statement.setLong(4, cents);
  }
}

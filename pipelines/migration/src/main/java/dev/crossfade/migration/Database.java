package dev.crossfade.migration;

import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import javax.crypto.Mac;
import org.postgresql.Driver;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;

/**
 * Where a PostgreSQL database is and who enters it. It prints as host, port and name; the URL,
 * which may carry a password among its parameters, and the password itself stay inside.
 */
public final class Database {
  private final String url;
  private final Properties credentials;
  private final Properties parsed;

  private Database(String url, Properties credentials, Properties parsed) {
    this.url = url;
    this.credentials = credentials;
    this.parsed = parsed;
  }

  /**
   * A database; nothing is connected yet.
   *
   * @param url a JDBC URL of PostgreSQL; what its parameters say goes before all else
   * @param user the user, or null if the URL names one
   * @param password the password, or null if there is none or the URL has it
   * @throws StoreException if the URL is not one of PostgreSQL
   */
  public static Database at(String url, String user, String password) {
    Properties credentials = new Properties();
    if (user != null) {
      PGProperty.USER.set(credentials, user);
    }
    if (password != null) {
      PGProperty.PASSWORD.set(credentials, password);
    }
    PGProperty.APPLICATION_NAME.set(credentials, "crossfade");
    PGProperty.TCP_KEEP_ALIVE.set(credentials, true);
    Properties parsed = Driver.parseURL(url, credentials);
    if (parsed == null) {
      throw new StoreException(
          "the database's URL does not look like jdbc:postgresql://host:5432/database");
    }
    if (PGProperty.PG_HOST.getOrDefault(parsed).contains("@")) {
      // The driver takes the credentials for a part of the host's name, and so would every message.
      throw new StoreException(
          "the database's URL has a user before its host, which PostgreSQL's driver does not know;"
              + " give user and password by themselves");
    }
    return new Database(url, credentials, parsed);
  }

  /**
   * Loads what a connection takes, its driver and the ciphers of its login; connects to nothing.
   */
  public static void prepare() {
    try {
      Mac unusedMac = Mac.getInstance("HmacSHA256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
    boolean unused = new Driver().acceptsURL("jdbc:postgresql:none");
  }

  /** Opens a connection that may write. */
  Connection connect() throws SQLException {
    Connection connection = new Driver().connect(url, credentials);
    try {
      requireUtf8(connection);
      try (Statement statement = connection.createStatement()) {
        // With it on, the catalogue tells a type as "text" with its quotes, and so no type as we
        // do.
        statement.execute("SET quote_all_identifiers = off");
      }
      return connection;
    } catch (SQLException | RuntimeException e) {
      closeAfter(connection, e);
      throw e;
    }
  }

  /** Opens a connection whose every transaction is read-only, whatever its user may do. */
  Connection connectReadOnly() throws SQLException {
    Connection connection = connect();
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET default_transaction_read_only = on");
      connection.setReadOnly(true);
      return connection;
    } catch (SQLException | RuntimeException e) {
      closeAfter(connection, e);
      throw e;
    }
  }

  /** The host and port, such as {@code localhost:5432}. */
  String address() {
    String[] hosts = PGProperty.PG_HOST.getOrDefault(parsed).split(",", -1);
    String[] ports = PGProperty.PG_PORT.getOrDefault(parsed).split(",", -1);
    StringBuilder address = new StringBuilder();
    for (int i = 0; i < hosts.length; i++) {
      address.append(i == 0 ? "" : ",").append(hosts[i]);
      address.append(':').append(ports[Math.min(i, ports.length - 1)]);
    }
    return address.toString();
  }

  /** The database's name. */
  String name() {
    return PGProperty.PG_DBNAME.getOrDefault(parsed);
  }

  /** The user's name. */
  String user() {
    String user = PGProperty.USER.getOrDefault(parsed);
    return user == null ? System.getProperty("user.name") : user;
  }

  @Override
  public String toString() {
    return address() + "/" + name();
  }

  // In another encoding, COLLATE "C" sorts by that encoding's bytes, and not as Java is taught to.
  private void requireUtf8(Connection connection) throws SQLException {
    String encoding = connection.unwrap(PGConnection.class).getParameterStatus("server_encoding");
    if (!"UTF8".equals(encoding)) {
      throw new StoreException(
          "database "
              + this
              + " has the encoding "
              + encoding
              + ", in which text sorts by other bytes; create it with ENCODING 'UTF8'");
    }
  }

  static void closeAfter(Connection connection, Exception failure) {
    try {
      connection.close();
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
  }
}

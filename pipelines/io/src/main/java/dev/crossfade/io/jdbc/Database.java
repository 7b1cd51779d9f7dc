package dev.crossfade.io.jdbc;

import dev.crossfade.io.credentials.Credentials;
import dev.crossfade.io.credentials.HarmlessUrl;
import dev.crossfade.io.credentials.Withheld;
import java.io.Serializable;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.regex.Pattern;

/**
 * How to connect to a database. It can be serialized, and then holds the URL if that is known to be
 * harmless, the user, and where the rest is to be found.
 *
 * @param shown the URL without credentials and parameters
 * @param url the JDBC URL; null if it may hold credentials
 * @param user the user
 * @param withheld the password, and the URL if it may hold credentials
 */
public record Database(String shown, String url, String user, Withheld withheld)
    implements Serializable {
  private static final String URL = "url";
  private static final String PASSWORD = "password";

  /** Also where the URL names a user, {@code jdbc:oracle:thin:user/password@host} for one. */
  private static final Pattern CREDENTIALS = Pattern.compile("^(jdbc:[a-z0-9]+:).*@");

  private static final Pattern USER_OF_POSTGRES = Pattern.compile("^jdbc:postgresql://[^/?]*@");

  private static final Duration LONGEST_LOGIN = Duration.ofSeconds(20);

  /** The SQL state of what is not supported: trying again brings no driver. */
  private static final String NO_DRIVER = "0A000";

  private static final Pattern PARAMETERS = Pattern.compile("(?:[?;(]|:[^:/?;]*=).*");

  /** Refuses a URL that may hold credentials. */
  public Database {
    if (url != null && !HarmlessUrl.isHarmless(url)) {
      throw new IllegalArgumentException("the URL is not known to be harmless");
    }
  }

  /**
   * A database for this process alone, such as for a check before a run: it cannot be serialized.
   *
   * @param url the JDBC URL
   * @param user the user
   * @param password the user's password
   */
  public Database(String url, String user, String password) {
    this(shown(url), harmless(url), user, Withheld.inHand(secrets(url, password)));
  }

  /**
   * A database of a run's graph.
   *
   * @param credentials those of the run
   * @param connection where the database is in the settings, such as {@code store}
   * @param url the JDBC URL
   * @param user the user
   * @param password the user's password
   */
  public static Database of(
      Credentials credentials, String connection, String url, String user, String password) {
    return new Database(
        shown(url), harmless(url), user, credentials.withhold(connection, secrets(url, password)));
  }

  private static String harmless(String url) {
    return HarmlessUrl.isHarmless(url) ? url : null;
  }

  private static Map<String, String> secrets(String url, String password) {
    return HarmlessUrl.isHarmless(url)
        ? Map.of(PASSWORD, password)
        : Map.of(PASSWORD, password, URL, url);
  }

  private static String shown(String url) {
    String place = CREDENTIALS.matcher(url).replaceFirst("$1***@");
    return PARAMETERS.matcher(place).replaceFirst("");
  }

  /**
   * Opens a connection; many rows in one statement go as one message where the driver can do it.
   */
  Connection connect() throws SQLException {
    return connect(LONGEST_LOGIN);
  }

  /** Opens a connection, or fails when the server has not taken it for so long. */
  Connection connect(Duration longest) throws SQLException {
    Map<String, String> secrets = withheld.values();
    String whole = secrets.getOrDefault(URL, url);
    if (USER_OF_POSTGRES.matcher(whole).find()) {
      // The driver takes the credentials for a part of the host's name, and tells it in its errors.
      throw new SQLException(
          "the URL of "
              + this
              + " has a user before its host, which PostgreSQL's driver does not know; give user"
              + " and password by themselves");
    }
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", secrets.get(PASSWORD));
    properties.setProperty("ApplicationName", "crossfade");
    // A server that takes the connection and then says nothing is as good as away.
    properties.setProperty("loginTimeout", Long.toString(longest.toSeconds()));
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("reWriteBatchedInserts", "true");
    // The detail of an error holds the values of the row that it is about.
    properties.setProperty("logServerErrorDetail", "false");
    return driver(whole).connect(whole, properties);
  }

  /** Closes a connection that is of no use after a failure, which stays the one that is told. */
  static void closeAfter(Exception failure, Connection connection) {
    try {
      connection.close();
    } catch (SQLException suppressed) {
      failure.addSuppressed(suppressed);
    }
  }

  /**
   * Looks in the class path of this very class. The driver manager looks once per JVM, so on a
   * cluster only the first job would find the driver that its jar brings, and what it says when it
   * finds none holds the whole URL.
   */
  private Driver driver(String whole) throws SQLException {
    for (Driver driver : ServiceLoader.load(Driver.class, Database.class.getClassLoader())) {
      if (driver.acceptsURL(whole)) {
        return driver;
      }
    }
    throw new SQLException("no JDBC driver on the class path takes the URL of " + this, NO_DRIVER);
  }

  /** The user and the URL without credentials and parameters. */
  @Override
  public String toString() {
    return user + " at " + shown;
  }
}

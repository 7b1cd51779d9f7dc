package dev.crossfade.io.jdbc;

import java.io.Serializable;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.regex.Pattern;

/**
 * How to connect to a database. The password goes where the graph goes, and nowhere else: not into
 * a runner option, a message or a display.
 *
 * @param url the JDBC URL
 * @param user the user
 * @param password the user's password
 */
public record Database(String url, String user, String password) implements Serializable {
  /** Also where the URL names a user, {@code jdbc:oracle:thin:user/password@host} for one. */
  private static final Pattern CREDENTIALS = Pattern.compile("^(jdbc:[a-z0-9]+:).*@");

  private static final Pattern USER_OF_POSTGRES = Pattern.compile("^jdbc:postgresql://[^/?]*@");

  private static final Duration LONGEST_LOGIN = Duration.ofSeconds(20);

  /** The SQL state of what is not supported: trying again brings no driver. */
  private static final String NO_DRIVER = "0A000";

  private static final Pattern PARAMETERS = Pattern.compile("[?;].*");

  /**
   * Opens a connection; many rows in one statement go as one message where the driver can do it.
   */
  Connection connect() throws SQLException {
    return connect(LONGEST_LOGIN);
  }

  /** Opens a connection, or fails when the server has not taken it for so long. */
  Connection connect(Duration longest) throws SQLException {
    if (USER_OF_POSTGRES.matcher(url).find()) {
      // The driver takes the credentials for a part of the host's name, and tells it in its errors.
      throw new SQLException(
          "the URL of "
              + this
              + " has a user before its host, which PostgreSQL's driver does not know; give user"
              + " and password by themselves");
    }
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    properties.setProperty("ApplicationName", "crossfade");
    // A server that takes the connection and then says nothing is as good as away.
    properties.setProperty("loginTimeout", Long.toString(longest.toSeconds()));
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("reWriteBatchedInserts", "true");
    // The detail of an error holds the values of the row that it is about.
    properties.setProperty("logServerErrorDetail", "false");
    return driver().connect(url, properties);
  }

  /**
   * Looks in the class path of this very class. The driver manager looks once per JVM, so on a
   * cluster only the first job would find the driver that its jar brings, and what it says when it
   * finds none holds the whole URL.
   */
  private Driver driver() throws SQLException {
    for (Driver driver : ServiceLoader.load(Driver.class, Database.class.getClassLoader())) {
      if (driver.acceptsURL(url)) {
        return driver;
      }
    }
    throw new SQLException("no JDBC driver on the class path takes the URL of " + this, NO_DRIVER);
  }

  /** The user and the URL without credentials and parameters. */
  @Override
  public String toString() {
    String place = CREDENTIALS.matcher(url).replaceFirst("$1***@");
    return user + " at " + PARAMETERS.matcher(place).replaceFirst("");
  }
}

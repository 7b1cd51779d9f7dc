package dev.crossfade.migration;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.postgresql.util.PSQLException;

/**
 * The database cannot be used as it is. The message is for the person who runs Crossfade: what is
 * wrong, where, and what to do about it. It holds neither a password nor a JDBC URL.
 */
public sealed class StoreException extends RuntimeException
    permits LaneBusyException, NoRunException, RunGoneException {
  private static final long serialVersionUID = 1L;

  /** Of encryption the driver speaks under the SQL states of refused users and of lost servers. */
  private static final Pattern ENCRYPTION = Pattern.compile("\\bSSL\\b|sslmode|no encryption");

  private final transient List<Deviation> deviations;

  StoreException(String message) {
    this(message, List.of(), null);
  }

  private StoreException(String message, List<Deviation> deviations, Throwable cause) {
    super(message, cause);
    this.deviations = deviations;
  }

  /** The ways in which a table's shape is not the one needed; empty if something else is wrong. */
  public List<Deviation> deviations() {
    // The list does not travel with a serialized exception; the message names them all.
    return deviations == null ? List.of() : deviations;
  }

  static StoreException shape(String table, List<Deviation> deviations, String whatToDo) {
    return new StoreException(
        "table "
            + table
            + " has another shape:\n"
            + deviations.stream().map(d -> "  " + d).collect(Collectors.joining("\n"))
            + "\n"
            + whatToDo,
        List.copyOf(deviations),
        null);
  }

  /**
   * What an SQL error means to the person who runs Crossfade.
   *
   * @param doing what was under way, such as {@code comparing batch and stream}
   */
  static StoreException of(Database database, String doing, SQLException e) {
    if (RunGoneException.STATE.equals(e.getSQLState())) {
      return new RunGoneException(said(e));
    }
    return new StoreException(message(database, doing, e), List.of(), e);
  }

  private static String message(Database database, String doing, SQLException e) {
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    String at = "PostgreSQL at " + database.address();
    String said = said(e);
    if (!state.startsWith("42") && ENCRYPTION.matcher(said).find()) {
      return at
          + " is not reached as the URL's sslmode asks for ("
          + said
          + "); it is one of disable, allow, prefer, require, verify-ca and verify-full: the server has"
          + " to have ssl = on for the last three, and the last two need its authority in sslrootcert";
    }
    return switch (state) {
      case "28P01", "28000", "08004" ->
          at
              + " refused user '"
              + database.user()
              + "' for database '"
              + database.name()
              + "' ("
              + said
              + "); check the user and the password";
      case "3D000" ->
          at
              + " has no database '"
              + database.name()
              + "'; create it with encoding UTF8, or check the name";
      case "42501" ->
          "user '"
              + database.user()
              + "' lacks a permission at "
              + database
              + " for "
              + doing
              + " ("
              + said
              + "); the first run of a flow needs CREATE on the database or on the schema"
              + " crossfade, one that alters an older table, such as to give it the columns row$hash1"
              + " and row$hash2, needs to own it, a comparison needs USAGE on the schema and SELECT on its tables";
      case "42P01", "3F000" ->
          doing
              + " found a table missing at "
              + database
              + " ("
              + said
              + "); a flow's tables are created by its first run";
      case "42P07" ->
          doing
              + " found something in the way of a table of the store at "
              + database
              + " ("
              + said
              + "); rename what has the name, such as the table of a flow that an older Crossfade"
              + " let be called so";
      case "2BP01" ->
          doing
              + " found that something depends on what has to go at "
              + database
              + " ("
              + said
              + "); drop that, such as a view with SELECT *, and create it again after the run";
      case "53300", "57P03" -> at + " takes no connection now (" + said + "); try again later";
      case "55P03" ->
          doing
              + " waited too long for a lock at "
              + database
              + "; look in pg_stat_activity for the session that holds it";
      default ->
          state.startsWith("08") || isNetworkFailure(e)
              ? "cannot reach PostgreSQL at "
                  + database.address()
                  + " for "
                  + doing
                  + " ("
                  + said
                  + "); check that the server runs, that host and port are right, and that no"
                  + " firewall is in between"
              : doing + " failed at " + database + ": " + said + " (SQLSTATE " + state + ")";
    };
  }

  private static boolean isNetworkFailure(SQLException e) {
    return e.getCause() instanceof IOException;
  }

  private static String said(SQLException e) {
    return e instanceof PSQLException pg && pg.getServerErrorMessage() != null
        ? pg.getServerErrorMessage().getMessage()
        : e.getMessage();
  }
}

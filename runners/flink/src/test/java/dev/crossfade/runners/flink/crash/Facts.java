package dev.crossfade.runners.flink.crash;

import dev.crossfade.launcher.testing.OpenSandbox;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the store holds, asked on a new connection each time, since the server is killed. */
final class Facts {
  private static final String NEWEST_RUN =
      "(SELECT max(run) FROM crossfade.runs WHERE flow = 'orders' AND lane = 'stream' AND kind ="
          + " 'RUN')";

  private final Map<String, String> environment;

  Facts(Map<String, String> environment) {
    this.environment = environment;
  }

  /** The records that the newest stream has accounted for in the store. */
  long accounted() throws SQLException {
    return ifPrepared(
        "SELECT coalesce(sum(decoded + undecodable + without_content), 0) FROM"
            + " crossfade.origin_ledger WHERE flow = 'orders' AND lane = 'stream' AND run = "
            + NEWEST_RUN);
  }

  /** The newest stream, with how often it was started and how it ended, if it has. */
  String newestRun() throws SQLException {
    return texts(
            "SELECT format('run %s, attempt %s, %s', run, attempts, coalesce(outcome, 'at work'))"
                + " FROM crossfade.runs WHERE run = "
                + NEWEST_RUN)
        .get(0);
  }

  /** The number of the newest stream; 0 if there is none. */
  long newest() throws SQLException {
    return ifPrepared("SELECT coalesce(" + NEWEST_RUN + ", 0)");
  }

  /** Cuts every connection to the database but this one. */
  void cutConnections() throws SQLException {
    number(
        "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity WHERE datname ="
            + " current_database() AND pid <> pg_backend_pid()");
  }

  /** The transaction that comes next. */
  long nextTransaction() throws SQLException {
    return number("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint");
  }

  /** The rows of the stream's results that were written by a transaction or a later one. */
  long rowsSince(long transaction) throws SQLException {
    return ifPrepared(
        "SELECT count(*) FROM crossfade.orders WHERE lane = 'stream' AND xmin::text::bigint >= "
            + transaction);
  }

  /** The newest run that computes windows again and has not ended; 0 if there is none. */
  long restating() throws SQLException {
    return ifPrepared(
        "SELECT coalesce(max(run), 0) FROM crossfade.runs WHERE kind = 'RESTATEMENT' AND ended_at"
            + " IS NULL");
  }

  /** The span of all windows that the stream has closed. */
  String closed() throws SQLException {
    return texts(
            "SELECT to_char(min(window_start) AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"
                + " || '/' || to_char(max(window_end) AT TIME ZONE 'UTC',"
                + " 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') FROM crossfade.closed_windows WHERE flow ="
                + " 'orders' AND lane = 'stream'")
        .get(0);
  }

  /** All that the lane's readers see of its results. */
  String digest() throws SQLException {
    return texts(
            "SELECT count(*) || ':' || coalesce(md5(string_agg(t::text, ' ' ORDER BY t::text)), '')"
                + " FROM crossfade.orders t WHERE lane = 'stream'")
        .get(0);
  }

  /** The records that are kept as late, sorted. */
  List<String> late() throws SQLException {
    return texts(
        "SELECT convert_from(bytes, 'UTF8') FROM crossfade.late_records WHERE flow = 'orders' AND"
            + " lane = 'stream' ORDER BY convert_from(bytes, 'UTF8') COLLATE \"C\"");
  }

  /** The dead letters of a status, sorted. */
  List<String> dead(String status) throws SQLException {
    return texts(
        "SELECT convert_from(bytes, 'UTF8') FROM crossfade.dead_letters WHERE flow = 'orders' AND"
            + " lane = 'stream' AND status = '"
            + status
            + "' ORDER BY convert_from(bytes, 'UTF8') COLLATE \"C\"");
  }

  private long ifPrepared(String sql) throws SQLException {
    return OpenSandbox.isPrepared(environment, Orders.NAME) ? number(sql) : 0;
  }

  private long number(String sql) throws SQLException {
    return OpenSandbox.number(environment, sql);
  }

  private List<String> texts(String sql) throws SQLException {
    try (Connection connection = OpenSandbox.connect(environment);
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> texts = new ArrayList<>();
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
      return texts;
    }
  }
}

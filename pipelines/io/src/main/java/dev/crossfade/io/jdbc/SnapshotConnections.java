package dev.crossfade.io.jdbc;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.apache.beam.sdk.transforms.SerializableFunction;

/** Gives the readers connections that see the instant of a plan, and cannot write. */
final class SnapshotConnections implements SerializableFunction<Void, DataSource> {
  private static final long serialVersionUID = 1L;

  private final Database database;
  private final TablePlan plan;

  SnapshotConnections(Database database, TablePlan plan) {
    this.database = database;
    this.plan = plan;
  }

  /** A source that can do what {@code JdbcIO} asks of one, which is to give connections. */
  @Override
  public DataSource apply(Void nothing) {
    return (DataSource)
        Proxy.newProxyInstance(
            SnapshotConnections.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (proxy, method, arguments) -> answer(method));
  }

  private Object answer(Method method) throws SQLException {
    if (method.getName().equals("getConnection") && method.getParameterCount() == 0) {
      return open();
    }
    if (method.getName().equals("toString")) {
      return database.toString();
    }
    throw new SQLFeatureNotSupportedException(
        method.getName() + ": connections are opened as the settings say, and no other way");
  }

  Connection open() throws SQLException {
    Connection connection = database.connect();
    try {
      begin(connection);
      return connection;
    } catch (SQLException | RuntimeException e) {
      Database.closeAfter(e, connection);
      throw e;
    }
  }

  private void begin(Connection connection) throws SQLException {
    // A cursor needs a transaction; without one PostgreSQL's driver fetches all rows at once.
    connection.setAutoCommit(false);
    if (plan.snapshot() == null) {
      connection.setReadOnly(true);
      return;
    }
    PostgresTransactions.beginReading(connection);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TRANSACTION SNAPSHOT '" + plan.snapshot() + "'");
    } catch (SQLException e) {
      throw PostgresTransactions.isNoSnapshot(e) ? gone(e) : e;
    }
  }

  /** Without a cause, since the innermost one is what a run tells. */
  private SQLException gone(SQLException e) {
    SQLException gone =
        new SQLException(
            "the snapshot that all parts of "
                + plan.table()
                + " are read in is not to be had at "
                + database
                + ": the process that began the run holds it and has lost its connection, or this"
                + " connection reached another server, as behind a load balancer ("
                + e.getMessage()
                + ")",
            e.getSQLState());
    gone.addSuppressed(e);
    return gone;
  }
}

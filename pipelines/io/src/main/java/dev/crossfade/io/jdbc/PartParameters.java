package dev.crossfade.io.jdbc;

import java.io.Serializable;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import org.apache.beam.sdk.io.jdbc.JdbcIO;

/** Sets the parameters of the statement that reads a part of a table. */
final class PartParameters implements JdbcIO.PreparedStatementSetter<TablePart> {
  private static final long serialVersionUID = 1L;

  private final TablePlan plan;

  PartParameters(TablePlan plan) {
    this.plan = plan;
  }

  @Override
  public void setParameters(TablePart part, PreparedStatement statement) throws SQLException {
    int next = 1;
    if (plan.addressColumns() == 0) {
      statement.setInt(next++, part.number());
    }
    switch (plan.divides()) {
      case NOTHING -> {
        // The statement has no condition.
      }
      case PAGES -> {
        statement.setObject(next++, part.from(), Types.OTHER);
        statement.setObject(next, part.to(), Types.OTHER);
      }
      case COLUMN -> {
        statement.setInt(next++, number(part.first()));
        statement.setInt(next++, number(part.first()));
        setBound(statement, next++, part.from());
        statement.setInt(next++, number(part.last()));
        setBound(statement, next, part.to());
      }
    }
  }

  /** Not every database has booleans in its SQL. */
  private static int number(boolean flag) {
    return flag ? 1 : 0;
  }

  private static void setBound(PreparedStatement statement, int index, Serializable bound)
      throws SQLException {
    statement.setObject(index, bound);
  }
}

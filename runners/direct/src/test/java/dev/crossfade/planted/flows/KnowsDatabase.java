package dev.crossfade.planted.flows;

import java.sql.ResultSet;
import java.sql.SQLException;

/** A violation: a flow that knows JDBC. */
final class KnowsDatabase {
  private KnowsDatabase() {}

  static String text(ResultSet rows) throws SQLException {
    return rows.getString(1);
  }
}

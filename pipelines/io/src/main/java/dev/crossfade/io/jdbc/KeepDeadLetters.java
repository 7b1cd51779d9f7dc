package dev.crossfade.io.jdbc;

import dev.crossfade.transforms.graph.DeadLetter;
import dev.crossfade.transforms.records.RecordBytes;
import dev.crossfade.transforms.results.ResultTable;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.ZoneOffset;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;

/**
 * Keeps dead letters in the table {@code dead_letters}, one per flow, lane and origin. Works on
 * bounded and unbounded input; keeping a letter again leaves one.
 */
final class KeepDeadLetters extends PTransform<PCollection<DeadLetter>, PDone> {
  private static final long serialVersionUID = 1L;

  private final Database database;
  private final String flow;
  private final String lane;
  private final long run;

  private KeepDeadLetters(Database database, String flow, String lane, long run) {
    this.database = database;
    this.flow = flow;
    this.lane = lane;
    this.run = run;
  }

  /** Keeps the dead letters of a run of a flow's lane. */
  static KeepDeadLetters of(Database database, String flow, String lane, long run) {
    return new KeepDeadLetters(database, flow, lane, run);
  }

  @Override
  public PDone expand(PCollection<DeadLetter> letters) {
    letters.apply("Keep", ParDo.of(new KeepFn(database, flow, lane, run)));
    return PDone.in(letters.getPipeline());
  }

  private static final class KeepFn extends KeepByOriginFn<DeadLetter> {
    private static final long serialVersionUID = 1L;
    private static final String SQL =
        "INSERT INTO "
            + ResultTable.SCHEMA
            + ".dead_letters"
            + " (flow, lane, run, origin, step, cause, message, bytes, event_time)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
            + " ON CONFLICT (flow, lane, origin) DO UPDATE SET run = EXCLUDED.run,"
            + " step = EXCLUDED.step, cause = EXCLUDED.cause, message = EXCLUDED.message,"
            + " bytes = EXCLUDED.bytes, event_time = EXCLUDED.event_time";

    KeepFn(Database database, String flow, String lane, long run) {
      super(database, SQL, flow, lane, run);
    }

    @Override
    String originOf(DeadLetter letter) {
      return letter.origin().toString();
    }

    @Override
    RecordBytes bytesOf(DeadLetter letter) {
      return letter.bytes();
    }

    @Override
    void bindRest(DeadLetter letter, PreparedStatement row, int first) throws SQLException {
      int next = first;
      row.setString(next++, letter.step().name());
      row.setString(next++, letter.cause());
      // SQL cannot store the character in text; the bytes have it as it came.
      row.setString(next++, letter.message().replace("\0", "\\u0000"));
      row.setBytes(next++, letter.bytes().toArray());
      if (letter.eventTime() == null) {
        row.setNull(next, Types.TIMESTAMP_WITH_TIMEZONE);
      } else {
        row.setObject(next, letter.eventTime().atOffset(ZoneOffset.UTC));
      }
    }
  }
}

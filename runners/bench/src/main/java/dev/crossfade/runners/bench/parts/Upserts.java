package dev.crossfade.runners.bench.parts;

import dev.crossfade.io.credentials.Credentials;
import dev.crossfade.io.jdbc.Database;
import dev.crossfade.migration.RunLease;
import dev.crossfade.migration.RunRequest;
import dev.crossfade.migration.Store;
import dev.crossfade.transforms.results.Result;
import dev.crossfade.transforms.results.ResultTable;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Rows a second that the step of the graph upserts into PostgreSQL, in bundles of one size. All
 * rows are there, and each is replaced by a newer version of it, as a stream's results replace the
 * earlier ones. The step writes at most 1,000 rows in a transaction.
 */
@State(Scope.Thread)
public class Upserts {
  private static final int ROWS = 2_000;
  private static final String LANE = "parts";

  private final OrdersGraph graph = new OrdersGraph();
  private final ResultTable table = graph.plan().table();
  private final String url = System.getenv("CROSSFADE_DB_URL");
  private final String user = System.getenv("CROSSFADE_DB_USER");
  private final String password = System.getenv("CROSSFADE_DB_PASSWORD");
  private final Credentials credentials = Credentials.of("bench");
  private RunLease run;
  private Bundle bundle;
  private long bundles;

  /** How many rows were written; each one's number among them is its version. */
  private long written;

  /** Writes each row once. */
  @Setup
  public void fill() throws SQLException {
    try (Store store = Store.open(url, user, password)) {
      store.prepare(table);
      run = store.begin(RunRequest.stream(table.flow(), LANE, "parts"));
    }
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("TRUNCATE " + table.qualifiedName());
    }
    Database database = Database.of(credentials, "store", url, user, password);
    bundle = new Bundle(graph.upsert(database, LANE, run.run()));
    write(ROWS);
  }

  /** In bundles of a single row. */
  @Benchmark
  public long upsertRowsBy1() {
    return write(1);
  }

  /** In bundles of 100 rows. */
  @Benchmark
  @OperationsPerInvocation(100)
  public long upsertRowsBy100() {
    return write(100);
  }

  /** In bundles of 2,000 rows. */
  @Benchmark
  @OperationsPerInvocation(2_000)
  public long upsertRowsBy2000() {
    return write(2_000);
  }

  private long write(int rows) {
    List<Result> results = new ArrayList<>(rows);
    for (int i = 0; i < rows; i++) {
      results.add(graph.result("shop-%04d".formatted(written % ROWS), ++written));
    }
    bundle.process(results);
    bundles++;
    return written;
  }

  /** Checks that the last version of each row is there, and that each bundle gave its window. */
  @TearDown
  public void check() throws SQLException {
    bundle.close();
    credentials.close();
    Orders.check("windows written to", bundles, bundle.windows());
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet found =
            statement.executeQuery(
                "SELECT count(*), sum(folded), sum(cents) FROM " + table.qualifiedName())) {
      found.next();
      // The last so many versions are those from written - ROWS + 1 to written.
      long versions = ROWS * (2 * written - ROWS + 1) / 2;
      Orders.check("rows", ROWS, found.getLong(1));
      Orders.check("the sum of the versions", versions, found.getLong(2));
      Orders.check("the sum of the cents", 100 * versions, found.getLong(3));
    }
  }

  private Connection connect() throws SQLException {
    return DriverManager.getConnection(url, user, password);
  }
}

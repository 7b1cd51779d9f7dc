package dev.crossfade.migration;

import dev.crossfade.transforms.results.Column;
import dev.crossfade.transforms.results.ColumnType;
import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.ResultTable;
import dev.crossfade.transforms.results.RowSchema;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever was written and changed, both ways to compare come to the same. */
class HashedLanesLawsTest {
  private static final ResultTable TABLE =
      new ResultTable(
          "drawn",
          RowSchema.of(Column.of("name", ColumnType.TEXT), Column.of("number", ColumnType.BIGINT)),
          RowSchema.of(Column.decimal("amount", 2), Column.of("note", ColumnType.TEXT)));
  private static final Instant START = Instant.parse("2001-01-01T00:00:00Z");

  private static Postgres postgres;

  /**
   * A row that is written to one lane or to both, and the amount that the right one has instead.
   *
   * @param hour when its window starts
   * @param hours how long its window is
   * @param closed whether the right lane has closed the window
   */
  record Drawn(
      String name,
      long number,
      int hour,
      int hours,
      BigDecimal amount,
      String note,
      boolean left,
      boolean right,
      BigDecimal changed,
      boolean closed) {
    EventWindow window() {
      Instant start = START.plusSeconds(3600L * hour);
      return new EventWindow(start, start.plusSeconds(3600L * hours));
    }
  }

  @BeforeContainer
  static void prepare() {
    postgres = Postgres.database();
    try (Store store = Store.open(postgres.asOwner())) {
      store.prepare(TABLE);
    }
  }

  @AfterContainer
  static void close() {
    postgres.close();
  }

  @Property(tries = 40)
  void bothWaysAgree(@ForAll("rows") List<Drawn> rows) {
    postgres.sql("TRUNCATE " + TABLE.qualifiedName() + ", crossfade.closed_windows");
    for (Drawn row : rows) {
      if (row.left()) {
        write("batch", row, row.amount());
      }
      if (row.right()) {
        write("stream", row, row.changed());
      }
    }

    Comparison unused =
        BothWays.compare(
            postgres.asOwner(), LaneTable.of(TABLE, "batch"), LaneTable.of(TABLE, "stream"));
  }

  private static void write(String lane, Drawn row, BigDecimal amount) {
    postgres.row(
        TABLE,
        lane,
        row.window(),
        List.of(row.name(), row.number()),
        Arrays.asList(amount, row.note()));
    if (row.closed() || lane.equals("batch")) {
      postgres.sql(
          "INSERT INTO crossfade.closed_windows (flow, lane, window_start, window_end, run)"
              + " VALUES (?, ?, ?, ?, 1) ON CONFLICT DO NOTHING",
          TABLE.flow(),
          lane,
          row.window().start(),
          row.window().end());
    }
  }

  @Provide
  Arbitrary<List<Drawn>> rows() {
    Arbitrary<BigDecimal> amounts =
        Arbitraries.of("0.00", "1.00", "-1.00", "10.00", "100.00", "0.01").map(BigDecimal::new);
    Arbitrary<Boolean> mostly = Arbitraries.frequency(Tuple.of(9, true), Tuple.of(1, false));
    Arbitrary<Drawn> row =
        Combinators.combine(
                Combinators.combine(
                        Arbitraries.of("", "a", "b", "a\nb", "\uff61"),
                        Arbitraries.of(0L, 1L, -1L, 1L << 32, Long.MIN_VALUE, Long.MAX_VALUE),
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.frequency(Tuple.of(4, 1), Tuple.of(1, 2)))
                    .as(Address::new),
                amounts.injectNull(0.1),
                Arbitraries.of("", "x", "y").injectNull(0.2),
                mostly,
                mostly,
                mostly,
                amounts,
                mostly)
            .as(
                (at, amount, note, left, right, same, other, closed) ->
                    new Drawn(
                        at.name(),
                        at.number(),
                        at.hour(),
                        at.hours(),
                        amount,
                        note,
                        left,
                        right,
                        same ? amount : other,
                        closed));
    return row.list()
        .uniqueElements(drawn -> List.of(drawn.name(), drawn.number(), drawn.window()))
        .ofMaxSize(30);
  }

  private record Address(String name, long number, int hour, int hours) {}
}

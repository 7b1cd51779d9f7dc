package dev.crossfade.migration;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import dev.crossfade.migration.Comparison.Verdict;
import dev.crossfade.transforms.results.Column;
import dev.crossfade.transforms.results.ColumnType;
import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.ResultTable;
import dev.crossfade.transforms.results.RowSchema;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever two lanes have and have closed, both ways to compare say what a plain model says. */
class ReconcileLawsTest {
  private static final int HOURS = 5;
  private static final ResultTable TABLE =
      new ResultTable(
          "modelled",
          RowSchema.of(Column.of("name", ColumnType.TEXT)),
          RowSchema.of(Column.of("many", ColumnType.BIGINT)));

  private static Postgres postgres;

  /** What has computed a lane. */
  enum Kind {
    LEGACY,
    NOTHING,
    /** Its input covers the hours from {@code first} to before {@code second}. */
    COVERING_BATCH,
    BATCH,
    /** It has closed the hours before {@code second}, if anything tells so. */
    STREAM_AT_WORK,
    ENDED_STREAM
  }

  /**
   * A row of a lane.
   *
   * @param times how often a legacy table has it
   */
  record Row(int hour, String name, long many, int times) {}

  /**
   * A lane.
   *
   * @param beginning whether a stream's topic held its beginning
   * @param told whether a stream at work has told how far it is
   */
  record Lane(Kind kind, int first, int second, boolean beginning, boolean told, List<Row> rows) {
    Set<Integer> hours() {
      return rows.stream().map(Row::hour).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The hours of which the lane records that it has closed them. */
    Set<Integer> recorded() {
      Set<Integer> recorded = new TreeSet<>(kind == Kind.LEGACY ? Set.of() : hours());
      recorded.removeIf(
          hour ->
              (kind == Kind.NOTHING)
                  || (kind == Kind.COVERING_BATCH && (hour < first || hour >= second))
                  || (kind == Kind.STREAM_AT_WORK && hour >= second));
      return recorded;
    }

    WindowState state(int hour) {
      TreeSet<Integer> recorded = new TreeSet<>(recorded());
      return switch (kind) {
        case LEGACY -> rows.isEmpty() ? WindowState.UNKNOWN : WindowState.CLOSED;
        case NOTHING -> WindowState.UNKNOWN;
        case COVERING_BATCH ->
            hour < first
                ? WindowState.BEFORE_SPAN
                : hour < second ? WindowState.CLOSED : WindowState.NOT_YET;
        case BATCH ->
            !recorded.isEmpty() && hour >= recorded.first() && hour <= recorded.last()
                ? WindowState.CLOSED
                : WindowState.UNKNOWN;
        case ENDED_STREAM -> ofStream(hour, recorded, HOURS);
        case STREAM_AT_WORK -> {
          int end = told ? second : recorded.isEmpty() ? 0 : recorded.last() + 1;
          yield end == 0 ? WindowState.NOT_YET : ofStream(hour, recorded, end);
        }
      };
    }

    private WindowState ofStream(int hour, TreeSet<Integer> recorded, int end) {
      if (!beginning && (recorded.isEmpty() || hour < recorded.first())) {
        return WindowState.BEFORE_SPAN;
      }
      return hour < end ? WindowState.CLOSED : WindowState.NOT_YET;
    }

    boolean saysEmpty(int hour) {
      return kind != Kind.LEGACY
          && kind != Kind.BATCH
          && state(hour) == WindowState.CLOSED
          && !hours().contains(hour);
    }

    List<String> rowsIn(int hour) {
      return rows.stream()
          .filter(row -> row.hour() == hour)
          .flatMap(row -> IntStream.range(0, row.times()).mapToObj(i -> row.name() + row.many()))
          .sorted()
          .toList();
    }
  }

  @BeforeContainer
  static void prepare() {
    postgres = Postgres.database();
    try (Store store = Store.open(postgres.asOwner())) {
      store.prepare(TABLE);
    }
    postgres.sql("CREATE SCHEMA reports");
    postgres.sql(
        "CREATE TABLE reports.modelled"
            + " (name text, window_start timestamptz, window_end timestamptz, many bigint)");
  }

  @AfterContainer
  static void close() {
    postgres.close();
  }

  @Property(tries = 60)
  void bothWaysSayWhatAPlainModelSays(
      @ForAll("lanes") Lane left, @ForAll("lanes") Lane right, @ForAll("alike") boolean alike) {
    Lane other =
        alike && right.kind() != Kind.NOTHING
            ? new Lane(
                right.kind() == Kind.LEGACY ? Kind.ENDED_STREAM : right.kind(),
                right.first(),
                right.second(),
                right.beginning(),
                right.told(),
                left.rows().stream().map(r -> new Row(r.hour(), r.name(), r.many(), 1)).toList())
            : right.kind() == Kind.LEGACY
                ? new Lane(
                    Kind.BATCH, right.first(), right.second(), true, true, once(right.rows()))
                : new Lane(
                    right.kind(),
                    right.first(),
                    right.second(),
                    right.beginning(),
                    right.told(),
                    once(right.rows()));
    Lane one =
        left.kind() == Kind.LEGACY
            ? left
            : new Lane(
                left.kind(),
                left.first(),
                left.second(),
                left.beginning(),
                left.told(),
                once(left.rows()));
    postgres.sql(
        "TRUNCATE crossfade.modelled, reports.modelled, crossfade.runs, crossfade.closed_windows,"
            + " crossfade.frontiers, crossfade.inputs");
    write("left", one, 1);
    write("right", other, 2);

    Comparison found =
        BothWays.compare(
            postgres.asOwner(),
            one.kind() == Kind.LEGACY
                ? LaneTable.legacy(TABLE, "reports.modelled")
                : LaneTable.of(TABLE, "left"),
            LaneTable.of(TABLE, "right"));

    Set<Integer> known = new TreeSet<>(one.hours());
    known.addAll(other.hours());
    known.addAll(one.recorded());
    known.addAll(other.recorded());
    List<EventWindow> compared = new ArrayList<>();
    boolean different = false;
    boolean any = false;
    long unjudged = 0;
    for (int hour : known) {
      WindowState l = one.state(hour);
      WindowState r = other.state(hour);
      boolean both = l == WindowState.CLOSED && r == WindowState.CLOSED;
      boolean missed =
          (one.saysEmpty(hour) && other.hours().contains(hour))
              || (other.saysEmpty(hour) && one.hours().contains(hour));
      if (both || missed) {
        compared.add(window(hour));
        different |= !one.rowsIn(hour).equals(other.rowsIn(hour));
        any |= !one.rowsIn(hour).isEmpty();
      } else {
        assertThat(found.notCompared().get(window(hour)).left(), is(l));
        assertThat(found.notCompared().get(window(hour)).right(), is(r));
        unjudged += l != WindowState.NOT_YET && r != WindowState.NOT_YET ? 1 : 0;
      }
    }
    assertThat(List.copyOf(found.windows().keySet()), is(compared));
    assertThat(found.notCompared().size(), is(known.size() - compared.size()));
    assertThat(found.unjudged(), is(unjudged));
    assertThat(
        found.verdict(),
        is(
            different
                ? Verdict.DIFFERENT
                : any && unjudged == 0 ? Verdict.EQUAL : Verdict.INCONCLUSIVE));
  }

  private static List<Row> once(List<Row> rows) {
    return rows.stream().map(r -> new Row(r.hour(), r.name(), r.many(), 1)).toList();
  }

  private static void write(String name, Lane lane, long run) {
    for (Row row : lane.rows()) {
      EventWindow window = window(row.hour());
      if (lane.kind() == Kind.LEGACY) {
        postgres.sql(
            "INSERT INTO reports.modelled SELECT ?, ?, ?, ? FROM generate_series(1, ?)",
            row.name(),
            window.start(),
            window.end(),
            row.many(),
            row.times());
      } else {
        postgres.row(TABLE, name, window, List.of(row.name()), List.of(row.many()), run, false);
      }
    }
    postgres.close(
        TABLE,
        name,
        run,
        lane.recorded().stream().map(ReconcileLawsTest::window).toArray(EventWindow[]::new));
    switch (lane.kind()) {
      case COVERING_BATCH ->
          postgres.batch(
              TABLE,
              name,
              run,
              new EventWindow(window(lane.first()).start(), window(lane.second()).start()));
      case BATCH -> postgres.batch(TABLE, name, run, null);
      case STREAM_AT_WORK, ENDED_STREAM -> {
        boolean ended = lane.kind() == Kind.ENDED_STREAM;
        postgres.stream(TABLE, name, run, ended ? StoredRun.SUCCEEDED : null);
        if (!lane.beginning()) {
          postgres.input(TABLE, name, run, 9);
        }
        if (!ended && lane.told() && lane.second() > 0) {
          postgres.sql(
              "INSERT INTO crossfade.frontiers (flow, lane, run, closed_to) VALUES (?, ?, ?, ?)",
              TABLE.flow(),
              name,
              run,
              window(lane.second()).start());
        }
      }
      default -> {}
    }
  }

  @Provide
  Arbitrary<Boolean> alike() {
    return Arbitraries.frequency(Tuple.of(2, true), Tuple.of(1, false));
  }

  @Provide
  Arbitrary<Lane> lanes() {
    Arbitrary<Row> row =
        Combinators.combine(
                Arbitraries.integers().between(0, HOURS - 1),
                Arbitraries.of("a", "b"),
                Arbitraries.longs().between(1, 2),
                Arbitraries.frequency(Tuple.of(6, 1), Tuple.of(1, 2)))
            .as(Row::new);
    return Combinators.combine(
            Arbitraries.of(Kind.class),
            Arbitraries.integers().between(0, HOURS - 1),
            Arbitraries.integers().between(1, HOURS),
            Arbitraries.of(true, false),
            Arbitraries.of(true, false),
            row.list().uniqueElements(r -> r.hour() + r.name()).ofMaxSize(8))
        .as(
            (kind, first, length, beginning, told, rows) ->
                new Lane(kind, first, Math.min(first + length, HOURS), beginning, told, rows));
  }

  private static EventWindow window(int hour) {
    Instant start = Instant.parse("2001-01-01T00:00:00Z").plusSeconds(3600L * hour);
    return new EventWindow(start, start.plusSeconds(3600));
  }
}

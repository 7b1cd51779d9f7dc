package dev.crossfade.launcher.time;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import dev.crossfade.launcher.testing.OpenPostgres;
import dev.crossfade.transforms.records.EventTimes;
import dev.crossfade.transforms.records.RecordFormat;
import dev.crossfade.transforms.windows.WindowShape;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Local times and local days are what PostgreSQL makes of them, since that is what the legacy job
 * has made of them, on the days when the clocks change most of all.
 *
 * <p>Where an instant lies in a window of PostgreSQL's, it lies in the same one of ours. But
 * PostgreSQL's days are no partition of time: they are computed from the date that the clock shows,
 * and where the clocks fall back over midnight it shows the new date, the old one and the new one
 * again. {@code date_trunc} then puts instants into a day that begins after them. A window holds
 * its events, so ours keeps them in the day that still goes on. No local time is read as such an
 * instant, so a job over local times has none.
 *
 * <p>Every answer of PostgreSQL comes as seconds since 1970: its driver would show a timestamp in
 * the zone of this machine.
 */
class LocalDayDstTest {
  private static final Instant EARLY = Instant.parse("1900-01-01T00:00:00Z");
  private static final Instant FAR = Instant.parse("2100-01-01T00:00:00Z");
  private static final RecordFormat JSON = new RecordFormat.Json();

  @TempDir private static Path directory;
  private static OpenPostgres postgres;

  @BeforeAll
  static void open() throws Exception {
    postgres = OpenPostgres.in(directory.resolve("postgres"));
  }

  @AfterAll
  static void close() throws Exception {
    postgres.close();
  }

  @ParameterizedTest
  @CsvSource({
    "America/New_York, 2001-04-01", // forward at 02:00
    "America/New_York, 2001-10-28", // back at 02:00
    "Europe/Berlin, 2001-03-25",
    "Europe/Berlin, 2001-10-28", // back at 03:00
    "Europe/Dublin, 2001-10-28", // whose winter time is called the one that is saved
    "Australia/Lord_Howe, 2001-10-28", // forward by half an hour
    "Australia/Lord_Howe, 2002-03-31", // back by half an hour
    "America/Bahia_Banderas, 2010-04-04", // forward by an hour, and into another zone
    "America/Havana, 2012-04-01", // forward at midnight: the day begins at 01:00
    "America/Havana, 2012-11-04", // back from 01:00 to midnight: midnight comes twice
    "America/Sao_Paulo, 2018-11-04", // forward at midnight
    "America/Sao_Paulo, 2018-02-18", // back from midnight to 23:00
    "America/St_Johns, 2006-04-02", // forward at 00:01
    "America/St_Johns, 2006-10-29", // back from 00:01 to 23:01 of the day before
    "Pacific/Apia, 2011-12-29", // the next day does not exist
    "Pacific/Kwajalein, 1969-09-30", // 47 hours long
    "Asia/Kathmandu, 1986-01-01" // forward by a quarter of an hour at midnight
  })
  void readsLocalTimesAndDaysAsPostgresDoes(ZoneId zone, LocalDate day) throws Exception {
    List<String> differences = new ArrayList<>();
    List<Answer> answers = answers(zone, localTimesAround(zone, day));
    EventTimes.Reader reader = new EventTimes("departure", zone, EARLY, FAR).reader(JSON);
    WindowShape days = new WindowShape.LocalDay(zone);

    for (Answer postgres : answers) {
      byte[] json = ("{\"departure\":\"" + postgres.local + "\"}").getBytes(StandardCharsets.UTF_8);
      long eventTime = reader.read("", json, 0, json.length);
      long start = days.startOf(eventTime);
      Answer ours = new Answer(postgres.local, eventTime, start, days.endOf(start));
      if (!ours.equals(postgres)) {
        differences.add(ours + " where PostgreSQL has " + postgres);
      }
    }

    assertThat(answers, is(not(empty())));
    assertThat(differences, is(empty()));
  }

  /**
   * The legacy job over local times cuts the local time and never looks at the instant: {@code
   * date_trunc('day', departure) AT TIME ZONE zone}. A day that does not exist is the exception:
   * there the job has an empty window, which holds nothing, and we have the day after.
   */
  @ParameterizedTest
  @CsvSource({
    "America/New_York, 2001-04-01",
    "America/New_York, 2001-10-28",
    "Europe/Berlin, 2001-03-25",
    "Europe/Berlin, 2001-10-28",
    "Australia/Lord_Howe, 2001-10-28",
    "Australia/Lord_Howe, 2002-03-31",
    "America/Bahia_Banderas, 2010-04-04",
    "America/Havana, 2012-04-01",
    "America/Havana, 2012-11-04",
    "America/Sao_Paulo, 2018-11-04",
    "America/Sao_Paulo, 2018-02-18",
    "America/St_Johns, 2006-04-02",
    "America/St_Johns, 2006-10-29",
    "Pacific/Apia, 2011-12-29",
    "Pacific/Kwajalein, 1969-09-30"
  })
  void cutsLocalTimesAsAJobInSqlDoes(ZoneId zone, LocalDate day) throws Exception {
    List<String> differences = new ArrayList<>();
    WindowShape days = new WindowShape.LocalDay(zone);

    for (Answer job : answersOfAJob(zone, localTimesAround(zone, day))) {
      long start = days.startOf(job.eventTime);
      Answer ours = new Answer(job.local, job.eventTime, start, days.endOf(start));
      if (job.start == job.end) {
        assertThat(job.local, job.local.substring(0, 10), is("2011-12-30"));
        assertThat(ours.start, is(job.end));
      } else if (!ours.equals(job)) {
        differences.add(ours + " where the job has " + job);
      }
    }

    assertThat(differences, is(empty()));
  }

  /**
   * An instant lies in the window of its local date, and the window has the bounds that SQL gives
   * the date: {@code (t AT TIME ZONE zone)::date}, and its midnight {@code AT TIME ZONE zone}.
   */
  @ParameterizedTest
  @CsvSource({
    "America/New_York, 2001-10-28",
    "Australia/Lord_Howe, 2002-03-31",
    "America/Sao_Paulo, 2018-02-18",
    "Pacific/Apia, 2011-12-29",
    "Pacific/Kwajalein, 1969-09-30",
    "America/Havana, 2012-04-01",
    "America/Havana, 2012-11-04", // an hour of the new date before the second midnight
    "America/St_Johns, 2006-10-29", // a minute of the new date, then an hour of the old one again
    "America/St_Johns, 2006-04-02",
    "America/Nuuk, 2024-03-30", // forward up to midnight
    "America/Nuuk, 2024-10-26", // back from midnight
    "Asia/Pyongyang, 2018-05-04", // forward by half an hour up to midnight
    "America/Toronto, 1919-03-30" // forward across midnight
  })
  void cutsInstantsByTheLocalDateThatPostgresHas(ZoneId zone, LocalDate day) throws Exception {
    List<String> differences = new ArrayList<>();
    WindowShape days = new WindowShape.LocalDay(zone);

    for (Answer postgres : answersForInstants(zone, day)) {
      long start = days.startOf(postgres.eventTime);
      Answer ours = new Answer(postgres.local, postgres.eventTime, start, days.endOf(start));
      if (!ours.equals(postgres)) {
        differences.add(ours + " where PostgreSQL has " + postgres);
      }
    }

    assertThat(differences, is(empty()));
  }

  /** The job that cuts local times has it in the day before; SQL over the instant has not. */
  @ParameterizedTest
  @CsvSource({
    "America/Nuuk, 2024-03-30T23:30, 2024-03-31",
    "Asia/Pyongyang, 2018-05-04T23:45, 2018-05-05"
  })
  void aLocalTimeThatIsSkippedUpToMidnightIsAnInstantOfTheNextDay(
      ZoneId zone, String local, LocalDate day) throws Exception {
    Answer postgres = answers(zone, List.of(local)).get(0);
    EventTimes.Reader reader = new EventTimes("departure", zone, EARLY, FAR).reader(JSON);
    byte[] json = ("{\"departure\":\"" + local + "\"}").getBytes(StandardCharsets.UTF_8);

    long eventTime = reader.read("", json, 0, json.length);
    long start = new WindowShape.LocalDay(zone).startOf(eventTime);

    assertThat(eventTime, is(postgres.eventTime));
    assertThat(start, is(postgres.start));
    assertThat(start, is(day.atStartOfDay(zone).toInstant().toEpochMilli()));
  }

  @ParameterizedTest
  @CsvSource({
    "America/Havana, 2012-11-04",
    "America/St_Johns, 2006-10-29",
    "Europe/Berlin, 2001-10-28",
    "Pacific/Apia, 2011-12-29"
  })
  void cutsWeeksAndMonthsAsPostgresDoes(ZoneId zone, LocalDate day) throws Exception {
    assertCut(new WindowShape.LocalWeek(zone, DayOfWeek.MONDAY), "week", zone, day);
    assertCut(new WindowShape.LocalMonth(zone), "month", zone, day);
  }

  private static void assertCut(WindowShape shape, String unit, ZoneId zone, LocalDate day)
      throws SQLException {
    List<String> differences = new ArrayList<>();
    String sql =
        """
        SELECT second::text, t, date_trunc('UNIT', t AT TIME ZONE ?) AT TIME ZONE ?,
               (date_trunc('UNIT', t AT TIME ZONE ?) + interval '1 UNIT') AT TIME ZONE ?
        FROM (SELECT second, to_timestamp(second) t FROM unnest(?) second) times
        """
            .replace("UNIT", unit);
    for (Answer postgres : query(sql, zone, 4, seconds(zone, day))) {
      long start = shape.startOf(postgres.eventTime);
      Answer ours = new Answer(postgres.local, postgres.eventTime, start, shape.endOf(start));
      if (!ours.equals(postgres)) {
        differences.add(ours + " where PostgreSQL has " + postgres);
      }
    }
    assertThat(differences, is(empty()));
  }

  /** What is written in one way or another means what it means to PostgreSQL. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-03-02T09:15:00+0100",
        "2026-03-02 09:15:00+01",
        "2026-03-02 09:15:00.5 +01:00",
        "2026-03-02 09:15:00-0330",
        "2026-03-02 09:15:00 UTC",
        "2026-03-02 09:15 UTC",
        "2026-03-02 09:15:00 GMT",
        "2026-03-02 09:15:00Z",
        "2026-03-02 09:15:00 Z",
        "2026-03-02 09:15:00 America/New_York",
        "2026-10-25 02:30:00 Europe/Berlin",
        "2026-03-29 02:30:00 Europe/Berlin",
        "2026-03-02 24:00",
        "2026-12-31 24:00:00",
        "2026-12-31 24:00:00.000+05",
        "2026-12-31T24:00:00Z",
        "2026-03-02",
        "2026-03-02 09:15:00"
      })
  void readsWhatOthersWriteAsPostgresDoes(String text) throws Exception {
    EventTimes times = new EventTimes("departure", ZoneId.of("Europe/Berlin"), EARLY, FAR);
    byte[] json = ("{\"departure\":\"" + text + "\"}").getBytes(StandardCharsets.UTF_8);

    long ours = times.reader(JSON).read("", json, 0, json.length);

    try (PreparedStatement statement =
        postgres
            .connection()
            .prepareStatement(
                """
                SELECT (extract(epoch FROM ?::timestamptz) * 1000)::bigint
                FROM set_config('TimeZone', 'Europe/Berlin', false)
                """)) {
      statement.setString(1, text);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        assertThat(Instant.ofEpochMilli(ours), is(Instant.ofEpochMilli(row.getLong(1))));
      }
    }
  }

  /** Every five minutes from the day before to the day after, and each second near a change. */
  private static List<String> localTimesAround(ZoneId zone, LocalDate day) {
    TreeSet<LocalDateTime> times = new TreeSet<>();
    for (LocalDateTime time = day.minusDays(1).atStartOfDay();
        time.isBefore(day.plusDays(3).atStartOfDay());
        time = time.plusMinutes(5)) {
      times.add(time);
      times.add(time.plusNanos(999_000_000));
    }
    zone.getRules().getTransitions().stream()
        .filter(change -> !change.getDateTimeBefore().toLocalDate().isBefore(day.minusDays(1)))
        .filter(change -> !change.getDateTimeBefore().toLocalDate().isAfter(day.plusDays(2)))
        .forEach(
            change -> {
              for (int second = -70; second <= 70; second++) {
                times.add(change.getDateTimeBefore().plusSeconds(second));
                times.add(change.getDateTimeAfter().plusSeconds(second));
              }
            });
    return times.stream().map(LocalDateTime::toString).toList();
  }

  private static List<Answer> answers(ZoneId zone, List<String> localTimes) throws SQLException {
    return query(
        """
        SELECT local, t, date_trunc('day', t AT TIME ZONE ?) AT TIME ZONE ?,
               (date_trunc('day', t AT TIME ZONE ?) + interval '1 day') AT TIME ZONE ?
        FROM (SELECT local, local::timestamp AT TIME ZONE ? t FROM unnest(?) local) times
        """,
        zone,
        5,
        postgres.connection().createArrayOf("text", localTimes.toArray()));
  }

  private static List<Answer> answersOfAJob(ZoneId zone, List<String> localTimes)
      throws SQLException {
    return query(
        """
        SELECT local, local::timestamp AT TIME ZONE ?,
               date_trunc('day', local::timestamp) AT TIME ZONE ?,
               (date_trunc('day', local::timestamp) + interval '1 day') AT TIME ZONE ?
        FROM unnest(?) local
        """,
        zone,
        3,
        postgres.connection().createArrayOf("text", localTimes.toArray()));
  }

  private static List<Answer> answersForInstants(ZoneId zone, LocalDate day) throws SQLException {
    return query(
        """
        SELECT second::text, t, ((t AT TIME ZONE ?)::date)::timestamp AT TIME ZONE ?,
               ((t AT TIME ZONE ?)::date + interval '1 day') AT TIME ZONE ?
        FROM (SELECT second, to_timestamp(second) t FROM unnest(?) second) times
        """,
        zone,
        4,
        seconds(zone, day));
  }

  /** Each second of the hours around midnight, and each minute from the day before to the next. */
  private static java.sql.Array seconds(ZoneId zone, LocalDate day) throws SQLException {
    long midnight = day.atStartOfDay(zone).toEpochSecond();
    TreeSet<Long> seconds = new TreeSet<>();
    for (long second = midnight - 86_400; second < midnight + 2 * 86_400; second += 60) {
      seconds.add(second);
    }
    for (long second = midnight - 7_200; second < midnight + 7_200; second++) {
      seconds.add(second);
    }
    for (long second = midnight + 75_600; second < midnight + 93_600; second++) {
      seconds.add(second);
    }
    return postgres.connection().createArrayOf("bigint", seconds.toArray());
  }

  private static List<Answer> query(String sql, ZoneId zone, int zones, java.sql.Array values)
      throws SQLException {
    List<Answer> answers = new ArrayList<>();
    String inMillis =
        "SELECT a, (extract(epoch FROM b) * 1000)::bigint, (extract(epoch FROM c) * 1000)::bigint,"
            + " (extract(epoch FROM d) * 1000)::bigint FROM ("
            + sql
            + ") answers(a, b, c, d)";
    try (PreparedStatement statement = postgres.connection().prepareStatement(inMillis)) {
      for (int i = 1; i <= zones; i++) {
        statement.setString(i, zone.getId());
      }
      statement.setArray(zones + 1, values);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          answers.add(
              new Answer(rows.getString(1), rows.getLong(2), rows.getLong(3), rows.getLong(4)));
        }
      }
    }
    return answers;
  }

  /** What a local time means and in which day it lies, in milliseconds. */
  private record Answer(String local, long eventTime, long start, long end) {
    @Override
    public String toString() {
      return local + " = " + at(eventTime) + " in [" + at(start) + ", " + at(end) + ")";
    }

    private static String at(long millis) {
      return Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC).toString();
    }
  }
}

package dev.crossfade.transforms.records;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Times are read as they are written, and what is not one is refused. */
class TimeFormatTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final Instant FROM = Instant.parse("1900-01-01T00:00:00Z");
  private static final Instant TO = Instant.parse("2300-01-01T00:00:00Z");

  private static EventTimes times(String format) {
    return new EventTimes("at", TimeFormat.of(format), BERLIN, FROM, TO);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "epochSeconds | 1447686663 | 2015-11-16T15:11:03Z",
        "epochSeconds | 1447686663.25 | 2015-11-16T15:11:03.250Z",
        "epochSeconds | 1.44768666325e9 | 2015-11-16T15:11:03.250Z",
        "epochSeconds | -1.5 | 1969-12-31T23:59:58.500Z",
        "epochMillis | 1447686663000 | 2015-11-16T15:11:03Z",
        "epochMicros | 1447686663000123 | 2015-11-16T15:11:03.000123Z",
        "epochNanos | 1447686663000000123 | 2015-11-16T15:11:03.000000123Z",
        "epochNanos | -1 | 1969-12-31T23:59:59.999999999Z",
        "dd.MM.yyyy HH:mm | 02.03.2026 09:15 | 2026-03-02T08:15:00Z",
        "dd.MM.yyyy | 02.03.2026 | 2026-03-01T23:00:00Z",
        "yyyyMMdd | 20260302 | 2026-03-01T23:00:00Z",
        "yyyyMMddHHmmss | 20260302091500 | 2026-03-02T08:15:00Z",
        "dd/MMM/yyyy:HH:mm:ss Z | 02/Mar/2026:09:15:00 -0500 | 2026-03-02T14:15:00Z",
        "dd-MMM-yy hh.mm.ss.SSS a | 02-MAR-26 01.15.00.500 pm | 2026-03-02T12:15:00.500Z",
        "EEE, d MMM yyyy HH:mm:ss z | Mon, 2 Mar 2026 09:15:00 GMT | 2026-03-02T09:15:00Z",
        "uuuu-MM-dd'T'HH | 2026-03-02T09 | 2026-03-02T08:00:00Z",
        "yyyy-MM-dd HH:mm VV | 2026-10-25 02:30 Europe/Berlin | 2026-10-25T01:30:00Z"
      })
  void readsATimeAsItIsWritten(String format, String text, Instant time) throws Exception {
    assertThat(times(format).instant(text), is(time));
    EventTimes travelled = SerializableUtils.clone(times(format));
    assertThat(travelled.instant(text), is(time));
    assertThat(travelled, is(times(format)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "iso | 2026-02-30 10:00:00",
        "iso | 2026-02-30T10:00:00",
        "iso | 2026-02-29",
        "iso | 2026-03-02 24:01",
        "iso | 2026-03-02 24:00:00.001",
        "iso | 2026-03-02 25:00",
        "iso | 2026-03-02 09:15:00 UTC+3",
        "iso | 2026-03-02T09:15:00[GMT-2]",
        "iso | 2026-03-02T09:15:00[Europe/Nowhere]",
        "iso | 2026-03-02 09:15:00 EST",
        "iso | ٢٠٢٦-03-02 09:15:00",
        "iso | ٢٠٢٦",
        "iso | 2026-03-02T09:15:00+0160",
        "iso | 2026-03-02 09:15:00 +01:00 +01:00",
        "dd.MM.yyyy | 30.02.2026",
        "dd.MM.yyyy | 2026-03-02",
        "dd.MM.yyyy | 02.03.2026 10:00",
        "dd.MM.yyyy HH:mm | 02.03.2026",
        "EEE, d MMM yyyy HH:mm:ss z | Tue, 2 Mar 2026 09:15:00 GMT",
        "epochSeconds | 2026-03-02",
        "epochSeconds | 1e999999999",
        "epochSeconds | ١",
        "epochSeconds | 99999999999999999999",
        "epochSeconds | +5",
        "epochSeconds | 0x10",
        "epochSeconds | NaN"
      })
  void refusesWhatIsNoTimeOrAnother(String format, String text) {
    UndecodableException refused =
        assertThrows(UndecodableException.class, () -> times(format).instant(text));
    assertThat(refused.getMessage(), containsString("at is '" + text + "'"));
  }

  @ParameterizedTest
  @CsvSource({
    "yyyy-mm-dd, date is not complete",
    "YYYY-MM-dd, date is not complete",
    "yyyy-MM-DD, D is the day of the year",
    "dd.MM.yyyy hh:mm, hh goes with a",
    "HH:mm, date is not complete",
    "yyyy-MM, date is not complete",
    "epochSecond, no pattern",
    "'yyyy-MM-dd ''open', no pattern"
  })
  void refusesAPatternThatDoesNotTellATime(String pattern, String why) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> TimeFormat.of(pattern));
    assertThat(refused.getMessage(), containsString(why));
  }

  @Property
  void whatWasWrittenInAnyWayIsRead(
      @ForAll @LongRange(min = -2_000_000_000L, max = 10_000_000_000L) long second,
      @ForAll @LongRange(min = 0, max = 999) long milli)
      throws Exception {
    Instant time = Instant.ofEpochSecond(second, milli * 1_000_000);
    String millis = Long.toString(time.toEpochMilli());
    for (String pattern :
        new String[] {"yyyy/M/d H:m:s.SSSX", "EEEE d MMMM yyyy hh:mm:ss.SSS a XXX"}) {
      String text =
          DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).format(time.atZone(BERLIN));
      assertThat(times(pattern).instant(text), is(time));
    }
    assertThat(times("epochMillis").instant(millis), is(time));
    assertThat(times("iso").instant(millis), is(time));
    assertThat(times("iso").instant(time.toString()), is(time));
    assertThat(times("iso").instant(time.atZone(BERLIN).toString()), is(time));
    assertThat(times("epochMicros").instant(millis + "000"), is(time));
    assertThat(
        times("epochSeconds").instant("%d.%03d".formatted(second, milli)),
        is(second < 0 ? Instant.ofEpochMilli(second * 1000 - milli) : time));
  }

  @Test
  void aNumberThatCountsSomethingElseSaysSo() {
    UndecodableException refused =
        assertThrows(
            UndecodableException.class,
            () ->
                new EventTimes(
                        "at",
                        BERLIN,
                        Instant.parse("2015-01-01T00:00:00Z"),
                        Instant.parse("2016-01-01T00:00:00Z"))
                    .parse("1447686663"));
    assertThat(
        refused.getMessage(), containsString("it would be with eventTime.format: epochSeconds"));
  }

  /** What a database says to be a time is one, whatever a text or a number would have to be. */
  @Test
  void datesAndTimesOfADatabaseAreTakenAsTheyAre() throws Exception {
    EventTimes pattern = times("dd.MM.yyyy").of(new RecordFormat.Row());
    assertThat(pattern.instant("2026-03-02"), is(Instant.parse("2026-03-01T23:00:00Z")));
    assertThat(pattern.instant("2026-03-02T09:15"), is(Instant.parse("2026-03-02T08:15:00Z")));
    assertThat(pattern.instant("2026-03-02T09:15:00Z"), is(Instant.parse("2026-03-02T09:15:00Z")));
    assertThat(pattern.instant("02.03.2026"), is(Instant.parse("2026-03-01T23:00:00Z")));
    assertThat(
        times("epochSeconds").of(new RecordFormat.Row()).instant("2026-03-02"),
        is(Instant.parse("2026-03-01T23:00:00Z")));
    // Here the text of a column can mean it, and nobody may guess.
    EventTimes turned = times("yyyy-dd-MM").of(new RecordFormat.Row());
    assertThat(turned.instant("2026-03-02"), is(Instant.parse("2026-02-02T23:00:00Z")));
    assertThrows(UndecodableException.class, () -> turned.instant("2026-03-13"));
    assertThrows(UndecodableException.class, () -> times("dd.MM.yyyy").instant("2026-03-02"));
  }

  /** An event whose component is the event time. */
  public record Timed(LocalDateTime at, String name) {}

  /** The same with other types. */
  public record Dated(LocalDate at) {}

  /** The same with an instant. */
  public record Moment(Instant at) {}

  @Test
  void theEventTimeAsAComponentIsReadAsTheEventTimeIs() throws Exception {
    RecordFormat json = new RecordFormat.Json();
    EventTimes german = times("dd.MM.yyyy HH:mm");
    byte[] text = "{\"at\":\"02.03.2026 09:15\",\"name\":\"a\"}".getBytes(StandardCharsets.UTF_8);
    byte[] seconds = "{\"at\":1772439300,\"name\":\"a\"}".getBytes(StandardCharsets.UTF_8);
    LocalDateTime local = LocalDateTime.parse("2026-03-02T09:15");

    assertThat(new RecordDecoder<>(Timed.class, json, german).decode("", text).at(), is(local));
    assertThat(
        new RecordDecoder<>(Dated.class, json, german).decode("", text).at(),
        is(local.toLocalDate()));
    assertThat(
        new RecordDecoder<>(Moment.class, json, german).decode("", text).at(),
        is(local.atZone(BERLIN).toInstant()));
    assertThat(
        new RecordDecoder<>(Timed.class, json, times("epochSeconds")).decode("", seconds).at(),
        is(local));
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTC+3", "GMT-2", "UT+01:00", "utc+3"})
  void aZoneThatIsTheOppositeInSqlIsRefused(String zone) {
    String why = TimeFormat.otherThanInSql(zone).orElseThrow();
    assertThat(why, containsString("write "));
  }

  @Test
  void theZoneToWriteInsteadIsNamed() {
    assertThat(
        TimeFormat.otherThanInSql("UTC+3").orElseThrow(),
        containsString("write +03:00, or Etc/GMT-3"));
    assertThat(TimeFormat.otherThanInSql("+03:00").isEmpty(), is(true));
    assertThat(TimeFormat.otherThanInSql("Etc/GMT-3").isEmpty(), is(true));
    assertThat(TimeFormat.otherThanInSql("UTC").isEmpty(), is(true));
  }
}

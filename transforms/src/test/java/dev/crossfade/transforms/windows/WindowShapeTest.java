package dev.crossfade.transforms.windows;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.crossfade.transforms.results.EventWindow;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.time.zone.ZoneOffsetTransition;
import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

/** Whatever the shape, each instant lies in exactly one window. */
class WindowShapeTest {
  private static final long FROM = Instant.parse("1950-01-01T00:00:00Z").toEpochMilli();
  private static final long TO = Instant.parse("2040-01-01T00:00:00Z").toEpochMilli();
  private static final long DAY = Duration.ofDays(1).toMillis();

  @Property(tries = 5_000)
  void eachInstantLiesInTheWindowOfItsLocalDate(
      @ForAll("zones") ZoneId zone, @ForAll("instants") long millis) {
    assertGoesByDate(zone, millis);
  }

  /** Two days before a change of the clocks to two days after it, since most days have none. */
  @Property(tries = 5_000)
  void eachInstantNearAChangeOfTheClocksLiesInTheWindowOfItsLocalDate(
      @ForAll("zones") ZoneId zone,
      @ForAll("instants") long millis,
      @ForAll @LongRange(min = -2 * 86_400_000L, max = 2 * 86_400_000L) long distance) {
    ZoneOffsetTransition change = zone.getRules().nextTransition(Instant.ofEpochMilli(millis));
    long near = change == null ? millis : change.getInstant().toEpochMilli();

    assertGoesByDate(zone, near + distance);
  }

  private static void assertGoesByDate(ZoneId zone, long millis) {
    LocalDate date = Instant.ofEpochMilli(millis).atZone(zone).toLocalDate();
    DayOfWeek first = DayOfWeek.of(1 + Math.floorMod(millis, 7));

    assertHasTheDate(new WindowShape.LocalDay(zone), millis, date, date.plusDays(1));
    LocalDate week = date.with(TemporalAdjusters.previousOrSame(first));
    assertHasTheDate(new WindowShape.LocalWeek(zone, first), millis, week, week.plusDays(7));
    LocalDate month = date.withDayOfMonth(1);
    assertHasTheDate(new WindowShape.LocalMonth(zone), millis, month, month.plusMonths(1));
  }

  /** The window is the one between the midnights, and lies between its neighbours. */
  private static void assertHasTheDate(
      WindowShape.OfLocalDays shape, long millis, LocalDate from, LocalDate to) {
    long start = shape.startOf(millis);
    long end = shape.endOf(start);

    assertThat(start, is(midnight(from, shape.zone())));
    assertThat(end, is(midnight(to, shape.zone())));
    // Else it could be closed before it comes.
    assertThat(end, is(greaterThan(millis)));
    assertThat(shape.startOf(start), is(start));
    assertThat(shape.startOf(end), is(end));
  }

  /** The midnight of a day as PostgreSQL's AT TIME ZONE has it. */
  private static long midnight(LocalDate day, ZoneId zone) {
    LocalDateTime midnight = day.atStartOfDay();
    ZoneOffsetTransition change = zone.getRules().getTransition(midnight);
    ZoneOffset offset =
        change == null
            ? zone.getRules().getOffset(midnight)
            : change.isGap() ? change.getOffsetBefore() : change.getOffsetAfter();
    return midnight.toInstant(offset).toEpochMilli();
  }

  @Property
  void aSpanOfWholeWindowsIsTiledByThem(
      @ForAll("zones") ZoneId zone,
      @ForAll("instants") long millis,
      @ForAll @LongRange(min = 1, max = 40) long days) {
    WindowShape shape = new WindowShape.LocalDay(zone);
    EventWindow first = shape.windowOf(Instant.ofEpochMilli(millis));
    EventWindow last = shape.windowOf(first.end().plus(Duration.ofDays(days)));

    List<EventWindow> windows = shape.windowsOf(new EventWindow(first.start(), last.end()));

    Instant next = first.start();
    for (EventWindow window : windows) {
      assertThat(window.start(), is(next));
      next = window.end();
    }
    assertThat(next, is(last.end()));
  }

  @Test
  void aSpanThatCutsAWindowIsRefusedWithTheBoundsThatAreRight() {
    WindowShape hours = new WindowShape.Fixed(Duration.ofHours(1));
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () ->
                hours.windowsOf(
                    new EventWindow(
                        Instant.parse("2001-01-01T00:00:00Z"),
                        Instant.parse("2001-01-01T05:20:00Z"))));
    assertThat(
        refused.getMessage(), containsString("ends at 2001-01-01T05:20:00Z, within the window"));
    assertThat(
        refused.getMessage(), containsString("name 2001-01-01T05:00:00Z or 2001-01-01T06:00:00Z"));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            hours.windowsOf(
                new EventWindow(
                    Instant.parse("2001-01-01T00:00:00Z"), Instant.parse("2901-01-01T00:00:00Z"))));
  }

  @Property
  void eachInstantLiesInOneFixedWindow(
      @ForAll @LongRange(min = 1, max = 400 * 86_400_000L) long size,
      @ForAll @LongRange(min = 0, max = 86_400_000L) long shift,
      @ForAll @LongRange(min = -4_000_000_000_000L, max = 4_000_000_000_000L) long millis) {
    long offset = shift % size;
    WindowShape shape = new WindowShape.Fixed(Duration.ofMillis(size), Duration.ofMillis(offset));

    assertLiesInOneWindow(shape, millis);
    assertThat((shape.startOf(millis) - offset) % size, is(0L));
    assertThat(shape.endOf(shape.startOf(millis)) - shape.startOf(millis), is(size));
  }

  private static void assertLiesInOneWindow(WindowShape shape, long millis) {
    long start = shape.startOf(millis);
    long end = shape.endOf(start);

    assertThat(start, is(lessThanOrEqualTo(millis)));
    assertThat(end, is(greaterThan(millis)));
    // All of the window says the same, and the next one begins where it ends.
    assertThat(shape.startOf(start), is(start));
    assertThat(shape.startOf(end - 1), is(start));
    assertThat(shape.startOf(end), is(end));
  }

  @Property
  void aDayWithoutAChangeOfTheClocksBeginsAtMidnight(
      @ForAll @LongRange(min = 0, max = 30) long day) {
    ZoneId tokyo = ZoneId.of("Asia/Tokyo");
    long midnight = Instant.parse("2000-01-01T00:00:00+09:00").toEpochMilli() + day * DAY;

    assertThat(new WindowShape.LocalDay(tokyo).startOf(midnight), is(midnight));
    assertThat(new WindowShape.LocalDay(tokyo).startOf(midnight + DAY - 1), is(midnight));
  }

  @Test
  void theHoursOfKolkataBeginAtHalfPastInUtc() {
    WindowShape hours = new WindowShape.Fixed(Duration.ofHours(1), Duration.ofMinutes(30));

    EventWindow window = hours.windowOf(Instant.parse("2026-03-02T09:15:00+05:30"));

    assertThat(window.start(), is(Instant.parse("2026-03-02T09:00:00+05:30")));
    assertThat(window.end(), is(Instant.parse("2026-03-02T10:00:00+05:30")));
  }

  @Test
  void anOffsetIsLessThanTheSize() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new WindowShape.Fixed(Duration.ofHours(1), Duration.ofHours(1)));
    assertThrows(
        IllegalArgumentException.class,
        () -> new WindowShape.Fixed(Duration.ofHours(1), Duration.ofMinutes(-30)));
  }

  @Provide
  Arbitrary<ZoneId> zones() {
    return Arbitraries.of(new TreeSet<>(ZoneId.getAvailableZoneIds())).map(ZoneId::of);
  }

  @Provide
  Arbitrary<Long> instants() {
    return Arbitraries.longs().between(FROM, TO);
  }
}

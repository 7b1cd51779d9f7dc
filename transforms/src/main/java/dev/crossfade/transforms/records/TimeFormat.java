package dev.crossfade.transforms.records;

import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.text.ParsePosition;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.Temporal;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalQueries;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How a time is written. There are three kinds:
 *
 * <ul>
 *   <li>{@code iso}: ISO 8601 with {@code T} or a blank between date and time, and what databases
 *       and languages make of it. The offset may be missing, or be written as {@code Z}, {@code
 *       +01}, {@code +0100}, {@code +01:00}, {@code UTC}, {@code GMT} or as the name of a zone, in
 *       brackets or behind a blank. {@code 24:00} is the midnight at the end of the day. A date
 *       alone is its midnight. A whole number counts milliseconds since 1970-01-01T00:00Z.
 *   <li>{@code epochSeconds}, {@code epochMillis}, {@code epochMicros} and {@code epochNanos}: a
 *       number that counts these since 1970-01-01T00:00Z; it may have a fraction.
 *   <li>any other text is a pattern of {@link DateTimeFormatter} such as {@code dd.MM.yyyy HH:mm}.
 *       It is read strictly: the 30th of February is an error and not another day. Names of months
 *       and days are English, in any case. A pattern of a date alone means midnight.
 * </ul>
 *
 * <p>Digits are 0 to 9. What a time without an offset means is said by a zone, which is not a part
 * of the format: see {@link #at}.
 */
public final class TimeFormat implements Serializable {
  /** ISO 8601, or a whole number of milliseconds. */
  public static final TimeFormat ISO = of("iso");

  private static final long serialVersionUID = 1L;
  private static final int MAX_MILLIS_DIGITS = 18;

  /** Beyond this no time is written, and a number would take long to read. */
  private static final int MAX_LENGTH = 100;

  /** In PostgreSQL, as in POSIX, UTC+3 is three hours west of Greenwich; in Java it is east. */
  private static final Pattern OF_TWO_MEANINGS = Pattern.compile("(?i)(UTC|GMT|UT)([+-])([0-9:]+)");

  /** What follows the minutes of a time: seconds, an offset, a zone. */
  private static final DateTimeFormatter LENIENT =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendLiteral('T')
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .optionalStart()
          .appendLiteral(' ')
          .optionalEnd()
          .optionalStart()
          .appendPattern("[XXXXX][XXXX][XXX][XX][X]")
          .optionalEnd()
          .optionalStart()
          .appendLiteral(' ')
          .optionalEnd()
          .optionalStart()
          .appendLiteral('[')
          .optionalEnd()
          .optionalStart()
          .parseCaseSensitive()
          .appendZoneRegionId()
          .optionalEnd()
          .optionalStart()
          .appendLiteral(']')
          .optionalEnd()
          .toFormatter(Locale.ROOT)
          .withResolverStyle(ResolverStyle.STRICT);

  /** The latest of late times in a year that shows what a pattern leaves out or mixes up. */
  private static final ZonedDateTime SAMPLE =
      ZonedDateTime.of(2001, 11, 22, 13, 14, 15, 678_000_000, ZoneOffset.ofHours(1));

  /** What a number of an epoch counts. */
  private enum Unit {
    SECONDS("epochSeconds", 0),
    MILLIS("epochMillis", 3),
    MICROS("epochMicros", 6),
    NANOS("epochNanos", 9);

    private final String text;
    private final int digits;
    private final long perSecond;

    Unit(String text, int digits) {
      this.text = text;
      this.digits = digits;
      this.perSecond = BigDecimal.ONE.scaleByPowerOfTen(digits).longValueExact();
    }

    Instant instant(String number) throws UndecodableException {
      if (isWhole(number)) {
        long value = Long.parseLong(number);
        return Instant.ofEpochSecond(
            Math.floorDiv(value, perSecond),
            Math.floorMod(value, perSecond) * (1_000_000_000L / perSecond));
      }
      if (!NUMBER.matcher(number).matches()) {
        throw new UndecodableException("expected a number (eventTime.format: " + text + ")");
      }
      BigDecimal seconds = new BigDecimal(number).scaleByPowerOfTen(-digits);
      BigDecimal whole = seconds.setScale(0, RoundingMode.FLOOR);
      try {
        return Instant.ofEpochSecond(
            whole.longValueExact(),
            seconds
                .subtract(whole)
                .scaleByPowerOfTen(9)
                .setScale(0, RoundingMode.FLOOR)
                .intValue());
      } catch (ArithmeticException e) {
        throw new UndecodableException("it is out of range");
      }
    }
  }

  /** A number with a fraction or an exponent of one or two digits; longer ones are no time. */
  private static final Pattern NUMBER =
      Pattern.compile("-?[0-9]{1,40}(\\.[0-9]{1,40})?([eE][+-]?[0-9]{1,2})?");

  private final String text;

  /**
   * Whether columns that a database gives as dates and times, and that are therefore written as
   * ISO, are read as such whatever the format says of texts and numbers.
   */
  private final boolean typed;

  private transient Unit unit;
  private transient DateTimeFormatter formatter;
  private transient boolean tellsTime;
  private transient boolean typedDate;
  private transient boolean typedTime;

  private TimeFormat(String text, boolean typed) {
    this.text = text;
    this.typed = typed;
    prepare();
  }

  /**
   * The format that a text names.
   *
   * @throws IllegalArgumentException if it is no format, or a pattern that does not tell the date,
   *     or tells the time of the day by halves; the message says what is wrong with it
   */
  public static TimeFormat of(String text) {
    return new TimeFormat(text, false);
  }

  /** The same format for rows of a database, whose dates and times are written as ISO. */
  TimeFormat ofRows() {
    return new TimeFormat(text, true);
  }

  private void prepare() {
    if (text.equals("iso")) {
      return;
    }
    for (Unit candidate : Unit.values()) {
      if (candidate.text.equals(text)) {
        unit = candidate;
      }
    }
    if (unit == null) {
      formatter = formatter(text);
      tellsTime = lettersOf(text).chars().anyMatch(letter -> "HhKkmsSAnNa".indexOf(letter) >= 0);
      requireWhole();
    }
    // Where the pattern can mean such a text, a text it is.
    typedDate = typed && !reads("2001-01-01");
    typedTime = typed && !reads("2001-01-01T01:01:01") && !reads("2001-01-01T01:01:01Z");
  }

  private boolean reads(String sample) {
    ParsePosition at = new ParsePosition(0);
    return formatter != null
        && formatter.parseUnresolved(sample, at) != null
        && at.getIndex() == sample.length();
  }

  private static DateTimeFormatter formatter(String pattern) {
    try {
      DateTimeFormatterBuilder builder =
          new DateTimeFormatterBuilder().parseCaseInsensitive().appendPattern(pattern);
      String letters = lettersOf(pattern);
      if (letters.indexOf('y') >= 0 && letters.indexOf('G') < 0) {
        // Else strict reading would not know which year a year of an era is.
        builder.parseDefaulting(ChronoField.ERA, 1);
      }
      return builder.toFormatter(Locale.ENGLISH).withResolverStyle(ResolverStyle.STRICT);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("it is no pattern of a time: " + e.getMessage(), e);
    }
  }

  /** A pattern without what stands in quotes. */
  private static String lettersOf(String pattern) {
    return pattern.replaceAll("'[^']*'", "");
  }

  private void requireWhole() {
    String letters = lettersOf(text);
    if (letters.indexOf('D') >= 0 && letters.indexOf('M') >= 0) {
      throw new IllegalArgumentException("D is the day of the year; d is that of the month");
    }
    String sample;
    Temporal read;
    try {
      sample = formatter.format(SAMPLE);
      read = pattern(sample);
    } catch (DateTimeException | UndecodableException e) {
      throw new IllegalArgumentException(
          "what it writes of a time it cannot read again: " + e.getMessage(), e);
    }
    LocalDateTime time =
        read instanceof Instant instant
            ? LocalDateTime.ofInstant(instant, SAMPLE.getOffset())
            : (LocalDateTime) read;
    LocalDateTime whole = SAMPLE.toLocalDateTime();
    boolean told =
        List.of(
                ChronoUnit.DAYS,
                ChronoUnit.HOURS,
                ChronoUnit.MINUTES,
                ChronoUnit.SECONDS,
                ChronoUnit.MILLIS)
            .stream()
            .anyMatch(precision -> whole.truncatedTo(precision).equals(time));
    if (!told) {
      throw new IllegalArgumentException(
          "it does not tell a time: of "
              + SAMPLE
              + " it writes "
              + sample
              + ", which means "
              + time);
    }
  }

  /**
   * The time that a text means: a {@link LocalDateTime} if it has no offset and no zone, else an
   * {@link Instant}, both to the nanosecond.
   *
   * @throws UndecodableException if it is none; the message does not repeat the text
   */
  Temporal read(String written) throws UndecodableException {
    if (written.length() > MAX_LENGTH) {
      throw new UndecodableException("a time has no more than " + MAX_LENGTH + " characters");
    }
    try {
      if (isIso() || isTyped(written)) {
        return iso(written);
      }
      return unit != null ? unit.instant(written) : pattern(written);
    } catch (DateTimeException e) {
      throw new UndecodableException(e.getMessage());
    }
  }

  private boolean isIso() {
    return unit == null && formatter == null;
  }

  private boolean isTyped(String written) {
    return written.length() == 10
        ? typedDate && written.charAt(4) == '-'
        : typedTime && written.length() > 10 && written.charAt(10) == 'T';
  }

  private static Temporal iso(String text) throws UndecodableException {
    int length = text.length();
    if (length > 10 && (text.charAt(10) == 'T' || text.charAt(10) == ' ')) {
      String time = text.charAt(10) == ' ' ? withT(text) : text;
      if (time.startsWith("24", 11)) {
        return endOfDay(time);
      }
      boolean sign = text.indexOf('+', 11) > 0 || text.indexOf('-', 11) > 0;
      if (endsWithDigit(text, length)) {
        if (!sign) {
          return LocalDateTime.parse(time);
        }
        if (isOffset(text, length - 6) && endsWithDigit(text, length - 6)) {
          return OffsetDateTime.parse(time).toInstant();
        }
      } else if (text.charAt(length - 1) == 'Z' && endsWithDigit(text, length - 1)) {
        return OffsetDateTime.parse(time).toInstant();
      }
      return lenient(time);
    }
    if (isWhole(text)) {
      return Instant.ofEpochMilli(Long.parseLong(text));
    }
    if (length == 10 && text.charAt(4) == '-') {
      return LocalDate.parse(text).atStartOfDay();
    }
    throw new UndecodableException("expected a time (ISO 8601)");
  }

  private static String withT(String text) {
    return text.substring(0, 10) + 'T' + text.substring(11);
  }

  private static boolean endsWithDigit(String text, int length) {
    char last = text.charAt(length - 1);
    return last >= '0' && last <= '9';
  }

  private static boolean isOffset(String text, int at) {
    return (text.charAt(at) == '+' || text.charAt(at) == '-') && text.charAt(at + 3) == ':';
  }

  /** Midnight at the end of a day, which ISO 8601 and SQL can write as 24:00. */
  private static Temporal endOfDay(String time) throws UndecodableException {
    Temporal midnight = iso(time.substring(0, 11) + "00" + time.substring(13));
    String clock = time.substring(13).replaceFirst("[^0-9:.,].*", "").replaceFirst("[+-].*", "");
    if (!clock.matches("(:00){1,2}([.,]0*)?")) {
      throw new UndecodableException("the hour 24 has no minutes, seconds and fractions but 0");
    }
    return midnight.plus(1, ChronoUnit.DAYS);
  }

  private static Temporal lenient(String time) throws UndecodableException {
    String text = time.replace(',', '.');
    int zone = text.lastIndexOf(text.endsWith("]") ? '[' : ' ') + 1;
    if (zone > 0) {
      boolean isOffset = text.charAt(zone) == '+' || text.charAt(zone) == '-';
      if (isOffset && text.substring(11, zone).matches(".*[-+Zz].*")) {
        throw new UndecodableException("it has two offsets");
      }
      Optional<String> other = otherThanInSql(text.substring(zone).replace("]", ""));
      if (other.isPresent()) {
        throw new UndecodableException(other.get());
      }
    }
    return temporal(LENIENT.parse(text), true);
  }

  private Temporal pattern(String text) throws UndecodableException {
    return temporal(formatter.parse(text), tellsTime);
  }

  private static Temporal temporal(TemporalAccessor parsed, boolean tellsTime)
      throws UndecodableException {
    LocalDate date = parsed.query(TemporalQueries.localDate());
    LocalTime time = parsed.query(TemporalQueries.localTime());
    if (date == null) {
      throw new UndecodableException("the date is not complete (is it yyyy, MM and dd?)");
    }
    if (time == null && tellsTime) {
      throw new UndecodableException("the time of the day is not complete (hh goes with a)");
    }
    LocalDateTime local = time == null ? date.atStartOfDay() : date.atTime(time);
    if (parsed.isSupported(ChronoField.OFFSET_SECONDS)) {
      return local.toInstant(ZoneOffset.ofTotalSeconds(parsed.get(ChronoField.OFFSET_SECONDS)));
    }
    ZoneId zone = parsed.query(TemporalQueries.zone());
    return zone == null ? local : at(local, zone);
  }

  /**
   * What a time without an offset means in a zone. Where the clocks change it is what PostgreSQL's
   * {@code AT TIME ZONE} makes of it: a time in the gap is taken with the offset from before it,
   * one in the repeated hour with the offset from after it.
   */
  public static Instant at(LocalDateTime local, ZoneId zone) {
    return ZonedDateTime.of(local, zone).withLaterOffsetAtOverlap().toInstant();
  }

  /**
   * Why a zone is refused: names such as {@code UTC+3} are three hours east of Greenwich in Java,
   * and three hours west in PostgreSQL. Empty if it is a zone in both, or in none.
   */
  public static Optional<String> otherThanInSql(String zone) {
    var match = OF_TWO_MEANINGS.matcher(zone);
    if (!match.matches()) {
      return Optional.empty();
    }
    String hours = match.group(3).replaceFirst("^0(?=[0-9])", "").replaceFirst(":00$", "");
    String opposite = match.group(2).equals("+") ? "-" : "+";
    String offset;
    try {
      offset = ZoneOffset.of(match.group(2) + match.group(3)).getId();
    } catch (DateTimeException e) {
      return Optional.empty();
    }
    return Optional.of(
        zone
            + " is east of Greenwich for some and west for others (SQL); "
            + (hours.matches("[1-9]|1[0-4]")
                ? "write " + offset + ", or Etc/GMT" + opposite + hours + ", which both read alike"
                : "write " + offset));
  }

  /** Whether a text is a whole number of so few digits that it fits. */
  static boolean isWhole(String text) {
    int first = text.startsWith("-") ? 1 : 0;
    int digits = text.length() - first;
    if (digits < 1 || digits > MAX_MILLIS_DIGITS) {
      return false;
    }
    for (int i = first; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  /**
   * Which other format a number would need to mean a time within bounds: most likely it counts
   * something else than milliseconds.
   */
  Optional<TimeFormat> otherWithin(String number, Instant from, Instant to) {
    if (!isWhole(number)) {
      return Optional.empty();
    }
    long value = Long.parseLong(number);
    for (Unit other : Unit.values()) {
      long second = Math.floorDiv(value, other.perSecond);
      if (second >= from.getEpochSecond() && second <= to.getEpochSecond()) {
        return Optional.of(of(other.text));
      }
    }
    return Optional.empty();
  }

  private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
    in.defaultReadObject();
    prepare();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TimeFormat format && text.equals(format.text) && typed == format.typed;
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** The text that names it. */
  @Override
  public String toString() {
    return text;
  }
}

package dev.crossfade.transforms.records;

import java.io.Serializable;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;

/**
 * Where a record's event time stands and how it is read. It is the only source of time that a
 * result depends on.
 *
 * <p>A time is ISO 8601, with {@code T} or a space between date and time, with or without an
 * offset, or a whole number of milliseconds since 1970-01-01T00:00Z. A time without an offset is
 * read in the zone. Where the clocks change it means what PostgreSQL's {@code AT TIME ZONE} means:
 * a time in the gap is taken with the offset from before it, and one in the repeated hour with the
 * offset from after it.
 *
 * @param field the record's field
 * @param zone the zone of times without an offset; null if every time must have one
 * @param notBefore the first instant that is believed
 * @param notAfter the last instant that is believed. What lies beyond either is an error in the
 *     data, and would otherwise close every window of its partition
 */
public record EventTimes(String field, ZoneId zone, Instant notBefore, Instant notAfter)
    implements Serializable {
  private static final int MAX_MILLIS_DIGITS = 18;

  private static final DateTimeFormatter LOCAL =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .appendLiteral(' ')
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .toFormatter();

  /** Refuses bounds that leave nothing. */
  public EventTimes {
    if (!notBefore.isBefore(notAfter)) {
      throw new IllegalArgumentException("notBefore " + notBefore + " is not before " + notAfter);
    }
  }

  /** A reader of the event times of records of a format; not thread-safe. */
  public Reader reader(RecordFormat format) {
    return new Reader(this, format);
  }

  /**
   * The instant that a text means, in milliseconds.
   *
   * @throws UndecodableException if it is not a time, does not exist, or is not believed
   */
  long parse(String text) throws UndecodableException {
    Instant time = instant(text);
    if (time.isBefore(notBefore) || time.isAfter(notAfter)) {
      throw new UndecodableException(
          field
              + " is "
              + text
              + ", which is not between "
              + notBefore
              + " and "
              + notAfter
              + " (eventTime.notBefore and notAfter)");
    }
    return time.toEpochMilli();
  }

  private Instant instant(String text) throws UndecodableException {
    try {
      if (text.length() > 10 && (text.charAt(10) == 'T' || text.charAt(10) == ' ')) {
        boolean hasOffset =
            text.endsWith("Z") || text.indexOf('+', 11) > 0 || text.indexOf('-', 11) > 0;
        if (hasOffset) {
          return OffsetDateTime.parse(text.replace(' ', 'T')).toInstant();
        }
        if (zone == null) {
          throw new UndecodableException(
              field
                  + " is "
                  + RecordDecoder.shorten(text)
                  + ", which has no offset; eventTime.zone says what it means");
        }
        LocalDateTime local =
            text.charAt(10) == 'T' ? LocalDateTime.parse(text) : LocalDateTime.parse(text, LOCAL);
        return ZonedDateTime.of(local, zone).withLaterOffsetAtOverlap().toInstant();
      }
      if (isMillis(text)) {
        return Instant.ofEpochMilli(Long.parseLong(text));
      }
      throw new UndecodableException(
          field + " is '" + RecordDecoder.shorten(text) + "'; expected a time (ISO 8601)");
    } catch (DateTimeException e) {
      throw new UndecodableException(
          field + " is '" + RecordDecoder.shorten(text) + "': " + e.getMessage());
    }
  }

  /** Whether a text is a number of milliseconds; a CSV field does not tell it from other text. */
  static boolean isMillis(String text) {
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

  /** Reads event times out of records' bytes. */
  public static final class Reader implements RecordFormat.FieldVisitor {
    private final EventTimes times;
    private final RecordFormat.FieldReader fields;
    private long found;
    private boolean seen;

    private Reader(EventTimes times, RecordFormat format) {
      this.times = times;
      this.fields = format.reader();
    }

    /** The event time in milliseconds, or {@link Block#UNREADABLE}. */
    public long readOrUnreadable(String header, byte[] bytes, int offset, int length) {
      try {
        return read(header, bytes, offset, length);
      } catch (UndecodableException e) {
        // Decoding comes to the same error and makes the record a dead letter there, with the
        // cause.
        return Block.UNREADABLE;
      }
    }

    /**
     * The event time in milliseconds.
     *
     * @throws UndecodableException if there is none, with the reason
     */
    public long read(String header, byte[] bytes, int offset, int length)
        throws UndecodableException {
      fields.read(header, bytes, offset, length, this);
      if (!seen) {
        throw new UndecodableException("has no field '" + times.field() + "' (eventTime.field)");
      }
      return found;
    }

    @Override
    public void begin() {
      seen = false;
    }

    @Override
    public boolean wants(String name) {
      return name.equals(times.field());
    }

    @Override
    public boolean field(String name, String text, RecordFormat.ValueKind kind)
        throws UndecodableException {
      if (text == null) {
        throw new UndecodableException(name + " is missing");
      }
      found = times.parse(text);
      seen = true;
      return false;
    }
  }
}

package dev.crossfade.transforms.records;

import dev.crossfade.transforms.results.ColumnType;
import java.io.Serializable;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.Temporal;

/**
 * Where a record's event time stands and how it is read. It is the only source of time that a
 * result depends on. It is taken to the millisecond: what is finer is cut off.
 *
 * <p>A time without an offset is read in the zone. Where the clocks change it means what
 * PostgreSQL's {@code AT TIME ZONE} means: a time in the gap is taken with the offset from before
 * it, and one in the repeated hour with the offset from after it.
 *
 * @param field the record's field
 * @param format how the time is written. Dates and times that a database gives as such are taken as
 *     they are
 * @param zone the zone of times without an offset; null if every time must have one
 * @param notBefore the first instant that is believed; none before the year 1 is
 * @param notAfter the last instant that is believed; none after the year 9999 is. What lies beyond
 *     either is an error in the data, and would otherwise close every window of its partition
 */
public record EventTimes(
    String field, TimeFormat format, ZoneId zone, Instant notBefore, Instant notAfter)
    implements Serializable {
  /** Refuses bounds that leave nothing, and lets in no time that a table could not hold. */
  public EventTimes {
    if (notBefore.isBefore(ColumnType.FIRST_TIMESTAMP)) {
      notBefore = ColumnType.FIRST_TIMESTAMP;
    }
    if (notAfter.isAfter(ColumnType.LAST_TIMESTAMP)) {
      notAfter = ColumnType.LAST_TIMESTAMP;
    }
    if (!notBefore.isBefore(notAfter)) {
      throw new IllegalArgumentException("notBefore " + notBefore + " is not before " + notAfter);
    }
  }

  /** Times of ISO 8601, or in milliseconds. */
  public EventTimes(String field, ZoneId zone, Instant notBefore, Instant notAfter) {
    this(field, TimeFormat.ISO, zone, notBefore, notAfter);
  }

  /** The same for records of a format. */
  EventTimes of(RecordFormat records) {
    return records instanceof RecordFormat.Row
        ? new EventTimes(field, format.ofRows(), zone, notBefore, notAfter)
        : this;
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
              + RecordDecoder.shorten(text)
              + ", which is not between "
              + notBefore
              + " and "
              + notAfter
              + " (eventTime.notBefore and notAfter)"
              + format
                  .otherWithin(text, notBefore, notAfter)
                  .map(other -> "; it would be with eventTime.format: " + other)
                  .orElse(""));
    }
    return time.toEpochMilli();
  }

  /**
   * The instant that a text means, whether it is accepted or not.
   *
   * @throws UndecodableException if it is no time, or one of which nobody says what it means
   */
  Instant instant(String text) throws UndecodableException {
    Temporal time = read(text);
    if (time instanceof Instant instant) {
      return instant;
    }
    if (zone == null) {
      throw new UndecodableException(
          field
              + " is "
              + RecordDecoder.shorten(text)
              + ", which has no offset; eventTime.zone says what it means");
    }
    return TimeFormat.at((LocalDateTime) time, zone);
  }

  /**
   * The local time that a text means.
   *
   * @throws UndecodableException if it is no time, or one with an offset while there is no zone
   */
  LocalDateTime local(String text) throws UndecodableException {
    Temporal time = read(text);
    if (time instanceof LocalDateTime local) {
      return local;
    }
    if (zone == null) {
      throw new UndecodableException(
          field
              + " is "
              + RecordDecoder.shorten(text)
              + ", an instant; eventTime.zone says which local time it is");
    }
    return LocalDateTime.ofInstant((Instant) time, zone);
  }

  private Temporal read(String text) throws UndecodableException {
    try {
      return format.read(text);
    } catch (UndecodableException e) {
      throw new UndecodableException(
          field + " is '" + RecordDecoder.shorten(text) + "': " + e.getMessage());
    }
  }

  /** Reads event times out of records' bytes. */
  public static final class Reader implements RecordFormat.FieldVisitor {
    private final EventTimes times;
    private final RecordFormat.FieldReader fields;
    private long found;
    private boolean seen;

    private Reader(EventTimes times, RecordFormat format) {
      this.times = times.of(format);
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

package dev.crossfade.transforms.records;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Consecutive records of one source range as bytes, with the position and event time of each and
 * the verdict on its lateness. Blocks cross operators, not single records, since much of what an
 * operator costs is per element. Immutable.
 *
 * <p>A block may be empty: a source sends one to make itself known to the runner.
 */
public final class Block {
  /** The event time of a record that has none that could be read. */
  public static final long UNREADABLE = Long.MIN_VALUE;

  /**
   * The event time of a record that its source leaves to be read where the record is decoded. Only
   * a source whose records are never late may do so; it saves reading the record twice.
   */
  public static final long UNREAD = Long.MIN_VALUE + 1;

  /** The verdict on a record that came in time. */
  public static final long IN_TIME = Long.MIN_VALUE;

  private final String source;
  private final String header;
  private final int size;
  private final long[] positions;
  private final String[] keys;
  private final long[] eventTimes;
  private final long[] lateAfter;
  private final int[] ends;
  private final byte[] bytes;
  private final Map<Integer, String> faults;
  private final long withoutContent;
  private final long nextPosition;

  private Block(
      String source,
      String header,
      int size,
      long[] positions,
      String[] keys,
      long[] eventTimes,
      long[] lateAfter,
      int[] ends,
      byte[] bytes,
      Map<Integer, String> faults,
      long withoutContent,
      long nextPosition) {
    this.source = source;
    this.header = header;
    this.size = size;
    this.positions = positions;
    this.keys = keys;
    this.eventTimes = eventTimes;
    this.lateAfter = lateAfter;
    this.ends = ends;
    this.bytes = bytes;
    this.faults = faults;
    this.withoutContent = withoutContent;
    this.nextPosition = nextPosition;
  }

  /** A block without records. */
  public static Block empty(String source) {
    return new Builder(source, "").build();
  }

  /** The first part of the {@link Origin} of all records. */
  public String source() {
    return source;
  }

  /** What the format needs beside a record to read it, such as a CSV header; may be empty. */
  public String header() {
    return header;
  }

  /** How many records there are. */
  public int size() {
    return size;
  }

  /**
   * How many positions of the range that the block covers hold no record: a header, a blank line, a
   * value that is null, what the source itself keeps in its log.
   */
  public long withoutContent() {
    return withoutContent;
  }

  /**
   * The position after the range that the block covers; 0 if it covers none or has no positions.
   */
  public long nextPosition() {
    return nextPosition;
  }

  /** Whether the source has no positions, and each record is addressed by a key. */
  public boolean isKeyed() {
    return keys != null;
  }

  /** Where a record was first seen. */
  public Origin origin(int index) {
    return keys == null ? new Origin(source, positions[index]) : Origin.ofKey(source, keys[index]);
  }

  /** Where in the source a record is. */
  public long position(int index) {
    return positions[index];
  }

  /** A record's event time in milliseconds, or {@link #UNREADABLE} or {@link #UNREAD}. */
  public long eventTime(int index) {
    return eventTimes[index];
  }

  /** Whether a record came after its window had closed. */
  public boolean isLate(int index) {
    return lateAfter[index] != IN_TIME;
  }

  /** The partition's watermark when a late record came. */
  public long lateAfter(int index) {
    return lateAfter[index];
  }

  /**
   * What kept the source from reading a record whole, or null as a rule; the record's bytes are
   * those that it had.
   */
  public String fault(int index) {
    return faults.get(index);
  }

  /** All faults by the index of their record. */
  Map<Integer, String> faults() {
    return faults;
  }

  /** The array that holds all records' bytes; it is not copied and must not be changed. */
  public byte[] bytes() {
    return bytes;
  }

  /** Where a record begins in {@link #bytes}. */
  public int start(int index) {
    return index == 0 ? 0 : ends[index - 1];
  }

  /** How many bytes a record has. */
  public int length(int index) {
    return ends[index] - start(index);
  }

  /** A copy of a record's bytes. */
  public RecordBytes copyOf(int index) {
    return RecordBytes.copyOf(bytes, start(index), length(index));
  }

  /**
   * The least event time of the records that came in time, which is the block's own timestamp: each
   * event gets its own on the way out, and Beam lets a timestamp move forward only.
   *
   * @param otherwise what to return if no record has one
   */
  public long leastEventTime(long otherwise) {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < size; i++) {
      if (eventTimes[i] > UNREAD && !isLate(i)) {
        least = Math.min(least, eventTimes[i]);
      }
    }
    return least == Long.MAX_VALUE ? otherwise : least;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Block that
        && size == that.size
        && source.equals(that.source)
        && header.equals(that.header)
        && Arrays.equals(positions, that.positions)
        && Arrays.equals(keys, that.keys)
        && Arrays.equals(eventTimes, that.eventTimes)
        && Arrays.equals(lateAfter, that.lateAfter)
        && Arrays.equals(ends, that.ends)
        && Arrays.equals(bytes, that.bytes)
        && withoutContent == that.withoutContent
        && nextPosition == that.nextPosition
        && faults.equals(that.faults);
  }

  @Override
  public int hashCode() {
    return Objects.hash(source, size, Arrays.hashCode(positions), Arrays.hashCode(bytes));
  }

  @Override
  public String toString() {
    return size == 0
        ? "Block{" + source + ", empty}"
        : "Block{" + size + " records from " + origin(0) + "}";
  }

  /** Collects the records of one block. */
  public static final class Builder {
    private static final int INITIAL_RECORDS = 64;

    private final String source;
    private final String header;
    private int size;
    private int length;
    private long[] positions = new long[INITIAL_RECORDS];
    private String[] keys;
    private long[] eventTimes = new long[INITIAL_RECORDS];
    private long[] lateAfter = new long[INITIAL_RECORDS];
    private int[] ends = new int[INITIAL_RECORDS];
    private byte[] bytes = new byte[INITIAL_RECORDS * 128];
    private final Map<Integer, String> faults = new TreeMap<>();
    private long withoutContent;
    private long nextPosition;

    /** A block of records of a source, with what their format needs to read them. */
    public Builder(String source, String header) {
      this.source = source;
      this.header = header;
    }

    /** How many records were added. */
    public int size() {
      return size;
    }

    /** Whether the block covers no position at all. */
    public boolean coversNothing() {
      return size == 0 && withoutContent == 0;
    }

    /** How many bytes the added records have. */
    public int length() {
      return length;
    }

    /**
     * Adds a record.
     *
     * @param eventTime its event time in milliseconds, or {@link Block#UNREADABLE} or {@link
     *     Block#UNREAD}
     * @param late the partition's watermark if it came after its window closed, or {@link
     *     Block#IN_TIME}
     */
    public void add(long position, long eventTime, long late, byte[] from, int offset, int count) {
      nextPosition = Math.max(nextPosition, position + 1);
      append(position, eventTime, late, from, offset, count);
    }

    /**
     * Adds a record of a source that has no positions; all records of a block are of one kind.
     *
     * @param key what addresses the record in its source, without a colon
     * @param eventTime as of {@link #add}; such a record is never late
     */
    public void addKeyed(String key, long eventTime, byte[] from, int offset, int count) {
      if (keys == null) {
        keys = new String[ends.length];
      } else if (size == keys.length) {
        keys = Arrays.copyOf(keys, size * 2);
      }
      keys[size] = key;
      append(0, eventTime, IN_TIME, from, offset, count);
    }

    private void append(
        long position, long eventTime, long late, byte[] from, int offset, int count) {
      if (size == ends.length) {
        int capacity = size * 2;
        positions = Arrays.copyOf(positions, capacity);
        eventTimes = Arrays.copyOf(eventTimes, capacity);
        lateAfter = Arrays.copyOf(lateAfter, capacity);
        ends = Arrays.copyOf(ends, capacity);
      }
      if (bytes.length - length < count) {
        bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
      }
      System.arraycopy(from, offset, bytes, length, count);
      length += count;
      positions[size] = position;
      eventTimes[size] = eventTime;
      lateAfter[size] = late;
      ends[size++] = length;
    }

    /** Adds a record that the source could not read whole, with the bytes that it had. */
    public void addFault(long position, String fault, byte[] from, int offset, int count) {
      faults.put(size, fault);
      add(position, UNREADABLE, IN_TIME, from, offset, count);
    }

    /** Adds a position that holds no record. */
    public void addWithoutContent(long position) {
      withoutContent++;
      nextPosition = Math.max(nextPosition, position + 1);
    }

    /** Adds every position of a range that holds none of the records added. */
    public void addWithoutContentTo(long first, long next) {
      withoutContent = next - first - size;
      nextPosition = Math.max(nextPosition, next);
    }

    /** The block; the builder is not to be used again. */
    public Block build() {
      return new Block(
          source,
          header,
          size,
          Arrays.copyOf(positions, size),
          keys == null ? null : Arrays.copyOf(keys, size),
          Arrays.copyOf(eventTimes, size),
          Arrays.copyOf(lateAfter, size),
          Arrays.copyOf(ends, size),
          Arrays.copyOf(bytes, length),
          Map.copyOf(faults),
          withoutContent,
          nextPosition);
    }
  }
}

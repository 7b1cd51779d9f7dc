package dev.crossfade.transforms.aggregation;

import dev.crossfade.transforms.results.ByteBuilder;
import dev.crossfade.transforms.results.Conflict;
import java.io.DataInput;
import java.io.IOException;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * Events of which each counts once, in the order of their ids, with what each adds to the result,
 * so that its repetition is known and it can be taken back. They are kept in columns: there is one
 * for every event of the input, and an object for each of them was most of what a flow with ids
 * cost. Immutable.
 */
final class IdentifiedEvents implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final long[] NO_LONGS = {};

  /** None. */
  static final IdentifiedEvents NONE =
      new IdentifiedEvents(
          new String[0],
          NO_LONGS,
          NO_LONGS,
          NO_LONGS,
          NO_LONGS,
          NO_LONGS,
          new BigDecimal[0],
          new int[0]);

  private final String[] ids;
  private final long[] versions;
  private final long[] contentHighs;
  private final long[] contentLows;
  private final long[] weights;

  /** What each adds to each slot of a kind, event by event. */
  private final long[] longs;

  private final BigDecimal[] decimals;
  private final int[] tallies;

  private IdentifiedEvents(
      String[] ids,
      long[] versions,
      long[] contentHighs,
      long[] contentLows,
      long[] weights,
      long[] longs,
      BigDecimal[] decimals,
      int[] tallies) {
    this.ids = ids;
    this.versions = versions;
    this.contentHighs = contentHighs;
    this.contentLows = contentLows;
    this.weights = weights;
    this.longs = longs;
    this.decimals = decimals;
    this.tallies = tallies;
  }

  boolean isEmpty() {
    return ids.length == 0;
  }

  int size() {
    return ids.length;
  }

  long weight(int event) {
    return weights[event];
  }

  /** What an event adds to a slot; {@code slots} is how many there are of the kind. */
  long longs(int event, int slot, int slots) {
    return longs[event * slots + slot];
  }

  BigDecimal decimals(int event, int slot, int slots) {
    return decimals[event * slots + slot];
  }

  int tallies(int event, int slot, int slots) {
    return tallies[event * slots + slot];
  }

  /**
   * By id; of one id, the event that counts comes first: the one of the greater version, then the
   * one of the greater content.
   */
  private static int compare(
      IdentifiedEvents left, int leftEvent, IdentifiedEvents right, int rightEvent) {
    int order = left.ids[leftEvent].compareTo(right.ids[rightEvent]);
    return order == 0 ? compareOfOneId(left, leftEvent, right, rightEvent) : order;
  }

  private static int compareOfOneId(
      IdentifiedEvents left, int leftEvent, IdentifiedEvents right, int rightEvent) {
    int order = Long.compare(right.versions[rightEvent], left.versions[leftEvent]);
    if (order == 0) {
      order = Long.compareUnsigned(right.contentHighs[rightEvent], left.contentHighs[leftEvent]);
    }
    return order == 0
        ? Long.compareUnsigned(right.contentLows[rightEvent], left.contentLows[leftEvent])
        : order;
  }

  private static boolean shareContent(
      IdentifiedEvents left, int leftEvent, IdentifiedEvents right, int rightEvent) {
    return left.contentHighs[leftEvent] == right.contentHighs[rightEvent]
        && left.contentLows[leftEvent] == right.contentLows[rightEvent];
  }

  /** Is told of events that do not count. */
  interface Repeated {
    /**
     * Is told of one.
     *
     * @param differs whether it differs from the one that counts
     */
    void add(IdentifiedEvents events, int event, boolean differs);
  }

  /** These and others as one; those that do not count are left out and told. */
  IdentifiedEvents plus(IdentifiedEvents other, Repeated repeated) {
    if (isEmpty() || other.isEmpty()) {
      return isEmpty() ? other : this;
    }
    Collector both = new Collector(this, size() + other.size());
    int left = 0;
    int right = 0;
    while (left < size() && right < other.size()) {
      int order = ids[left].compareTo(other.ids[right]);
      if (order < 0) {
        both.add(this, left++);
      } else if (order > 0) {
        both.add(other, right++);
      } else {
        boolean differ = !shareContent(this, left, other, right);
        if (compareOfOneId(this, left, other, right) <= 0) {
          both.add(this, left);
          repeated.add(other, right, differ);
        } else {
          both.add(other, right);
          repeated.add(this, left, differ);
        }
        left++;
        right++;
      }
    }
    both.addRange(this, left, size());
    both.addRange(other, right, other.size());
    return both.toEvents();
  }

  /** The conflict that an event is. */
  Conflict toConflict(int event) {
    return new Conflict(ids[event], contentHighs[event], contentLows[event]);
  }

  void write(ByteBuilder out) {
    out.writeInt(ids.length);
    if (ids.length == 0) {
      return;
    }
    boolean versioned = !areAll(versions, 0);
    boolean weighted = !areAll(weights, 1);
    out.writeBoolean(versioned);
    out.writeBoolean(weighted);
    out.writeByte(longs.length / ids.length);
    out.writeByte(decimals.length / ids.length);
    out.writeByte(tallies.length / ids.length);
    for (int i = 0; i < ids.length; i++) {
      out.writeText(ids[i]);
      if (versioned) {
        out.writeLong(versions[i]);
      }
      out.writeLong(contentHighs[i]);
      out.writeLong(contentLows[i]);
      if (weighted) {
        out.writeLong(weights[i]);
      }
    }
    for (long value : longs) {
      out.writeLong(value);
    }
    for (BigDecimal value : decimals) {
      writeDecimal(value, out);
    }
    for (int value : tallies) {
      out.writeInt(value);
    }
  }

  private static boolean areAll(long[] values, long value) {
    for (long each : values) {
      if (each != value) {
        return false;
      }
    }
    return true;
  }

  static IdentifiedEvents read(DataInput in) throws IOException {
    int size = in.readInt();
    if (size == 0) {
      return NONE;
    }
    boolean versioned = in.readBoolean();
    boolean weighted = in.readBoolean();
    long[] longs = new long[size * in.readUnsignedByte()];
    BigDecimal[] decimals = new BigDecimal[size * in.readUnsignedByte()];
    int[] tallies = new int[size * in.readUnsignedByte()];
    String[] ids = new String[size];
    long[] versions = new long[size];
    long[] highs = new long[size];
    long[] lows = new long[size];
    long[] weights = new long[size];
    for (int i = 0; i < size; i++) {
      ids[i] = ByteBuilder.readText(in);
      versions[i] = versioned ? in.readLong() : 0;
      highs[i] = in.readLong();
      lows[i] = in.readLong();
      weights[i] = weighted ? in.readLong() : 1;
    }
    for (int i = 0; i < longs.length; i++) {
      longs[i] = in.readLong();
    }
    for (int i = 0; i < decimals.length; i++) {
      decimals[i] = readDecimal(in);
    }
    for (int i = 0; i < tallies.length; i++) {
      tallies[i] = in.readInt();
    }
    return new IdentifiedEvents(ids, versions, highs, lows, weights, longs, decimals, tallies);
  }

  static void writeDecimal(BigDecimal value, ByteBuilder out) {
    out.writeInt(value.scale());
    out.writeBytes(value.unscaledValue().toByteArray());
  }

  static BigDecimal readDecimal(DataInput in) throws IOException {
    int scale = in.readInt();
    return new BigDecimal(new BigInteger(ByteBuilder.readBytes(in)), scale);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof IdentifiedEvents that
        && Arrays.equals(ids, that.ids)
        && Arrays.equals(versions, that.versions)
        && Arrays.equals(contentHighs, that.contentHighs)
        && Arrays.equals(contentLows, that.contentLows)
        && Arrays.equals(weights, that.weights)
        && Arrays.equals(longs, that.longs)
        && Arrays.equals(decimals, that.decimals)
        && Arrays.equals(tallies, that.tallies);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(ids);
  }

  /** Collects events in columns. Mutable; one step owns it. */
  static final class Collector {
    private static final int INITIAL = 8;

    private final int longSlots;
    private final int decimalSlots;
    private final int tallySlots;
    private int size;
    private String[] ids;
    private long[] versions;
    private long[] contentHighs;
    private long[] contentLows;
    private long[] weights;
    private long[] longs;
    private BigDecimal[] decimals;
    private int[] tallies;

    /** Of events with so many slots of each kind. */
    Collector(Aggregation.Slots slots) {
      this(slots.longs(), slots.decimals(), slots.tallies(), INITIAL);
    }

    private Collector(IdentifiedEvents like, int capacity) {
      this(
          like.longs.length / like.size(),
          like.decimals.length / like.size(),
          like.tallies.length / like.size(),
          capacity);
    }

    private Collector(int longSlots, int decimalSlots, int tallySlots, int capacity) {
      this.longSlots = longSlots;
      this.decimalSlots = decimalSlots;
      this.tallySlots = tallySlots;
      this.ids = new String[capacity];
      this.versions = new long[capacity];
      this.contentHighs = new long[capacity];
      this.contentLows = new long[capacity];
      this.weights = new long[capacity];
      this.longs = new long[capacity * longSlots];
      this.decimals = new BigDecimal[capacity * decimalSlots];
      this.tallies = new int[capacity * tallySlots];
    }

    /** Adds an event with what it adds to each slot; the arrays are copied. */
    void add(
        String id,
        long version,
        long contentHigh,
        long contentLow,
        long weight,
        long[] ofLongs,
        BigDecimal[] ofDecimals,
        int[] ofTallies) {
      if (size == ids.length) {
        grow(size * 2);
      }
      ids[size] = id;
      versions[size] = version;
      contentHighs[size] = contentHigh;
      contentLows[size] = contentLow;
      weights[size] = weight;
      System.arraycopy(ofLongs, 0, longs, size * longSlots, longSlots);
      System.arraycopy(ofDecimals, 0, decimals, size * decimalSlots, decimalSlots);
      System.arraycopy(ofTallies, 0, tallies, size * tallySlots, tallySlots);
      size++;
    }

    private void add(IdentifiedEvents from, int event) {
      addRange(from, event, event + 1);
    }

    private void addRange(IdentifiedEvents from, int begin, int end) {
      int count = end - begin;
      System.arraycopy(from.ids, begin, ids, size, count);
      System.arraycopy(from.versions, begin, versions, size, count);
      System.arraycopy(from.contentHighs, begin, contentHighs, size, count);
      System.arraycopy(from.contentLows, begin, contentLows, size, count);
      System.arraycopy(from.weights, begin, weights, size, count);
      copy(from.longs, begin, longs, count, longSlots);
      copy(from.decimals, begin, decimals, count, decimalSlots);
      copy(from.tallies, begin, tallies, count, tallySlots);
      size += count;
    }

    /** The arrays of a kind of slot. */
    private void copy(Object from, int begin, Object to, int count, int slots) {
      if (slots > 0) {
        System.arraycopy(from, begin * slots, to, size * slots, count * slots);
      }
    }

    /** All in the order in which they were added. */
    private IdentifiedEvents toEvents() {
      grow(size);
      return new IdentifiedEvents(
          ids, versions, contentHighs, contentLows, weights, longs, decimals, tallies);
    }

    /** Those that count, in their order; the others are told. The collector is used up. */
    IdentifiedEvents toSorted(Repeated repeated) {
      IdentifiedEvents all = toEvents();
      if (all.size() == 1) {
        return all;
      }
      Integer[] order = new Integer[all.size()];
      Arrays.setAll(order, i -> i);
      Arrays.sort(order, (left, right) -> compare(all, left, all, right));
      Collector counting = new Collector(longSlots, decimalSlots, tallySlots, all.size());
      int first = -1;
      for (int event : order) {
        if (first < 0 || !all.ids[event].equals(all.ids[first])) {
          counting.add(all, event);
          first = event;
        } else {
          repeated.add(all, event, !shareContent(all, event, all, first));
        }
      }
      return counting.toEvents();
    }

    private void grow(int capacity) {
      if (capacity != ids.length) {
        ids = Arrays.copyOf(ids, capacity);
        versions = Arrays.copyOf(versions, capacity);
        contentHighs = Arrays.copyOf(contentHighs, capacity);
        contentLows = Arrays.copyOf(contentLows, capacity);
        weights = Arrays.copyOf(weights, capacity);
        longs = Arrays.copyOf(longs, capacity * longSlots);
        decimals = Arrays.copyOf(decimals, capacity * decimalSlots);
        tallies = Arrays.copyOf(tallies, capacity * tallySlots);
      }
    }
  }

  /** The ids, for people. */
  @Override
  public String toString() {
    return Arrays.toString(ids);
  }
}

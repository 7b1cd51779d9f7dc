package dev.crossfade.transforms.aggregation;

import dev.crossfade.transforms.results.ByteBuilder;
import dev.crossfade.transforms.results.Conflict;
import java.io.DataInput;
import java.io.IOException;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Events of which each counts once, in the order of their ids, with what each adds to the result,
 * so that its repetition is known and it can be taken back. They are kept in columns of primitives,
 * the ids in bytes: there is one for every event of an open window, and an object for each of them
 * was most of what a flow with ids cost. Immutable.
 */
final class IdentifiedEvents implements Serializable {
  private static final long serialVersionUID = 1L;

  /** None. */
  static final IdentifiedEvents NONE = new Collector(new Aggregation.Slots(0, 0, 0), 0).toEvents();

  private final int size;

  /** The ids in UTF-8, one after the other, and where each ends. The arrays may have room left. */
  private final byte[] ids;

  private final int[] ends;

  /** Two for each event: the hash of what it says. */
  private final long[] contents;

  /** Empty if all are 0, as they are where a flow declares none. */
  private final long[] versions;

  /** Empty if all are 1. */
  private final long[] weights;

  /** What each adds to each slot of a kind, event by event. */
  private final long[] longs;

  private final BigDecimal[] decimals;
  private final int[] tallies;

  private IdentifiedEvents(
      int size,
      byte[] ids,
      int[] ends,
      long[] contents,
      long[] versions,
      long[] weights,
      long[] longs,
      BigDecimal[] decimals,
      int[] tallies) {
    this.size = size;
    this.ids = ids;
    this.ends = ends;
    this.contents = contents;
    this.versions = versions;
    this.weights = weights;
    this.longs = longs;
    this.decimals = decimals;
    this.tallies = tallies;
  }

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  private int start(int event) {
    return event == 0 ? 0 : ends[event - 1];
  }

  private long version(int event) {
    return versions.length == 0 ? 0 : versions[event];
  }

  long weight(int event) {
    return weights.length == 0 ? 1 : weights[event];
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

  private static int compareIds(
      IdentifiedEvents left, int leftEvent, IdentifiedEvents right, int rightEvent) {
    return Arrays.compareUnsigned(
        left.ids,
        left.start(leftEvent),
        left.ends[leftEvent],
        right.ids,
        right.start(rightEvent),
        right.ends[rightEvent]);
  }

  /**
   * By id; of one id, the event that counts comes first: the one of the greater version, then the
   * one of the greater content.
   */
  private static int compare(
      IdentifiedEvents left, int leftEvent, IdentifiedEvents right, int rightEvent) {
    int order = compareIds(left, leftEvent, right, rightEvent);
    return order == 0 ? compareOfOneId(left, leftEvent, right, rightEvent) : order;
  }

  private static int compareOfOneId(
      IdentifiedEvents left, int leftEvent, IdentifiedEvents right, int rightEvent) {
    int order = Long.compare(right.version(rightEvent), left.version(leftEvent));
    for (int half = 0; half < 2 && order == 0; half++) {
      order =
          Long.compareUnsigned(
              right.contents[2 * rightEvent + half], left.contents[2 * leftEvent + half]);
    }
    return order;
  }

  private static boolean shareContent(
      IdentifiedEvents left, int leftEvent, IdentifiedEvents right, int rightEvent) {
    return left.contents[2 * leftEvent] == right.contents[2 * rightEvent]
        && left.contents[2 * leftEvent + 1] == right.contents[2 * rightEvent + 1];
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
    Collector both = new Collector(slots(), size + other.size);
    int left = 0;
    int right = 0;
    while (left < size && right < other.size) {
      int order = compareIds(this, left, other, right);
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
    both.addRange(this, left, size);
    both.addRange(other, right, other.size);
    return both.toEvents();
  }

  /** How many slots of each kind each event has; there must be an event. */
  private Aggregation.Slots slots() {
    return new Aggregation.Slots(
        longs.length / ends.length, decimals.length / ends.length, tallies.length / ends.length);
  }

  /** The conflict that an event is. */
  Conflict toConflict(int event) {
    int start = start(event);
    return new Conflict(
        new String(ids, start, ends[event] - start, StandardCharsets.UTF_8),
        contents[2 * event],
        contents[2 * event + 1]);
  }

  void write(ByteBuilder out) {
    out.writeInt(size);
    if (size == 0) {
      return;
    }
    Aggregation.Slots slots = slots();
    out.writeBoolean(versions.length > 0);
    out.writeBoolean(weights.length > 0);
    out.writeByte(slots.longs());
    out.writeByte(slots.decimals());
    out.writeByte(slots.tallies());
    out.writeInts(ends, size);
    out.writeAll(ids, ends[size - 1]);
    out.writeLongs(contents, 2 * size);
    out.writeLongs(versions, versions.length == 0 ? 0 : size);
    out.writeLongs(weights, weights.length == 0 ? 0 : size);
    out.writeLongs(longs, slots.longs() * size);
    for (int i = 0; i < slots.decimals() * size; i++) {
      writeDecimal(decimals[i], out);
    }
    out.writeInts(tallies, slots.tallies() * size);
  }

  static IdentifiedEvents read(DataInput in) throws IOException {
    int size = in.readInt();
    if (size == 0) {
      return NONE;
    }
    boolean versioned = in.readBoolean();
    boolean weighted = in.readBoolean();
    int longSlots = in.readUnsignedByte();
    BigDecimal[] decimals = new BigDecimal[size * in.readUnsignedByte()];
    int tallySlots = in.readUnsignedByte();
    int[] ends = ByteBuilder.readInts(in, size);
    byte[] ids = new byte[ends[size - 1]];
    in.readFully(ids);
    long[] contents = ByteBuilder.readLongs(in, 2 * size);
    long[] versions = ByteBuilder.readLongs(in, versioned ? size : 0);
    long[] weights = ByteBuilder.readLongs(in, weighted ? size : 0);
    long[] longs = ByteBuilder.readLongs(in, longSlots * size);
    for (int i = 0; i < decimals.length; i++) {
      decimals[i] = readDecimal(in);
    }
    int[] tallies = ByteBuilder.readInts(in, tallySlots * size);
    return new IdentifiedEvents(
        size, ids, ends, contents, versions, weights, longs, decimals, tallies);
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
    if (!(other instanceof IdentifiedEvents that) || size != that.size) {
      return false;
    }
    if (size == 0) {
      return true;
    }
    Aggregation.Slots slots = slots();
    return slots.equals(that.slots())
        && areEqual(ends, that.ends, size)
        && Arrays.equals(ids, 0, ends[size - 1], that.ids, 0, ends[size - 1])
        && areEqual(contents, that.contents, 2 * size)
        && areEqual(versions, that.versions, versions.length == 0 ? 0 : size)
        && areEqual(weights, that.weights, weights.length == 0 ? 0 : size)
        && areEqual(longs, that.longs, slots.longs() * size)
        && Arrays.equals(
            decimals, 0, slots.decimals() * size, that.decimals, 0, slots.decimals() * size)
        && areEqual(tallies, that.tallies, slots.tallies() * size);
  }

  private static boolean areEqual(int[] left, int[] right, int count) {
    return right.length >= count && Arrays.equals(left, 0, count, right, 0, count);
  }

  private static boolean areEqual(long[] left, long[] right, int count) {
    return (left.length == 0) == (right.length == 0)
        && Arrays.equals(left, 0, count, right, 0, count);
  }

  @Override
  public int hashCode() {
    int hash = size;
    for (int event = 0; event < size; event++) {
      hash = 31 * hash + Long.hashCode(contents[2 * event]);
    }
    return hash;
  }

  /** Collects events in columns. Mutable; one step owns it. */
  static final class Collector {
    private static final int INITIAL = 8;
    private static final int INITIAL_ID_BYTES = 12;
    private static final long[] NOT_NEEDED = {};

    private final Aggregation.Slots slots;
    private int size;
    private byte[] ids;
    private int[] ends;
    private long[] contents;

    /** Not needed as long as all are 0. */
    private long[] versions = NOT_NEEDED;

    /** Not needed as long as all are 1. */
    private long[] weights = NOT_NEEDED;

    private long[] longs;
    private BigDecimal[] decimals;
    private int[] tallies;

    /** Of events with so many slots of each kind. */
    Collector(Aggregation.Slots slots) {
      this(slots, INITIAL);
    }

    private Collector(Aggregation.Slots slots, int capacity) {
      this.slots = slots;
      this.ids = new byte[capacity * INITIAL_ID_BYTES];
      this.ends = new int[capacity];
      this.contents = new long[2 * capacity];
      this.longs = new long[capacity * slots.longs()];
      this.decimals = new BigDecimal[capacity * slots.decimals()];
      this.tallies = new int[capacity * slots.tallies()];
    }

    /** Adds an event with what it adds to each slot; the arrays are copied. */
    void add(
        byte[] id,
        long version,
        long contentHigh,
        long contentLow,
        long weight,
        long[] ofLongs,
        BigDecimal[] ofDecimals,
        int[] ofTallies) {
      if (size == ends.length) {
        grow(size * 2);
      }
      putVersion(size, version);
      putWeight(size, weight);
      contents[2 * size] = contentHigh;
      contents[2 * size + 1] = contentLow;
      System.arraycopy(ofLongs, 0, longs, size * slots.longs(), slots.longs());
      System.arraycopy(ofDecimals, 0, decimals, size * slots.decimals(), slots.decimals());
      System.arraycopy(ofTallies, 0, tallies, size * slots.tallies(), slots.tallies());
      ends[size] = putIds(id, 0, id.length);
      size++;
    }

    private void putVersion(int event, long version) {
      if (version != 0 && versions.length == 0) {
        versions = new long[ends.length];
      }
      if (versions.length > 0) {
        versions[event] = version;
      }
    }

    private void putWeight(int event, long weight) {
      if (weight != 1 && weights.length == 0) {
        weights = new long[ends.length];
        Arrays.fill(weights, 1);
      }
      if (weights.length > 0) {
        weights[event] = weight;
      }
    }

    /** Puts bytes behind those of the last event; returns where they end. */
    private int putIds(byte[] from, int start, int end) {
      int at = size == 0 ? 0 : ends[size - 1];
      int count = end - start;
      if (ids.length - at < count) {
        ids = Arrays.copyOf(ids, Math.max(2 * ids.length, at + count));
      }
      System.arraycopy(from, start, ids, at, count);
      return at + count;
    }

    private void add(IdentifiedEvents from, int event) {
      addRange(from, event, event + 1);
    }

    private void addRange(IdentifiedEvents from, int begin, int end) {
      int count = end - begin;
      if (count == 0) {
        return;
      }
      int moved = (size == 0 ? 0 : ends[size - 1]) - from.start(begin);
      putIds(from.ids, from.start(begin), from.ends[end - 1]);
      System.arraycopy(from.contents, 2 * begin, contents, 2 * size, 2 * count);
      copy(from.longs, begin, longs, count, slots.longs());
      copy(from.decimals, begin, decimals, count, slots.decimals());
      copy(from.tallies, begin, tallies, count, slots.tallies());
      for (int i = 0; i < count; i++) {
        ends[size + i] = from.ends[begin + i] + moved;
        putVersion(size + i, from.version(begin + i));
        putWeight(size + i, from.weight(begin + i));
      }
      size += count;
    }

    /** The arrays of a kind of slot. */
    private void copy(Object from, int begin, Object to, int count, int slotsOfIt) {
      if (slotsOfIt > 0) {
        System.arraycopy(from, begin * slotsOfIt, to, size * slotsOfIt, count * slotsOfIt);
      }
    }

    /** All in the order in which they were added. The collector is used up. */
    private IdentifiedEvents toEvents() {
      return new IdentifiedEvents(
          size, ids, ends, contents, versions, weights, longs, decimals, tallies);
    }

    /** Those that count, in their order; the others are told. The collector is used up. */
    IdentifiedEvents toSorted(Repeated repeated) {
      IdentifiedEvents all = toEvents();
      if (isInOrder(all)) {
        return all;
      }
      Integer[] order = new Integer[size];
      Arrays.setAll(order, i -> i);
      Arrays.sort(order, (left, right) -> compare(all, left, all, right));
      Collector counting = new Collector(slots, size);
      int first = -1;
      for (int event : order) {
        if (first < 0 || compareIds(all, event, all, first) != 0) {
          counting.add(all, event);
          first = event;
        } else {
          repeated.add(all, event, !shareContent(all, event, all, first));
        }
      }
      return counting.toEvents();
    }

    /** Ids often grow with time. */
    private static boolean isInOrder(IdentifiedEvents all) {
      for (int event = 1; event < all.size; event++) {
        if (compareIds(all, event - 1, all, event) >= 0) {
          return false;
        }
      }
      return true;
    }

    private void grow(int capacity) {
      ends = Arrays.copyOf(ends, capacity);
      contents = Arrays.copyOf(contents, 2 * capacity);
      if (versions.length > 0) {
        versions = Arrays.copyOf(versions, capacity);
      }
      if (weights.length > 0) {
        weights = Arrays.copyOf(weights, capacity);
      }
      longs = Arrays.copyOf(longs, capacity * slots.longs());
      decimals = Arrays.copyOf(decimals, capacity * slots.decimals());
      tallies = Arrays.copyOf(tallies, capacity * slots.tallies());
    }
  }

  /** How many there are. */
  @Override
  public String toString() {
    return size + " events";
  }
}

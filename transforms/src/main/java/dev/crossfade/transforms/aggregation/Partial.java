package dev.crossfade.transforms.aggregation;

import dev.crossfade.transforms.results.Conflict;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The events of one key and window, folded. Immutable, because a runner may keep the very object in
 * its state and hand it out again after a restore. {@link #plus} is commutative and associative.
 *
 * <p>Where events have an id, each that counts is kept with what it adds, in the order of the ids,
 * so that its repetition is known and it can be taken back.
 */
public final class Partial implements Serializable {
  /** No events: adding it changes nothing. */
  public static final Partial NOTHING =
      new Partial(0, 0, 0, new long[0], new BigDecimal[0], new Tally[0], List.of(), List.of());

  private static final long serialVersionUID = 1L;

  private final long folded;
  private final long net;
  private final long duplicates;
  private final long[] longs;
  private final BigDecimal[] decimals;
  private final Tally[] tallies;
  private final List<Identified> identified;
  private final List<Conflict> conflicts;

  private Partial(
      long folded,
      long net,
      long duplicates,
      long[] longs,
      BigDecimal[] decimals,
      Tally[] tallies,
      List<Identified> identified,
      List<Conflict> conflicts) {
    this.folded = folded;
    this.net = net;
    this.duplicates = duplicates;
    this.longs = longs;
    this.decimals = decimals;
    this.tallies = tallies;
    this.identified = identified;
    this.conflicts = conflicts;
  }

  /** Events that are all different ones. */
  static Partial of(long folded, long net, long[] longs, BigDecimal[] decimals, Tally[] tallies) {
    return new Partial(folded, net, 0, longs, decimals, tallies, List.of(), List.of());
  }

  /** Events with ids, in any order, of which some may be the same one. */
  static Partial of(List<Identified> events) {
    Partial sum = NOTHING;
    for (Identified event : events) {
      sum = sum.plus(event.sums());
    }
    List<Identified> sorted = new ArrayList<>(events);
    sorted.sort(Identified.ORDER);
    return sum.withoutRepeated(sorted, List.of());
  }

  /**
   * How many events were folded and count: the sum of |weight|. It is counted in the same state as
   * the aggregates, so that it tells what came out and not what went in.
   */
  public long folded() {
    return folded;
  }

  /** How many events were not folded, or taken back, since another one of their id counts. */
  public long duplicates() {
    return duplicates;
  }

  /** The events that do not count since another one of their id, which differs, does. */
  public List<Conflict> conflicts() {
    return conflicts;
  }

  /** The sum of the weights: how many events stand. */
  public long net() {
    return net;
  }

  /** Whether any event stands; where none does there is no row. */
  public boolean exists() {
    return net > 0;
  }

  /** Both, folded into one. */
  public Partial plus(Partial other) {
    if (other.folded + other.duplicates == 0) {
      return this;
    }
    if (folded + duplicates == 0) {
      return other;
    }
    Partial sum = plus(other, 1);
    return identified.isEmpty() && other.identified.isEmpty()
        ? sum
        : sum.withoutRepeated(
            merge(identified, other.identified, Identified.ORDER),
            merge(conflicts, other.conflicts, Comparator.naturalOrder()));
  }

  /** The sums of both, or of this one less the other; the ids are left out. */
  private Partial plus(Partial other, int sign) {
    long[] sums = longs.clone();
    for (int i = 0; i < sums.length; i++) {
      sums[i] += sign * other.longs[i];
    }
    BigDecimal[] decimalSums = decimals.clone();
    for (int i = 0; i < decimalSums.length; i++) {
      decimalSums[i] =
          sign > 0
              ? decimalSums[i].add(other.decimals[i])
              : decimalSums[i].subtract(other.decimals[i]);
    }
    Tally[] tallySums = tallies.clone();
    for (int i = 0; i < tallySums.length; i++) {
      tallySums[i] = tallySums[i].plus(sign > 0 ? other.tallies[i] : other.tallies[i].negated());
    }
    return of(folded + sign * other.folded, net + sign * other.net, sums, decimalSums, tallySums)
        .withDuplicates(duplicates + other.duplicates);
  }

  private Partial withDuplicates(long number) {
    return new Partial(folded, net, number, longs, decimals, tallies, identified, conflicts);
  }

  /**
   * Takes back what was folded of events that do not count.
   *
   * @param sorted all events whose sums are in this, in their order
   * @param known the conflicts known so far
   */
  private Partial withoutRepeated(List<Identified> sorted, List<Conflict> known) {
    Partial sum = this;
    List<Identified> counting = new ArrayList<>(sorted.size());
    List<Conflict> lost = new ArrayList<>();
    for (Identified event : sorted) {
      Identified first = counting.isEmpty() ? null : counting.get(counting.size() - 1);
      if (first == null || !event.id().equals(first.id())) {
        counting.add(event);
        continue;
      }
      sum = sum.plus(event.sums(), -1).withDuplicates(sum.duplicates + event.sums().folded);
      Conflict conflict = event.toConflict();
      if (!event.sharesContentWith(first)
          && (lost.isEmpty() || !lost.get(lost.size() - 1).equals(conflict))) {
        lost.add(conflict);
      }
    }
    lost.sort(null);
    return new Partial(
        sum.folded,
        sum.net,
        sum.duplicates,
        sum.longs,
        sum.decimals,
        sum.tallies,
        List.copyOf(counting),
        merge(known, lost, Comparator.naturalOrder()).stream().distinct().toList());
  }

  /** Two lists in an order as one. */
  private static <T> List<T> merge(List<T> left, List<T> right, Comparator<T> order) {
    if (left.isEmpty() || right.isEmpty()) {
      return left.isEmpty() ? right : left;
    }
    List<T> merged = new ArrayList<>(left.size() + right.size());
    int l = 0;
    int r = 0;
    while (l < left.size() && r < right.size()) {
      merged.add(order.compare(left.get(l), right.get(r)) <= 0 ? left.get(l++) : right.get(r++));
    }
    merged.addAll(left.subList(l, left.size()));
    merged.addAll(right.subList(r, right.size()));
    return merged;
  }

  long longs(int slot) {
    return longs[slot];
  }

  BigDecimal decimals(int slot) {
    return decimals[slot];
  }

  Tally tallies(int slot) {
    return tallies[slot];
  }

  /** Writes it so that {@link #read} gives an equal one. */
  public void write(DataOutput out) throws IOException {
    out.writeLong(folded);
    out.writeLong(net);
    out.writeLong(duplicates);
    out.writeByte(longs.length);
    for (long value : longs) {
      out.writeLong(value);
    }
    out.writeByte(decimals.length);
    for (BigDecimal value : decimals) {
      byte[] unscaled = value.unscaledValue().toByteArray();
      out.writeInt(value.scale());
      out.writeInt(unscaled.length);
      out.write(unscaled);
    }
    out.writeByte(tallies.length);
    for (Tally tally : tallies) {
      tally.write(out);
    }
    out.writeInt(identified.size());
    for (Identified event : identified) {
      event.write(out);
    }
    out.writeInt(conflicts.size());
    for (Conflict conflict : conflicts) {
      out.writeUTF(conflict.id());
      out.writeLong(conflict.contentHigh());
      out.writeLong(conflict.contentLow());
    }
  }

  /** Reads what {@link #write} wrote. */
  public static Partial read(DataInput in) throws IOException {
    long folded = in.readLong();
    long net = in.readLong();
    long duplicates = in.readLong();
    long[] longs = new long[in.readUnsignedByte()];
    for (int i = 0; i < longs.length; i++) {
      longs[i] = in.readLong();
    }
    BigDecimal[] decimals = new BigDecimal[in.readUnsignedByte()];
    for (int i = 0; i < decimals.length; i++) {
      int scale = in.readInt();
      byte[] unscaled = new byte[in.readInt()];
      in.readFully(unscaled);
      decimals[i] = new BigDecimal(new BigInteger(unscaled), scale);
    }
    Tally[] tallies = new Tally[in.readUnsignedByte()];
    for (int i = 0; i < tallies.length; i++) {
      tallies[i] = Tally.read(in);
    }
    Identified[] identified = new Identified[in.readInt()];
    for (int i = 0; i < identified.length; i++) {
      identified[i] = Identified.read(in);
    }
    Conflict[] conflicts = new Conflict[in.readInt()];
    for (int i = 0; i < conflicts.length; i++) {
      conflicts[i] = new Conflict(in.readUTF(), in.readLong(), in.readLong());
    }
    return new Partial(
        folded, net, duplicates, longs, decimals, tallies, List.of(identified), List.of(conflicts));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Partial that
        && folded == that.folded
        && net == that.net
        && duplicates == that.duplicates
        && Arrays.equals(longs, that.longs)
        && Arrays.equals(decimals, that.decimals)
        && Arrays.equals(tallies, that.tallies)
        && identified.equals(that.identified)
        && conflicts.equals(that.conflicts);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(new int[] {Long.hashCode(folded), Arrays.hashCode(longs)});
  }

  @Override
  public String toString() {
    return "Partial{folded="
        + folded
        + ", net="
        + net
        + ", duplicates="
        + duplicates
        + ", longs="
        + Arrays.toString(longs)
        + ", decimals="
        + Arrays.toString(decimals)
        + ", tallies="
        + Arrays.toString(tallies)
        + ", conflicts="
        + conflicts
        + "}";
  }
}

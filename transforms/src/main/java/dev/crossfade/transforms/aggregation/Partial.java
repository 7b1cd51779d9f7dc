package dev.crossfade.transforms.aggregation;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * The events of one key and window, folded. Immutable, because a runner may keep the very object in
 * its state and hand it out again after a restore. {@link #plus} is commutative and associative.
 */
public final class Partial implements Serializable {
  /** No events: adding it changes nothing. */
  public static final Partial NOTHING =
      new Partial(0, 0, new long[0], new BigDecimal[0], new Tally[0]);

  private static final long serialVersionUID = 1L;

  private final long folded;
  private final long net;
  private final long[] longs;
  private final BigDecimal[] decimals;
  private final Tally[] tallies;

  Partial(long folded, long net, long[] longs, BigDecimal[] decimals, Tally[] tallies) {
    this.folded = folded;
    this.net = net;
    this.longs = longs;
    this.decimals = decimals;
    this.tallies = tallies;
  }

  /**
   * How many events were folded: the sum of |weight|. It is counted in the same state as the
   * aggregates, so that it tells what came out and not what went in.
   */
  public long folded() {
    return folded;
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
    if (other.folded == 0) {
      return this;
    }
    if (folded == 0) {
      return other;
    }
    long[] sums = longs.clone();
    for (int i = 0; i < sums.length; i++) {
      sums[i] += other.longs[i];
    }
    BigDecimal[] decimalSums = decimals.clone();
    for (int i = 0; i < decimalSums.length; i++) {
      decimalSums[i] = decimalSums[i].add(other.decimals[i]);
    }
    Tally[] tallySums = tallies.clone();
    for (int i = 0; i < tallySums.length; i++) {
      tallySums[i] = tallySums[i].plus(other.tallies[i]);
    }
    return new Partial(folded + other.folded, net + other.net, sums, decimalSums, tallySums);
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
  }

  /** Reads what {@link #write} wrote. */
  public static Partial read(DataInput in) throws IOException {
    long folded = in.readLong();
    long net = in.readLong();
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
    return new Partial(folded, net, longs, decimals, tallies);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Partial that
        && folded == that.folded
        && net == that.net
        && Arrays.equals(longs, that.longs)
        && Arrays.equals(decimals, that.decimals)
        && Arrays.equals(tallies, that.tallies);
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
        + ", longs="
        + Arrays.toString(longs)
        + ", decimals="
        + Arrays.toString(decimals)
        + ", tallies="
        + Arrays.toString(tallies)
        + "}";
  }
}

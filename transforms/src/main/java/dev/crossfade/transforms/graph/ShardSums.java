package dev.crossfade.transforms.graph;

import dev.crossfade.transforms.aggregation.Partial;
import dev.crossfade.transforms.results.TypedRow;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Map;

/**
 * The partial results of all keys of a shard in one window. A runner spends more on a group (its
 * state, its timers, its firing) than on what is in it, and a flow has far more keys than a runner
 * needs groups.
 *
 * <p>It is a sequence of parts, of which each may stand in bytes: on its way from the step that
 * folds events to the one that makes rows it is written, read, copied, combined and thrown away
 * several times, and only the last step, or a sum of too many parts, has to look into it.
 * Immutable, because a runner may keep the very object in its state; {@link #plus} is commutative
 * and associative in what {@link #merged} gives.
 */
final class ShardSums implements Serializable {
  /** Of no keys: adding it changes nothing. */
  static final ShardSums NOTHING = new ShardSums();

  private static final long serialVersionUID = 1L;

  /**
   * How many shards there are: enough for the subtasks that a job of this kind has, and to spread
   * keys over them evenly. It is the same in every run, since state is kept by shard.
   */
  static final int SHARDS = 64;

  /** Of so many parts one is made, so that what they share is not kept again and again. */
  private static final int MOST_PARTS = 8;

  private final Part[] parts;

  private ShardSums(Part... parts) {
    this.parts = parts;
  }

  /** Some of the sums. */
  sealed interface Part extends Serializable {
    /** The sums to be looked at. */
    KeySums sums();
  }

  /** Sums that can be looked at. */
  record Open(KeySums sums) implements Part {}

  /** Sums in bytes. */
  static final class Closed implements Part {
    private static final long serialVersionUID = 1L;

    private final byte[] bytes;
    private final ShardSumsCoder coder;

    Closed(byte[] bytes, ShardSumsCoder coder) {
      this.bytes = bytes;
      this.coder = coder;
    }

    /** What the coder reads; not to be changed. */
    byte[] bytes() {
      return bytes;
    }

    @Override
    public KeySums sums() {
      return coder.open(bytes);
    }
  }

  /** The shard of a key, the same on every machine. */
  static int shardOf(TypedRow key) {
    // Hashes of like texts differ in their lower bits only; this spreads them.
    int spread = key.hashCode() * 0x9E3779B9;
    return (spread >>> 16) % SHARDS;
  }

  /** Of these keys. */
  static ShardSums of(Map<TypedRow, Partial> byKey) {
    return new ShardSums(new Open(KeySums.of(byKey)));
  }

  /** Of parts that were written. */
  static ShardSums ofParts(Part[] parts) {
    return new ShardSums(parts);
  }

  /** The parts; the array must not be changed. */
  Part[] parts() {
    return parts;
  }

  /** All parts as one. */
  KeySums merged() {
    return merged(0, parts.length);
  }

  /** Halves of like size, so that no key is copied more often than there are levels. */
  private KeySums merged(int from, int to) {
    if (to - from < 2) {
      return from == to ? KeySums.NOTHING : parts[from].sums();
    }
    int middle = (from + to) >>> 1;
    return merged(from, middle).plus(merged(middle, to));
  }

  /** Both. */
  ShardSums plus(ShardSums other) {
    if (other.parts.length == 0) {
      return this;
    }
    if (parts.length == 0) {
      return other;
    }
    Part[] both = Arrays.copyOf(parts, parts.length + other.parts.length);
    System.arraycopy(other.parts, 0, both, parts.length, other.parts.length);
    ShardSums sum = new ShardSums(both);
    return both.length <= MOST_PARTS ? sum : new ShardSums(new Open(sum.merged()));
  }

  /** Whether both are of the same sums, in whatever parts. */
  @Override
  public boolean equals(Object other) {
    return other instanceof ShardSums that && merged().equals(that.merged());
  }

  @Override
  public int hashCode() {
    return merged().hashCode();
  }

  @Override
  public String toString() {
    return "ShardSums" + merged();
  }
}

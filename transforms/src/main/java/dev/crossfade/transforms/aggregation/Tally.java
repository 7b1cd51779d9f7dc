package dev.crossfade.transforms.aggregation;

import dev.crossfade.transforms.results.ByteBuilder;
import java.io.DataInput;
import java.io.IOException;
import java.io.Serializable;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Integers with the sum of their weights, in ascending order and without those that sum to nothing:
 * a Z-set. It is what a greatest value needs so that taking an event away brings back the one
 * before. Immutable.
 */
final class Tally implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int[] values;
  private final long[] weights;

  private Tally(int[] values, long[] weights) {
    this.values = values;
    this.weights = weights;
  }

  static Tally of(SortedMap<Integer, Long> weightsByValue) {
    int[] values = new int[weightsByValue.size()];
    long[] weights = new long[values.length];
    int i = 0;
    for (var entry : weightsByValue.entrySet()) {
      values[i] = entry.getKey();
      weights[i++] = entry.getValue();
    }
    return new Tally(values, weights);
  }

  /** One value. */
  static Tally of(int value, long weight) {
    return new Tally(new int[] {value}, new long[] {weight});
  }

  /** The values that events have in a slot. */
  static Tally of(IdentifiedEvents events, int slot, int slots) {
    TreeMap<Integer, Long> weightsByValue = new TreeMap<>();
    for (int event = 0; event < events.size(); event++) {
      weightsByValue.merge(
          events.tallies(event, slot, slots), events.weight(event), Tally::sumOrNothing);
    }
    return of(weightsByValue);
  }

  /** For a map's merge: a value whose weights sum to nothing is not in it. */
  static Long sumOrNothing(Long left, Long right) {
    long sum = left + right;
    return sum == 0 ? null : (Long) sum;
  }

  Tally plus(Tally other) {
    int[] mergedValues = new int[values.length + other.values.length];
    long[] mergedWeights = new long[mergedValues.length];
    int size = 0;
    int left = 0;
    int right = 0;
    while (left < values.length || right < other.values.length) {
      boolean takeLeft =
          right == other.values.length
              || (left < values.length && values[left] <= other.values[right]);
      boolean takeRight =
          left == values.length
              || (right < other.values.length && other.values[right] <= values[left]);
      int value = takeLeft ? values[left] : other.values[right];
      long weight = (takeLeft ? weights[left++] : 0) + (takeRight ? other.weights[right++] : 0);
      if (weight != 0) {
        mergedValues[size] = value;
        mergedWeights[size++] = weight;
      }
    }
    return new Tally(Arrays.copyOf(mergedValues, size), Arrays.copyOf(mergedWeights, size));
  }

  /** The greatest value of positive weight, or null. */
  Long greatest() {
    for (int i = values.length - 1; i >= 0; i--) {
      if (weights[i] > 0) {
        return (long) values[i];
      }
    }
    return null;
  }

  /** The least value of positive weight, or null. */
  Long least() {
    for (int i = 0; i < values.length; i++) {
      if (weights[i] > 0) {
        return (long) values[i];
      }
    }
    return null;
  }

  void write(ByteBuilder out) {
    out.writeInt(values.length);
    for (int i = 0; i < values.length; i++) {
      out.writeInt(values[i]);
      out.writeLong(weights[i]);
    }
  }

  static Tally read(DataInput in) throws IOException {
    int size = in.readInt();
    int[] values = new int[size];
    long[] weights = new long[size];
    for (int i = 0; i < size; i++) {
      values[i] = in.readInt();
      weights[i] = in.readLong();
    }
    return new Tally(values, weights);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Tally that
        && Arrays.equals(values, that.values)
        && Arrays.equals(weights, that.weights);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(values) + Arrays.hashCode(weights);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("{");
    for (int i = 0; i < values.length; i++) {
      text.append(i == 0 ? "" : ", ").append(values[i]).append('×').append(weights[i]);
    }
    return text.append('}').toString();
  }
}

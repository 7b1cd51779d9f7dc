package dev.crossfade.transforms.graph;

import dev.crossfade.transforms.aggregation.Partial;
import dev.crossfade.transforms.results.TypedRow;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Map;

/**
 * The partial results of some keys in one window, in an order of their own, each key once.
 * Immutable; {@link #plus} is commutative and associative.
 */
final class KeySums implements Serializable {
  /** Of no keys: adding it changes nothing. */
  static final KeySums NOTHING = new KeySums(new TypedRow[0], new Partial[0]);

  private static final long serialVersionUID = 1L;

  private final TypedRow[] keys;
  private final Partial[] partials;

  private KeySums(TypedRow[] keys, Partial[] partials) {
    this.keys = keys;
    this.partials = partials;
  }

  /** Of these keys. */
  static KeySums of(Map<TypedRow, Partial> byKey) {
    TypedRow[] keys = byKey.keySet().toArray(TypedRow[]::new);
    Arrays.sort(keys, KeySums::compare);
    Partial[] partials = new Partial[keys.length];
    Arrays.setAll(partials, i -> byKey.get(keys[i]));
    return new KeySums(keys, partials);
  }

  /** Of keys in the order in which they are in one. */
  static KeySums ofOrdered(TypedRow[] keys, Partial[] partials) {
    return new KeySums(keys, partials);
  }

  /** How many keys there are. */
  int size() {
    return keys.length;
  }

  /** One of the keys, in an order of their own. */
  TypedRow key(int index) {
    return keys[index];
  }

  /** The partial result of that key. */
  Partial partial(int index) {
    return partials[index];
  }

  /** Both, folded into one. */
  KeySums plus(KeySums other) {
    if (other.keys.length == 0) {
      return this;
    }
    if (keys.length == 0) {
      return other;
    }
    TypedRow[] allKeys = new TypedRow[keys.length + other.keys.length];
    Partial[] allPartials = new Partial[allKeys.length];
    int size = 0;
    int left = 0;
    int right = 0;
    while (left < keys.length && right < other.keys.length) {
      int order = compare(keys[left], other.keys[right]);
      if (order == 0) {
        allKeys[size] = keys[left];
        allPartials[size++] = partials[left++].plus(other.partials[right++]);
      } else if (order < 0) {
        allKeys[size] = keys[left];
        allPartials[size++] = partials[left++];
      } else {
        allKeys[size] = other.keys[right];
        allPartials[size++] = other.partials[right++];
      }
    }
    int leftRest = keys.length - left;
    System.arraycopy(keys, left, allKeys, size, leftRest);
    System.arraycopy(partials, left, allPartials, size, leftRest);
    size += leftRest;
    int rightRest = other.keys.length - right;
    System.arraycopy(other.keys, right, allKeys, size, rightRest);
    System.arraycopy(other.partials, right, allPartials, size, rightRest);
    size += rightRest;
    return size == allKeys.length
        ? new KeySums(allKeys, allPartials)
        : new KeySums(Arrays.copyOf(allKeys, size), Arrays.copyOf(allPartials, size));
  }

  /** By hash, so that two can be merged in one pass; the values tell those of one hash apart. */
  private static int compare(TypedRow left, TypedRow right) {
    int order = Integer.compare(left.hashCode(), right.hashCode());
    for (int i = 0; order == 0 && i < left.size(); i++) {
      order = compareValues(left.get(i), right.get(i));
    }
    return order;
  }

  /** Of one column of a key, in which nothing is null and every class has an order. */
  @SuppressWarnings("unchecked") // Both are of the class of their column.
  private static int compareValues(Object left, Object right) {
    return ((Comparable<Object>) left).compareTo(right);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KeySums that
        && Arrays.equals(keys, that.keys)
        && Arrays.equals(partials, that.partials);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(keys);
  }

  @Override
  public String toString() {
    return "KeySums" + Arrays.toString(keys);
  }
}

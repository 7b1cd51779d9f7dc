package dev.crossfade.transforms.aggregation;

import dev.crossfade.transforms.results.Column;
import dev.crossfade.transforms.results.ColumnType;
import dev.crossfade.transforms.results.Decimals;
import dev.crossfade.transforms.results.RowSchema;
import dev.crossfade.transforms.results.TypedRow;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.apache.beam.sdk.transforms.SerializableFunction;

/**
 * A computation that keeps one row per key and window: what the key is, and which aggregates stand
 * in the row. Immutable; each method returns a new aggregation with one thing more.
 *
 * <p>Works on bounded and unbounded input alike. A row appears early (after the settings' {@code
 * earlyFiring}), when the watermark passes the window's end, and again for each event that comes
 * after that and before the window closes; each appearance replaces the one before. Every aggregate
 * folds the event's weight, so an event of weight −1 takes back exactly what one of +1 has added.
 *
 * <p>A function that throws makes the event a dead letter; it never stops the pipeline.
 *
 * @param <E> the event's type
 */
public final class Aggregation<E> implements Serializable {
  private static final long serialVersionUID = 1L;

  /**
   * An entry of a PostgreSQL index has room for 2,704 bytes, and a character takes three at most. A
   * row that does not fit would fail the run again and again; an event that asks for one is dead.
   */
  private static final int MAX_KEY_LENGTH = 600;

  /** Reads an {@code int} from an event, on the workers. */
  public interface IntOf<E> extends ToIntFunction<E>, Serializable {}

  /** Reads a value from an event, on the workers. */
  public interface ValueOf<E, V> extends Function<E, V>, Serializable {}

  /** Says something about an event, on the workers. */
  public interface Condition<E> extends Predicate<E>, Serializable {}

  /** Leaves ten digits of a decimal column before the point, or for a sum to grow into. */
  private static final int MAX_SCALE = Column.MAX_PRECISION - 10;

  private final RowSchema key;
  private final List<ValueOf<E, ?>> keyParts;
  private final RowSchema values;
  private final List<Aggregate<E>> aggregates;
  private final Slots slots;
  private final List<Condition<E>> conditions;
  private final Identity<E> identity;

  private Aggregation(
      RowSchema key,
      List<ValueOf<E, ?>> keyParts,
      RowSchema values,
      List<Aggregate<E>> aggregates,
      Slots slots,
      List<Condition<E>> conditions,
      Identity<E> identity) {
    this.key = key;
    this.keyParts = keyParts;
    this.values = values;
    this.aggregates = aggregates;
    this.slots = slots;
    this.conditions = conditions;
    this.identity = identity;
  }

  /** An aggregation without a key and without a value yet. */
  public static <E> Aggregation<E> over(Class<E> eventType) {
    if (!eventType.isRecord()) {
      throw new IllegalArgumentException(eventType + " is not a Java record");
    }
    return new Aggregation<>(
        RowSchema.of(),
        List.of(),
        RowSchema.of(),
        List.of(),
        new Slots(0, 0, 0),
        List.of(),
        Identity.none(eventType));
  }

  /**
   * Counts each event once, however often it was sent. Within one key and window, of events that
   * share an id one is folded: if they differ, the one with the greatest version ({@link
   * #versionedBy}), and among those the one whose content has the greatest digest, so that neither
   * the order of arrival nor the lane decides. The others are counted as duplicates, and those that
   * differ are listed as conflicts.
   *
   * <p>It costs no shuffle; the state of a key and window holds what each event adds until the
   * window closes. Events that share an id but not their key or their window are not told apart.
   *
   * @param of the id: a text, a whole number, a decimal, a date or a time; a null makes the event a
   *     dead letter
   */
  public Aggregation<E> identifiedBy(ValueOf<E, ?> of) {
    return new Aggregation<>(
        key, keyParts, values, aggregates, slots, conditions, identity.withId(of));
  }

  /** Says which of two events that share an id is the newer one: that of the greater version. */
  public Aggregation<E> versionedBy(ValueOf<E, Long> of) {
    return new Aggregation<>(
        key, keyParts, values, aggregates, slots, conditions, identity.withVersion(of));
  }

  /**
   * Takes only the events for which a condition holds; the ledger counts the others as filtered.
   */
  public Aggregation<E> where(Condition<E> condition) {
    return new Aggregation<>(
        key, keyParts, values, aggregates, slots, plus(conditions, condition), identity);
  }

  /** Adds a key column. A null makes the event a dead letter. */
  public Aggregation<E> key(String column, ColumnType type, ValueOf<E, ?> of) {
    return new Aggregation<>(
        plus(key, Column.of(column, type)),
        plus(keyParts, of),
        values,
        aggregates,
        slots,
        conditions,
        identity);
  }

  /** Adds the number of events. */
  public Aggregation<E> count(String column) {
    return with(Column.of(column, ColumnType.BIGINT), slots, new Aggregate.Count<>());
  }

  /** Adds the number of events for which a condition holds. */
  public Aggregation<E> countWhere(String column, Condition<E> condition) {
    return with(
        Column.of(column, ColumnType.BIGINT),
        slots.plusLong(),
        new Aggregate.CountWhere<>(slots.longs(), condition));
  }

  /**
   * Adds the exact sum of an integer. It cannot overflow in fewer than 2<sup>32</sup> events of one
   * key and window.
   */
  public Aggregation<E> sum(String column, IntOf<E> of) {
    return with(
        Column.of(column, ColumnType.BIGINT),
        slots.plusLong(),
        new Aggregate.Sum<>(slots.longs(), of));
  }

  /**
   * Adds the exact sum of a decimal. It cannot outgrow its column in fewer than ten thousand
   * million events of one key and window, and is null if it does.
   *
   * @param scale digits after the point, at most {@value #MAX_SCALE}; a value with more, or with
   *     more than {@value #MAX_SCALE} − scale before it, makes the event a dead letter
   * @throws IllegalArgumentException if the scale is greater
   */
  public Aggregation<E> sum(String column, int scale, ValueOf<E, BigDecimal> of) {
    requireScale(column, scale);
    return with(
        Column.decimal(column, scale),
        slots.plusDecimal(),
        new Aggregate.DecimalSum<>(slots.decimals(), scale, of));
  }

  /**
   * Adds the mean of an integer, rounded once, half away from zero, as SQL's {@code round} does.
   *
   * @param scale digits after the point, at most {@value #MAX_SCALE}: an integer has ten before it
   * @throws IllegalArgumentException if the scale is greater
   */
  public Aggregation<E> mean(String column, int scale, IntOf<E> of) {
    requireScale(column, scale);
    return with(
        Column.decimal(column, scale),
        slots.plusLong(),
        new Aggregate.Mean<>(slots.longs(), scale, of));
  }

  /**
   * Adds the greatest integer. Its state holds each different value once with its weight, since an
   * event may be taken away again; mind this where values are many.
   */
  public Aggregation<E> max(String column, IntOf<E> of) {
    return with(
        Column.of(column, ColumnType.BIGINT),
        slots.plusTally(),
        new Aggregate.Extreme<>(slots.tallies(), true, of));
  }

  /** Adds the least integer; its state is that of {@link #max}. */
  public Aggregation<E> min(String column, IntOf<E> of) {
    return with(
        Column.of(column, ColumnType.BIGINT),
        slots.plusTally(),
        new Aggregate.Extreme<>(slots.tallies(), false, of));
  }

  /**
   * Adds a text that follows from the key alone, such as a name from reference data. It has no
   * state. A key for which the function throws, or gives what no column can hold, makes its events
   * dead letters.
   */
  public Aggregation<E> describe(String column, SerializableFunction<TypedRow, String> ofKey) {
    return with(Column.of(column, ColumnType.TEXT), slots, new Aggregate.Described<>(ofKey));
  }

  /**
   * What a {@link Partial} of this aggregation holds, in order. State that was written with one
   * layout means something else in another; a function that reads an event otherwise does not
   * change it.
   */
  public String layout() {
    StringBuilder layout = new StringBuilder();
    for (int i = 0; i < aggregates.size(); i++) {
      String held = aggregates.get(i).held();
      if (!held.isEmpty()) {
        layout.append(values.column(i).name()).append(' ').append(held).append(", ");
      }
    }
    return layout
        .append(identity.isKnown() ? "events by id, in columns of bytes" : "no ids")
        .toString();
  }

  /** The key columns. */
  public RowSchema keySchema() {
    return key;
  }

  /** The value columns. */
  public RowSchema valueSchema() {
    return values;
  }

  /**
   * The key of an event.
   *
   * @throws IllegalArgumentException if a part of it is null or does not fit its column, or if its
   *     texts have more than {@value #MAX_KEY_LENGTH} characters together
   */
  public TypedRow keyOf(E event) {
    Object[] parts = new Object[keyParts.size()];
    int length = 0;
    for (int i = 0; i < parts.length; i++) {
      parts[i] = keyParts.get(i).apply(event);
      if (parts[i] == null) {
        throw new IllegalArgumentException("the key column '" + key.column(i).name() + "' is null");
      }
      if (parts[i] instanceof String text) {
        length += text.length();
      }
    }
    if (length > MAX_KEY_LENGTH) {
      throw new IllegalArgumentException(
          "the key's text has " + length + " characters; at most " + MAX_KEY_LENGTH);
    }
    return TypedRow.of(key, parts);
  }

  /**
   * An empty accumulation for one key and window, to be used by one thread.
   *
   * @throws RuntimeException what a description of the key throws, or if it cannot be held
   */
  public Accumulation<E> accumulation(TypedRow keyRow) {
    for (int i = 0; i < aggregates.size(); i++) {
      if (aggregates.get(i) instanceof Aggregate.Described<E> described) {
        values.column(i).normalize(described.result(keyRow, null));
      }
    }
    return new Accumulation<>(aggregates, slots, identity);
  }

  /** Whether the conditions hold for an event. */
  public boolean counts(E event) {
    for (Condition<E> condition : conditions) {
      if (!condition.test(event)) {
        return false;
      }
    }
    return true;
  }

  /**
   * The values of the row of a key; there is one only while {@link Partial#exists}.
   *
   * <p>A value that its column cannot hold is null. No event is to blame for it, and none can be
   * left out, so neither a dead letter nor a failure would help: the next attempt comes to the same
   * sum. The bounds of what one event may add make this impossible with fewer than 2<sup>32</sup>
   * events of one key and window. It follows from the events alone, so it is the same in every lane
   * and order.
   */
  public TypedRow valuesOf(TypedRow keyRow, Partial partial) {
    Object[] row = new Object[aggregates.size()];
    if (partial.exists()) {
      for (int i = 0; i < row.length; i++) {
        Object value = aggregates.get(i).result(keyRow, partial);
        row[i] = values.column(i).misfit(value) == null ? value : null;
      }
    }
    return TypedRow.of(values, row);
  }

  private static void requireScale(String column, int scale) {
    if (scale > MAX_SCALE) {
      throw new IllegalArgumentException(
          "column '"
              + column
              + "' is to have "
              + scale
              + " digits after the point; at most "
              + MAX_SCALE);
    }
  }

  private Aggregation<E> with(Column column, Slots newSlots, Aggregate<E> aggregate) {
    return new Aggregation<>(
        key,
        keyParts,
        plus(values, column),
        plus(aggregates, aggregate),
        newSlots,
        conditions,
        identity);
  }

  private static RowSchema plus(RowSchema schema, Column column) {
    return new RowSchema(plus(schema.columns(), column));
  }

  private static <T> List<T> plus(List<? extends T> list, T element) {
    List<T> longer = new ArrayList<>(list);
    longer.add(element);
    return List.copyOf(longer);
  }

  /** How many places of each kind a {@link Partial} has. */
  record Slots(int longs, int decimals, int tallies) implements Serializable {
    Slots plusLong() {
      return new Slots(longs + 1, decimals, tallies);
    }

    Slots plusDecimal() {
      return new Slots(longs, decimals + 1, tallies);
    }

    Slots plusTally() {
      return new Slots(longs, decimals, tallies + 1);
    }
  }

  /** One aggregate: which slots it folds an event into and what it makes of them. */
  sealed interface Aggregate<E> extends Serializable {
    /** Reads the event before anything is folded, so that a failing event leaves no trace. */
    Object read(E event);

    void fold(Object read, long weight, Accumulation<E> into);

    Object result(TypedRow key, Partial partial);

    /** What it keeps of the events, or nothing if it keeps nothing of its own. */
    default String held() {
      return "integer " + slot();
    }

    /** Where it keeps it. */
    int slot();

    /** Number of events. */
    record Count<E>() implements Aggregate<E> {
      @Override
      public String held() {
        return "";
      }

      @Override
      public int slot() {
        return -1;
      }

      @Override
      public Object read(E event) {
        return null;
      }

      @Override
      public void fold(Object read, long weight, Accumulation<E> into) {
        // The accumulation counts every event by itself.
      }

      @Override
      public Object result(TypedRow key, Partial partial) {
        return partial.net();
      }
    }

    /** Number of events for which a condition holds. */
    record CountWhere<E>(int slot, Condition<E> condition) implements Aggregate<E> {
      @Override
      public Object read(E event) {
        return condition.test(event);
      }

      @Override
      public void fold(Object read, long weight, Accumulation<E> into) {
        if ((Boolean) read) {
          into.add(slot, weight);
        }
      }

      @Override
      public Object result(TypedRow key, Partial partial) {
        return partial.longs(slot);
      }
    }

    /** Exact sum of an integer. */
    record Sum<E>(int slot, IntOf<E> of) implements Aggregate<E> {
      @Override
      public Object read(E event) {
        return of.applyAsInt(event);
      }

      @Override
      public void fold(Object read, long weight, Accumulation<E> into) {
        into.add(slot, weight * (Integer) read);
      }

      @Override
      public Object result(TypedRow key, Partial partial) {
        return partial.longs(slot);
      }
    }

    /** Exact sum of a decimal. */
    record DecimalSum<E>(int slot, int scale, ValueOf<E, BigDecimal> of) implements Aggregate<E> {
      private static final int MOST_SHOWN = 60;

      @Override
      public String held() {
        return "decimal " + slot;
      }

      @Override
      public Object read(E event) {
        BigDecimal value = of.apply(event);
        if (value == null) {
          throw new IllegalArgumentException("a value to be summed is null");
        }
        if (Decimals.wholeDigits(value) > MAX_SCALE - scale) {
          throw new IllegalArgumentException(
              shown(value) + " has more than " + (MAX_SCALE - scale) + " digits before the point");
        }
        if (Decimals.hasMoreFractionDigits(value, scale)) {
          throw new IllegalArgumentException(
              shown(value) + " has more than " + scale + " digits after the point");
        }
        return Decimals.withScale(value, scale);
      }

      private static String shown(BigDecimal value) {
        String text = value.toString();
        return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "…";
      }

      @Override
      public void fold(Object read, long weight, Accumulation<E> into) {
        into.add(slot, ((BigDecimal) read).multiply(BigDecimal.valueOf(weight)));
      }

      @Override
      public Object result(TypedRow key, Partial partial) {
        return partial.decimals(slot);
      }
    }

    /** Mean of an integer: the exact sum, divided and rounded once. */
    record Mean<E>(int slot, int scale, IntOf<E> of) implements Aggregate<E> {
      @Override
      public Object read(E event) {
        return of.applyAsInt(event);
      }

      @Override
      public void fold(Object read, long weight, Accumulation<E> into) {
        into.add(slot, weight * (Integer) read);
      }

      @Override
      public Object result(TypedRow key, Partial partial) {
        return BigDecimal.valueOf(partial.longs(slot))
            .divide(BigDecimal.valueOf(partial.net()), scale, RoundingMode.HALF_UP);
      }
    }

    /** Greatest or least integer. */
    record Extreme<E>(int slot, boolean greatest, IntOf<E> of) implements Aggregate<E> {
      @Override
      public String held() {
        return "tally " + slot;
      }

      @Override
      public Object read(E event) {
        return of.applyAsInt(event);
      }

      @Override
      public void fold(Object read, long weight, Accumulation<E> into) {
        into.tally(slot, (Integer) read, weight);
      }

      @Override
      public Object result(TypedRow key, Partial partial) {
        Tally tally = partial.tallies(slot);
        return greatest ? tally.greatest() : tally.least();
      }
    }

    /** A text that follows from the key. */
    record Described<E>(SerializableFunction<TypedRow, String> ofKey) implements Aggregate<E> {
      @Override
      public String held() {
        return "";
      }

      @Override
      public int slot() {
        return -1;
      }

      @Override
      public Object read(E event) {
        return null;
      }

      @Override
      public void fold(Object read, long weight, Accumulation<E> into) {
        // It has no state.
      }

      @Override
      public Object result(TypedRow key, Partial partial) {
        return ofKey.apply(key);
      }
    }
  }
}

package dev.crossfade.transforms.records;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Decodes records into a Java record by the names of its components in snake case. Every component
 * must be there, but for those marked {@link Nullable}; fields that the class does not have are
 * passed over. Not thread-safe.
 *
 * @param <E> the Java record
 */
public final class RecordDecoder<E> implements RecordFormat.FieldVisitor {
  private static final List<Class<?>> SUPPORTED =
      List.of(
          int.class,
          Integer.class,
          long.class,
          Long.class,
          boolean.class,
          Boolean.class,
          String.class,
          BigDecimal.class,
          LocalDate.class,
          LocalDateTime.class,
          Instant.class);
  private static final int MAX_NUMBER_LENGTH = 60;
  private static final int MOST_REMEMBERED = 64;

  /** A field that is no component. */
  private static final int UNWANTED = -1;

  /** A field that is no component, and the event time. */
  private static final int TIME_ONLY = -2;

  private final RecordFormat.FieldReader fields;
  private final Map<String, Integer> indexes = new HashMap<>();
  private final String[] names;
  private final Class<?>[] types;
  private final boolean[] nullable;
  private final MethodHandle constructor;
  private final Object[] values;
  private final boolean[] seen;
  private final EventTimes times;
  private final int timeIndex;
  private boolean seenTime;
  private String time;

  /**
   * The names of the record before, in their order, and the component of each: most records have
   * the same in the same order, and a name that is where it was need not be looked up.
   */
  private final List<String> namesBefore = new ArrayList<>();

  private final int[] indexesBefore = new int[MOST_REMEMBERED];
  private int position;

  /** The component of the field at hand, or one of the two below. */
  private int index;

  /**
   * A decoder of records of a format.
   *
   * @param times where their event time stands
   * @throws IllegalArgumentException if the class is not a public record, or a component is of a
   *     class that is not supported
   */
  public RecordDecoder(Class<E> type, RecordFormat format, EventTimes times) {
    RecordComponent[] components = type.getRecordComponents();
    if (components == null) {
      throw new IllegalArgumentException(type.getName() + " is not a Java record");
    }
    this.fields = format.reader();
    this.times = times.of(format);
    this.names = new String[components.length];
    this.types = new Class<?>[components.length];
    this.nullable = new boolean[components.length];
    this.values = new Object[components.length];
    this.seen = new boolean[components.length];
    for (int i = 0; i < components.length; i++) {
      names[i] = snakeCase(components[i].getName());
      types[i] = components[i].getType();
      nullable[i] = components[i].isAnnotationPresent(Nullable.class);
      if (!SUPPORTED.contains(types[i])) {
        throw new IllegalArgumentException(
            type.getName()
                + "."
                + components[i].getName()
                + " is of "
                + types[i].getSimpleName()
                + "; supported are "
                + SUPPORTED.stream().map(Class::getSimpleName).toList());
      }
      if (nullable[i] && types[i].isPrimitive()) {
        throw new IllegalArgumentException(
            type.getName() + "." + components[i].getName() + " is @Nullable, but a primitive");
      }
      indexes.put(names[i], i);
    }
    this.timeIndex = indexOf(times.field());
    this.constructor = constructor(type);
  }

  private static MethodHandle constructor(Class<?> type) {
    Class<?>[] parameters =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      Constructor<?> canonical = type.getDeclaredConstructor(parameters);
      canonical.setAccessible(true);
      return MethodHandles.lookup()
          .unreflectConstructor(canonical)
          .asSpreader(Object[].class, parameters.length)
          .asType(MethodType.methodType(Object.class, Object[].class));
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(type.getName() + " cannot be constructed", e);
    }
  }

  /**
   * Decodes a record of a block.
   *
   * @throws UndecodableException if the bytes are not of the format, or a field is missing or not
   *     of its type
   * @throws IllegalArgumentException (or whatever else the canonical constructor throws) if the
   *     record is not valid
   */
  public E decode(Block block, int index) throws UndecodableException {
    fields.read(block, index, this);
    return construct();
  }

  /** The same for a record by itself; the header is what the format needs beside it. */
  public E decode(String header, byte[] bytes) throws UndecodableException {
    fields.read(header, bytes, 0, bytes.length, this);
    return construct();
  }

  /**
   * The event time of the record that was decoded last, in milliseconds, or {@link
   * Block#UNREADABLE}; {@link EventTimes.Reader#read} tells why.
   */
  public long eventTime() {
    if (time == null) {
      return Block.UNREADABLE;
    }
    try {
      return times.parse(time);
    } catch (UndecodableException e) {
      // Whoever asks for the cause reads it again; it is rare.
      return Block.UNREADABLE;
    }
  }

  @SuppressWarnings("unchecked") // The constructor is E's own.
  private E construct() throws UndecodableException {
    for (int i = 0; i < values.length; i++) {
      if (values[i] == null && !nullable[i]) {
        throw new UndecodableException(names[i] + " is missing");
      }
    }
    try {
      return (E) constructor.invokeExact(values);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Override
  public void begin() {
    Arrays.fill(values, null);
    Arrays.fill(seen, false);
    seenTime = false;
    time = null;
    position = 0;
  }

  @Override
  public boolean wants(String name) {
    int at = position++;
    if (at < namesBefore.size() && namesBefore.get(at).equals(name)) {
      index = indexesBefore[at];
    } else {
      index = indexOf(name);
      if (at < MOST_REMEMBERED) {
        if (at < namesBefore.size()) {
          namesBefore.set(at, name);
        } else if (at == namesBefore.size()) {
          namesBefore.add(name);
        }
        indexesBefore[at] = index;
      }
    }
    return index != UNWANTED;
  }

  private int indexOf(String name) {
    Integer known = indexes.get(name);
    return known != null ? known : name.equals(times.field()) ? TIME_ONLY : UNWANTED;
  }

  @Override
  public boolean field(String name, String text, RecordFormat.ValueKind kind)
      throws UndecodableException {
    if (!seenTime && (index == TIME_ONLY || index == timeIndex)) {
      seenTime = true;
      time = text;
    }
    if (index == TIME_ONLY) {
      return true;
    }
    if (seen[index]) {
      throw new UndecodableException(name + " stands in the record twice");
    }
    seen[index] = true;
    if (text == null) {
      return true;
    }
    if (kind == RecordFormat.ValueKind.NESTED) {
      throw new UndecodableException(name + " is a list or an object");
    }
    values[index] =
        index == timeIndex && isTime(types[index])
            ? time(types[index], text)
            : value(name, types[index], text, kind);
    return true;
  }

  private static boolean isTime(Class<?> type) {
    return type == Instant.class || type == LocalDateTime.class || type == LocalDate.class;
  }

  /** The event time as a component, which is written as the event time is. */
  private Object time(Class<?> type, String text) throws UndecodableException {
    if (type == Instant.class) {
      return times.instant(text);
    }
    LocalDateTime local = times.local(text);
    return type == LocalDateTime.class ? local : local.toLocalDate();
  }

  private static Object value(String name, Class<?> type, String text, RecordFormat.ValueKind kind)
      throws UndecodableException {
    try {
      if (type == String.class) {
        if (text.indexOf('\0') >= 0) {
          throw new UndecodableException(name + " holds the character U+0000");
        }
        return text;
      }
      if (type == int.class || type == Integer.class) {
        return Integer.parseInt(text);
      }
      if (type == long.class || type == Long.class) {
        return Long.parseLong(text);
      }
      if (type == BigDecimal.class) {
        return decimal(name, text);
      }
      if (type == boolean.class || type == Boolean.class) {
        return bool(name, text);
      }
      if (type == LocalDate.class) {
        return LocalDate.parse(text);
      }
      if (type == LocalDateTime.class) {
        return LocalDateTime.parse(text.replace(' ', 'T'));
      }
      return kind == RecordFormat.ValueKind.NUMBER || TimeFormat.isWhole(text)
          ? Instant.ofEpochMilli(Long.parseLong(text))
          : OffsetDateTime.parse(text.replace(' ', 'T')).toInstant();
    } catch (NumberFormatException e) {
      throw new UndecodableException(
          name + " is '" + shorten(text) + "'; expected " + expected(type));
    } catch (DateTimeException e) {
      throw new UndecodableException(name + " is '" + shorten(text) + "': " + e.getMessage());
    }
  }

  private static String expected(Class<?> type) {
    if (type == BigDecimal.class) {
      return "a decimal number";
    }
    return type == int.class || type == Integer.class
        ? "a whole number of 32 bits"
        : "a whole number of 64 bits";
  }

  private static BigDecimal decimal(String name, String text) throws UndecodableException {
    // A short text such as 1e999999999 would otherwise be a number of a gigabyte.
    if (text.length() > MAX_NUMBER_LENGTH) {
      throw new UndecodableException(name + " has more than " + MAX_NUMBER_LENGTH + " characters");
    }
    BigDecimal value = new BigDecimal(text);
    if (Math.abs((long) value.scale()) > MAX_NUMBER_LENGTH) {
      throw new UndecodableException(name + " is '" + text + "', which is out of range");
    }
    return value;
  }

  private static Boolean bool(String name, String text) throws UndecodableException {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "t" -> true;
      case "false", "f" -> false;
      default ->
          throw new UndecodableException(
              name + " is '" + shorten(text) + "'; expected true or false");
    };
  }

  static String shorten(String text) {
    return text.length() <= MAX_NUMBER_LENGTH ? text : text.substring(0, MAX_NUMBER_LENGTH) + "…";
  }

  private static String snakeCase(String camelCase) {
    return camelCase.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
  }
}

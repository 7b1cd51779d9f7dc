package dev.crossfade.transforms.records;

import dev.crossfade.transforms.results.Surrogates;
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
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Decodes records into a Java record by the names of its components in snake case, or those that
 * {@link Field} gives them. Every component must be there, but for those marked {@link Nullable};
 * fields that the class does not have are passed over. No field, whichever it is, may stand in a
 * record twice. Not thread-safe.
 *
 * <p>A value is taken as it stands or refused, never as another one:
 *
 * <ul>
 *   <li>A number has the digits 0 to 9 and, unlike in PostgreSQL, no blanks around it, no
 *       underscores and no other base. {@code +5} and {@code -0} are taken. A whole number has
 *       neither point nor exponent; a decimal may have both, with {@code .5} and {@code 5.} and
 *       {@code 1e3} as in PostgreSQL, but is neither {@code NaN} nor infinite.
 *   <li>A date or time is ISO 8601, without blanks around it and in the digits 0 to 9; {@code
 *       infinity} is none.
 *   <li>True and false are written in full or with their first letter, in whatever case.
 *   <li>A text is any but for those that PostgreSQL and UTF-8 cannot hold: with the character
 *       U+0000 or with half a surrogate pair.
 * </ul>
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
  private final String[] namesBefore = new String[MOST_REMEMBERED];

  private final int[] indexesBefore = new int[MOST_REMEMBERED];

  /** How many of them are remembered. No two of those that are not wanted are the same. */
  private int remembered;

  /** The names further on in this record that are not wanted. */
  private final Set<String> unwantedBeyond = new HashSet<>();

  private int position;

  /** The component of the field at hand, or one of the two below. */
  private int index;

  /**
   * A decoder of records of a format.
   *
   * @param times where their event time stands
   * @throws IllegalArgumentException if the class is not a public record, if a component is of a
   *     class that is not supported, or if two components are read from one field
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
      names[i] = nameOf(type, components[i]);
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
      Integer other = indexes.put(names[i], i);
      if (other != null) {
        throw new IllegalArgumentException(
            type.getName()
                + "."
                + components[other].getName()
                + " and "
                + components[i].getName()
                + " are both read from the field '"
                + names[i]
                + "'; @Field gives one of them another name");
      }
    }
    this.timeIndex = indexOf(times.field());
    this.constructor = constructor(type);
  }

  private static String nameOf(Class<?> type, RecordComponent component) {
    Field field = component.getAnnotation(Field.class);
    if (field == null) {
      return snakeCase(component.getName());
    }
    if (field.value().isEmpty() || Surrogates.hasHalfAPair(field.value())) {
      throw new IllegalArgumentException(
          type.getName()
              + "."
              + component.getName()
              + " has a @Field whose name is "
              + (field.value().isEmpty() ? "empty" : "no text in UTF-8"));
    }
    return field.value();
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
    if (!unwantedBeyond.isEmpty()) {
      unwantedBeyond.clear();
    }
  }

  @Override
  public boolean wants(String name) throws UndecodableException {
    int at = position++;
    if (at < remembered && namesBefore[at].equals(name)) {
      index = indexesBefore[at];
    } else {
      index = indexOf(name);
      remember(at, name);
    }
    return index != UNWANTED;
  }

  /** Of a field that is wanted {@link #field} sees that it came before. */
  private void remember(int at, String name) throws UndecodableException {
    int before = Math.min(at, MOST_REMEMBERED);
    if (index == UNWANTED) {
      for (int i = 0; i < before; i++) {
        if (indexesBefore[i] == UNWANTED && namesBefore[i].equals(name)) {
          throw twice(name);
        }
      }
      if (at >= MOST_REMEMBERED && !unwantedBeyond.add(name)) {
        throw twice(name);
      }
    }
    if (at < MOST_REMEMBERED) {
      namesBefore[at] = name;
      indexesBefore[at] = index;
      remembered = at + 1;
    }
  }

  private static UndecodableException twice(String name) {
    return new UndecodableException(shorten(name) + " stands in the record twice");
  }

  private int indexOf(String name) {
    Integer known = indexes.get(name);
    return known != null ? known : name.equals(times.field()) ? TIME_ONLY : UNWANTED;
  }

  @Override
  public boolean field(String name, String text, RecordFormat.ValueKind kind)
      throws UndecodableException {
    if (index == TIME_ONLY ? seenTime : seen[index]) {
      throw twice(name);
    }
    if (index == TIME_ONLY || index == timeIndex) {
      seenTime = true;
      time = text;
    }
    if (index == TIME_ONLY) {
      return true;
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
        return Integer.parseInt(inAscii(text));
      }
      if (type == long.class || type == Long.class) {
        return Long.parseLong(inAscii(text));
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

  /** The text itself: Java takes the digits of every script, which PostgreSQL and JSON do not. */
  private static String inAscii(String number) {
    for (int i = 0; i < number.length(); i++) {
      if (number.charAt(i) > '\u007f') {
        throw new NumberFormatException(number);
      }
    }
    return number;
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
    BigDecimal value = new BigDecimal(inAscii(text));
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

package dev.crossfade.transforms.aggregation;

import dev.crossfade.transforms.aggregation.Aggregation.ValueOf;
import dev.crossfade.transforms.records.Event;
import dev.crossfade.transforms.results.ByteBuilder;
import dev.crossfade.transforms.results.CanonicalBytes;
import dev.crossfade.transforms.results.ColumnType;
import dev.crossfade.transforms.results.Decimals;
import dev.crossfade.transforms.results.Surrogates;
import java.io.Serializable;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.apache.commons.codec.digest.MurmurHash3;

/**
 * By what two events are told to be the same one, and which of two that differ counts.
 *
 * @param <E> the event's type
 */
final class Identity<E> implements Serializable {
  private static final long serialVersionUID = 1L;

  /** State holds each id until its window closes. */
  private static final int MAX_ID_LENGTH = 1_000;

  private static final int SEED = 0;

  private final Class<E> eventType;
  private final ValueOf<E, ?> id;
  private final ValueOf<E, Long> version;
  private transient MethodHandle[] components;
  private transient ByteBuilder bytes;

  private Identity(Class<E> eventType, ValueOf<E, ?> id, ValueOf<E, Long> version) {
    this.eventType = eventType;
    this.id = id;
    this.version = version;
  }

  /** Every event is one of its own. */
  static <E> Identity<E> none(Class<E> eventType) {
    return new Identity<>(eventType, null, null);
  }

  Identity<E> withId(ValueOf<E, ?> of) {
    return new Identity<>(eventType, of, version);
  }

  Identity<E> withVersion(ValueOf<E, Long> of) {
    return new Identity<>(eventType, id, of);
  }

  boolean isKnown() {
    return id != null;
  }

  /**
   * The id of an event as text, in UTF-8.
   *
   * @throws IllegalArgumentException if it is null, too long, or no text that UTF-8 can hold
   */
  byte[] idOf(Event<E> event) {
    Object value = id.apply(event.value());
    if (value == null) {
      throw new IllegalArgumentException("the event's id is null");
    }
    return text(value).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * The version of an event: of one id the greater one counts.
   *
   * @throws IllegalArgumentException if it is null
   */
  long versionOf(Event<E> event) {
    Long number = version == null ? (Long) 0L : version.apply(event.value());
    if (number == null) {
      throw new IllegalArgumentException("the event's version is null");
    }
    return number;
  }

  private static String text(Object id) {
    if (id instanceof BigDecimal number && digitsOf(number) > MAX_ID_LENGTH) {
      // Written out, a number of a few bytes can fill the memory.
      throw new IllegalArgumentException(
          "the event's id has " + digitsOf(number) + " digits; at most " + MAX_ID_LENGTH);
    }
    String text =
        id instanceof BigDecimal number
            ? number.stripTrailingZeros().toPlainString()
            : id.toString();
    if (text.length() > MAX_ID_LENGTH) {
      throw new IllegalArgumentException(
          "the event's id has " + text.length() + " characters; at most " + MAX_ID_LENGTH);
    }
    return whole(text);
  }

  /** How many digits a number has before or after its point, or more. */
  private static long digitsOf(BigDecimal number) {
    return Math.max(number.scale(), Math.abs(Decimals.wholeDigits(number)));
  }

  private static String whole(String text) {
    // The bytes of two texts that differ in such a half are the same, and two events would be one.
    if (Surrogates.hasHalfAPair(text)) {
      throw new IllegalArgumentException(
          "a text by which events are told apart holds half a surrogate pair, which is no"
              + " character");
    }
    return text;
  }

  /**
   * A hash, in two halves, of all that the event says, the same from whichever format it was read.
   * It tells apart what differs by accident; nobody is kept from making two events of one hash.
   */
  long[] contentOf(Event<E> event) {
    if (components == null) {
      components = accessors();
    }
    try {
      bytes.clear();
      CanonicalBytes.write(ColumnType.BIGINT, event.weight(), bytes);
      for (MethodHandle component : components) {
        write((Object) component.invokeExact((Object) event.value()));
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalArgumentException(eventType.getName() + " cannot be read", e);
    }
    return MurmurHash3.hash128x64(bytes.array(), 0, bytes.size(), SEED);
  }

  private MethodHandle[] accessors() {
    RecordComponent[] all = eventType.getRecordComponents();
    MethodHandle[] handles = new MethodHandle[all.length];
    try {
      for (int i = 0; i < all.length; i++) {
        Method accessor = all[i].getAccessor();
        accessor.setAccessible(true);
        handles[i] =
            MethodHandles.lookup()
                .unreflect(accessor)
                .asType(MethodType.methodType(Object.class, Object.class));
      }
    } catch (IllegalAccessException e) {
      throw new IllegalArgumentException(eventType.getName() + " cannot be read", e);
    }
    bytes = new ByteBuilder(256);
    return handles;
  }

  private void write(Object value) {
    if (value instanceof String text) {
      CanonicalBytes.write(ColumnType.TEXT, whole(text), bytes);
    } else if (value == null) {
      CanonicalBytes.write(ColumnType.TEXT, null, bytes);
    } else if (value instanceof Long || value instanceof Integer) {
      CanonicalBytes.write(ColumnType.BIGINT, ((Number) value).longValue(), bytes);
    } else if (value instanceof BigDecimal) {
      CanonicalBytes.write(ColumnType.DECIMAL, value, bytes);
    } else if (value instanceof Boolean) {
      CanonicalBytes.write(ColumnType.BOOLEAN, value, bytes);
    } else if (value instanceof LocalDate) {
      CanonicalBytes.write(ColumnType.DATE, value, bytes);
    } else if (value instanceof Instant instant) {
      write(instant);
    } else if (value instanceof LocalDateTime local) {
      write(local.toInstant(ZoneOffset.UTC));
    } else {
      throw new IllegalStateException("the decoder gives no " + value.getClass());
    }
  }

  /** To the nanosecond and from end to end, where a column's bytes are of whole microseconds. */
  private void write(Instant instant) {
    CanonicalBytes.write(ColumnType.BIGINT, instant.getEpochSecond(), bytes);
    CanonicalBytes.write(ColumnType.BIGINT, (long) instant.getNano(), bytes);
  }
}

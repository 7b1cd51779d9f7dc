package dev.crossfade.transforms.aggregation;

import dev.crossfade.transforms.aggregation.Aggregation.ValueOf;
import dev.crossfade.transforms.records.Event;
import dev.crossfade.transforms.results.CanonicalBytes;
import dev.crossfade.transforms.results.ColumnType;
import dev.crossfade.transforms.results.Digest;
import java.io.ByteArrayOutputStream;
import java.io.Serializable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * By what two events are told to be the same one, and which of two that differ counts.
 *
 * @param <E> the event's type
 */
final class Identity<E> implements Serializable {
  private static final long serialVersionUID = 1L;

  /** State holds each id until its window closes. */
  private static final int MAX_ID_LENGTH = 1_000;

  private final Class<E> eventType;
  private final ValueOf<E, ?> id;
  private final ValueOf<E, Long> version;
  private transient Method[] components;

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
   * An event with its id and content.
   *
   * @param sums the event alone, folded
   * @throws IllegalArgumentException if its id or its version is null
   */
  Identified of(Event<E> event, Partial sums) {
    Object value = id.apply(event.value());
    Long number = version == null ? (Long) 0L : version.apply(event.value());
    if (value == null || number == null) {
      throw new IllegalArgumentException(
          "the event's " + (value == null ? "id" : "version") + " is null");
    }
    Digest content = Digest.EMPTY.plus(content(event));
    return new Identified(text(value), number, content.high(), content.low(), sums);
  }

  private static String text(Object id) {
    String text =
        id instanceof BigDecimal number
            ? number.stripTrailingZeros().toPlainString()
            : id.toString();
    if (text.length() > MAX_ID_LENGTH) {
      throw new IllegalArgumentException(
          "the event's id has " + text.length() + " characters; at most " + MAX_ID_LENGTH);
    }
    return text;
  }

  /** The canonical bytes of all that the event says, the same from whichever format it was read. */
  private byte[] content(Event<E> event) {
    if (components == null) {
      RecordComponent[] all = eventType.getRecordComponents();
      components = new Method[all.length];
      for (int i = 0; i < all.length; i++) {
        components[i] = all[i].getAccessor();
        components[i].setAccessible(true);
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
    bytes.writeBytes(CanonicalBytes.of(ColumnType.BIGINT, event.weight()));
    try {
      for (Method component : components) {
        bytes.writeBytes(canonical(component.invoke(event.value())));
      }
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalArgumentException(eventType.getName() + " cannot be read", e);
    }
    return bytes.toByteArray();
  }

  private static byte[] canonical(Object value) {
    if (value == null || value instanceof String) {
      return CanonicalBytes.of(ColumnType.TEXT, value);
    }
    if (value instanceof Long || value instanceof Integer) {
      return CanonicalBytes.of(ColumnType.BIGINT, ((Number) value).longValue());
    }
    if (value instanceof BigDecimal) {
      return CanonicalBytes.of(ColumnType.DECIMAL, value);
    }
    if (value instanceof Boolean) {
      return CanonicalBytes.of(ColumnType.BOOLEAN, value);
    }
    if (value instanceof LocalDate) {
      return CanonicalBytes.of(ColumnType.DATE, value);
    }
    if (value instanceof Instant) {
      return CanonicalBytes.of(ColumnType.TIMESTAMP, value);
    }
    if (value instanceof LocalDateTime local) {
      return CanonicalBytes.of(ColumnType.TIMESTAMP, local.toInstant(ZoneOffset.UTC));
    }
    throw new IllegalStateException("the decoder gives no " + value.getClass());
  }
}

package dev.crossfade.transforms.results;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;

/**
 * The types a result may hold. All of them are exact: two lanes that fold the same events, in
 * whatever order, arrive at the same bits.
 *
 * <p>Each type has bounds: those of the values that every sink and every usual reader of one can
 * hold, so that no value stops a lane at its sink and none comes back as another. An event that
 * asks for a value beyond them is a dead letter. {@link Column#misfit} tells which value is one.
 */
public enum ColumnType {
  /**
   * A 64-bit integer; {@link Long} in Java, {@code bigint} in SQL, a number in JSON. Every long is
   * within the bounds; a reader of JSON has to read it as an integer and not as a double.
   */
  BIGINT(Long.class, "bigint"),
  /**
   * A decimal with a fixed number of fraction digits; {@link BigDecimal} in Java, {@code
   * numeric(38, s)} in SQL, a number in JSON. It has {@value Column#MAX_PRECISION} digits before
   * and after its point together, as {@code DECIMAL} has in most databases, far less than
   * PostgreSQL's {@code numeric} could hold. It is neither {@code NaN} nor infinite.
   */
  DECIMAL(BigDecimal.class, "numeric"),
  /**
   * Unicode text; {@link String}, {@code text}. It is without U+0000, which PostgreSQL cannot
   * store, and without half a surrogate pair, which UTF-8 cannot; and it has at most {@value
   * #MAX_TEXT_LENGTH} UTF-16 units, so that a row fits into a message of Kafka. The texts of a key
   * are shorter still (see {@link dev.crossfade.transforms.aggregation.Aggregation#keyOf}).
   */
  TEXT(String.class, "text"),
  /** {@link Boolean}, {@code boolean}. */
  BOOLEAN(Boolean.class, "boolean"),
  /**
   * A calendar day without a zone; {@link LocalDate}, {@code date}, ISO 8601 in JSON. It lies in
   * the years 1 to 9999, which is what standard SQL has and what ISO 8601 writes in four digits.
   * PostgreSQL goes from 4713 BC to 5874897, but its driver makes an infinity of what lies before
   * without a word, and few readers of text take a year with a sign or five digits.
   */
  DATE(LocalDate.class, "date"),
  /**
   * A point in time in microseconds; {@link Instant}, {@code timestamptz}, ISO 8601 in UTC in JSON.
   * It lies in the years 1 to 9999 in UTC, for the same reasons as a {@link #DATE}. What is finer
   * than a microsecond is cut off towards the past, in every lane; PostgreSQL would round it.
   */
  TIMESTAMP(Instant.class, "timestamptz");

  /** The first {@link #DATE}. */
  public static final LocalDate FIRST_DATE = LocalDate.of(1, 1, 1);

  /** The last {@link #DATE}. */
  public static final LocalDate LAST_DATE = LocalDate.of(9999, 12, 31);

  /** The first {@link #TIMESTAMP}. */
  public static final Instant FIRST_TIMESTAMP = Instant.parse("0001-01-01T00:00:00Z");

  /** The last {@link #TIMESTAMP}. */
  public static final Instant LAST_TIMESTAMP = Instant.parse("9999-12-31T23:59:59.999999Z");

  /** The most UTF-16 units of a {@link #TEXT}. */
  public static final int MAX_TEXT_LENGTH = 100_000;

  private final Class<?> javaType;
  private final String sqlName;

  ColumnType(Class<?> javaType, String sqlName) {
    this.javaType = javaType;
    this.sqlName = sqlName;
  }

  /** The Java class of the values of this type. */
  public Class<?> javaType() {
    return javaType;
  }

  /** The PostgreSQL type, without precision. */
  public String sqlName() {
    return sqlName;
  }
}

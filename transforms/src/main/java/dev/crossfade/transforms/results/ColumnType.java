package dev.crossfade.transforms.results;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;

/**
 * The types a result may hold. All of them are exact: two lanes that fold the same events, in
 * whatever order, arrive at the same bits.
 */
public enum ColumnType {
  /** A 64-bit integer; {@link Long} in Java, {@code bigint} in SQL. */
  BIGINT(Long.class, "bigint"),
  /**
   * A decimal with a fixed number of fraction digits; {@link BigDecimal} in Java, {@code
   * numeric(38, s)} in SQL.
   */
  DECIMAL(BigDecimal.class, "numeric"),
  /** Unicode text without U+0000, which SQL cannot store; {@link String}, {@code text}. */
  TEXT(String.class, "text"),
  /** {@link Boolean}, {@code boolean}. */
  BOOLEAN(Boolean.class, "boolean"),
  /** A calendar day without a zone; {@link LocalDate}, {@code date}. */
  DATE(LocalDate.class, "date"),
  /** A point in time in microseconds; {@link Instant}, {@code timestamptz}. */
  TIMESTAMP(Instant.class, "timestamptz");

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

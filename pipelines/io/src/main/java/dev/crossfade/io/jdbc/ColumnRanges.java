package dev.crossfade.io.jdbc;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Ranges of a column of about equal width. The first is open below and the last above, so that no
 * row is between two of them or beyond, whatever its value: rows without a value go with the first.
 *
 * @param rows how many rows there are
 * @param parts the ranges; empty if there is only one
 */
record ColumnRanges(long rows, List<TablePart> parts) {
  private static final Pattern NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]+)?");
  private static final int DIGITS_OF_FRACTION = 6;

  /** As far as every database counts the years. */
  private static final LocalDateTime FIRST_TIME = LocalDateTime.parse("0001-01-01T00:00:00");

  private static final LocalDateTime LAST_TIME = LocalDateTime.parse("9999-12-31T00:00:00");

  /** Counts the rows of a table that is not divided by a column. */
  static ColumnRanges ofRows(Connection connection, String name) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM " + name)) {
      row.next();
      return new ColumnRanges(row.getLong(1), List.of());
    }
  }

  /**
   * Counts the rows of a table and divides it.
   *
   * @throws IllegalArgumentException if the column is of a type that is not divided
   */
  static ColumnRanges of(Connection connection, SourceTable table, String name, String column)
      throws SQLException {
    String by = "t." + column;
    String sql = "SELECT count(*), min(" + by + "), max(" + by + ") FROM " + name + " t";
    try (Statement statement = connection.createStatement()) {
      String typeName;
      int type;
      try (ResultSet none =
          statement.executeQuery("SELECT t." + column + " FROM " + name + " t WHERE 1 = 0")) {
        type = none.getMetaData().getColumnType(1);
        typeName = none.getMetaData().getColumnTypeName(1);
      }
      requireDivisible(table, type, typeName);
      try (ResultSet row = statement.executeQuery(sql)) {
        row.next();
        long rows = row.getLong(1);
        List<Serializable> cuts =
            row.getString(2) == null ? List.of() : cuts(row, type, typeName, table.partitions());
        return new ColumnRanges(rows, parts(cuts));
      }
    }
  }

  private static void requireDivisible(SourceTable table, int type, String typeName) {
    switch (type) {
      case Types.TINYINT,
          Types.SMALLINT,
          Types.INTEGER,
          Types.BIGINT,
          Types.NUMERIC,
          Types.DECIMAL,
          Types.DATE,
          Types.TIMESTAMP,
          Types.TIMESTAMP_WITH_TIMEZONE -> {
        // Has values between any two that are far enough from each other.
      }
      default ->
          throw new IllegalArgumentException(
              "partitionColumn: "
                  + table.partitionColumn().orElseThrow()
                  + " of "
                  + table.name()
                  + " is of type "
                  + typeName
                  + "; a table is divided by a column of numbers, dates or times. Leave the key"
                  + " out, and a table of PostgreSQL is divided by its pages, and anything else is"
                  + " read in one part");
    }
  }

  /** What divides the least from the greatest value, in order. */
  private static List<Serializable> cuts(ResultSet row, int type, String typeName, int partitions)
      throws SQLException {
    return switch (type) {
      case Types.DATE -> {
        LocalDateTime least = within(row.getObject(2, LocalDate.class).atStartOfDay());
        LocalDateTime greatest = within(row.getObject(3, LocalDate.class).atStartOfDay());
        yield distinct(
            times(least, greatest, partitions).stream().map(LocalDateTime::toLocalDate).toList());
      }
      case Types.TIMESTAMP, Types.TIMESTAMP_WITH_TIMEZONE ->
          typeName.equals("timestamptz") || type == Types.TIMESTAMP_WITH_TIMEZONE
              ? distinct(
                  times(
                          within(utc(row.getObject(2, OffsetDateTime.class))),
                          within(utc(row.getObject(3, OffsetDateTime.class))),
                          partitions)
                      .stream()
                      .map(time -> time.atOffset(ZoneOffset.UTC))
                      .toList())
              : distinct(
                  times(
                      within(row.getObject(2, LocalDateTime.class)),
                      within(row.getObject(3, LocalDateTime.class)),
                      partitions));
      case Types.NUMERIC, Types.DECIMAL -> decimals(row.getString(2), row.getString(3), partitions);
      default -> integers(row.getLong(2), row.getLong(3), partitions);
    };
  }

  private static LocalDateTime utc(OffsetDateTime time) {
    // Infinite points in time are at the end of what Java has, where no offset can be taken off.
    return time.equals(OffsetDateTime.MIN)
        ? LocalDateTime.MIN
        : time.equals(OffsetDateTime.MAX)
            ? LocalDateTime.MAX
            : time.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime();
  }

  private static LocalDateTime within(LocalDateTime time) {
    return time.isBefore(FIRST_TIME) ? FIRST_TIME : time.isAfter(LAST_TIME) ? LAST_TIME : time;
  }

  private static List<LocalDateTime> times(
      LocalDateTime least, LocalDateTime greatest, int partitions) {
    Duration width = Duration.between(least, greatest);
    List<LocalDateTime> cuts = new ArrayList<>();
    for (int i = 1; i < partitions; i++) {
      cuts.add(least.plus(width.multipliedBy(i).dividedBy(partitions)));
    }
    return cuts;
  }

  private static List<Serializable> decimals(String least, String greatest, int partitions) {
    if (!NUMBER.matcher(least).matches() || !NUMBER.matcher(greatest).matches()) {
      return List.of();
    }
    BigDecimal from = new BigDecimal(least);
    BigDecimal width = new BigDecimal(greatest).subtract(from);
    int scale = Math.max(width.scale(), 0) + DIGITS_OF_FRACTION;
    List<BigDecimal> cuts = new ArrayList<>();
    for (int i = 1; i < partitions; i++) {
      cuts.add(
          from.add(
              width
                  .multiply(BigDecimal.valueOf(i))
                  .divide(BigDecimal.valueOf(partitions), scale, RoundingMode.HALF_UP)));
    }
    return distinct(cuts);
  }

  private static List<Serializable> integers(long least, long greatest, int partitions) {
    BigInteger from = BigInteger.valueOf(least);
    BigInteger width = BigInteger.valueOf(greatest).subtract(from).add(BigInteger.ONE);
    List<Long> cuts = new ArrayList<>();
    for (int i = 1; i < partitions; i++) {
      BigInteger cut =
          from.add(width.multiply(BigInteger.valueOf(i)).divide(BigInteger.valueOf(partitions)));
      // The first range has to hold the least value.
      if (cut.compareTo(from) > 0) {
        cuts.add(cut.longValueExact());
      }
    }
    return distinct(cuts);
  }

  private static List<Serializable> distinct(List<? extends Serializable> cuts) {
    return List.copyOf(new LinkedHashSet<>(cuts));
  }

  private static List<TablePart> parts(List<Serializable> cuts) {
    List<TablePart> parts = new ArrayList<>();
    for (int i = 0; i <= cuts.size() && !cuts.isEmpty(); i++) {
      boolean first = i == 0;
      boolean last = i == cuts.size();
      // A bound that is open is not looked at, and any value will do for it.
      parts.add(
          new TablePart(
              i + 1, cuts.get(first ? 0 : i - 1), cuts.get(last ? i - 1 : i), first, last));
    }
    return parts;
  }
}

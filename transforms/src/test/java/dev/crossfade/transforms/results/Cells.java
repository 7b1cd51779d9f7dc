package dev.crossfade.transforms.results;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Values of every type, among them many that are nearly equal, so that properties meet both. */
final class Cells {
  private Cells() {}

  /** A schema and two rows of it. */
  record TwoRows(RowSchema schema, TypedRow left, TypedRow right) {}

  /** Two rows of one schema of up to four columns; often equal, or equal but for a neighbour. */
  static Arbitrary<TwoRows> twoRows() {
    return Arbitraries.of(ColumnType.class)
        .list()
        .ofMinSize(1)
        .ofMaxSize(4)
        .flatMap(
            types -> {
              RowSchema schema = schema(types);
              Arbitrary<TypedRow> rows =
                  Combinators.combine(types.stream().map(Cells::values).toList())
                      .as(values -> TypedRow.of(schema, values.toArray()));
              return Combinators.combine(rows, rows).as((l, r) -> new TwoRows(schema, l, r));
            });
  }

  /** A schema with one column per type, each decimal with four fraction digits. */
  static RowSchema schema(List<ColumnType> types) {
    Column[] columns = new Column[types.size()];
    for (int i = 0; i < columns.length; i++) {
      ColumnType type = types.get(i);
      columns[i] = new Column("c" + i, type, type == ColumnType.DECIMAL ? 4 : 0);
    }
    return RowSchema.of(columns);
  }

  /** Values of a type, and null. */
  static Arbitrary<Object> values(ColumnType type) {
    return present(type).map(Object.class::cast).injectNull(0.15);
  }

  private static Arbitrary<?> present(ColumnType type) {
    return switch (type) {
      case BIGINT -> Arbitraries.oneOf(Arbitraries.longs(), Arbitraries.longs().between(-1, 1));
      case DECIMAL ->
          Arbitraries.oneOf(
              Arbitraries.of("0", "0.0", "1.5", "1.50", "15", "1E+1", "10", "-0.0001")
                  .map(BigDecimal::new),
              Combinators.combine(
                      Arbitraries.bigIntegers()
                          .between(BigInteger.TEN.pow(30).negate(), BigInteger.TEN.pow(30)),
                      Arbitraries.integers().between(-2, 4))
                  .as(BigDecimal::new));
      // Few characters, so that neighbours can be shifted against each other.
      case TEXT ->
          Arbitraries.of("", "a", "b", "ab", "\u0001", "\uff61", "\ud83d\ude00", "'", "\n")
              .list()
              .ofMaxSize(3)
              .map(parts -> String.join("", parts));
      case BOOLEAN -> Arbitraries.of(true, false);
      case DATE ->
          Arbitraries.longs()
              .between(ColumnType.FIRST_DATE.toEpochDay(), ColumnType.LAST_DATE.toEpochDay())
              .map(day -> LocalDate.ofEpochDay(day));
      case TIMESTAMP ->
          Combinators.combine(
                  Arbitraries.longs()
                      .between(
                          ColumnType.FIRST_TIMESTAMP.getEpochSecond(),
                          ColumnType.LAST_TIMESTAMP.getEpochSecond()),
                  Arbitraries.integers().between(0, 999_999))
              .as((second, micro) -> Instant.ofEpochSecond(second, micro * 1000L));
    };
  }
}

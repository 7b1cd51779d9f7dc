package dev.crossfade.transforms.results;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class CanonicalBytesTest {
  @Provide
  Arbitrary<Cells.TwoRows> twoRows() {
    return Cells.twoRows();
  }

  // The values have their edges in them; combining those of every column takes half a minute.
  @Property(tries = 4000, edgeCases = EdgeCasesMode.NONE)
  void areEqualExactlyIfTheRowsAre(@ForAll("twoRows") Cells.TwoRows rows) {
    boolean sameBytes =
        Arrays.equals(
            CanonicalBytes.of(rows.schema(), rows.left()),
            CanonicalBytes.of(rows.schema(), rows.right()));

    assertThat(sameBytes, is(rows.left().equals(rows.right())));
  }

  @Property(tries = 4000, edgeCases = EdgeCasesMode.NONE)
  void ofACellAreEqualExactlyIfTheCellsAre(@ForAll("twoRows") Cells.TwoRows rows) {
    ColumnType type = rows.schema().column(0).type();
    Object left = rows.left().get(0);
    Object right = rows.right().get(0);
    boolean sameBytes =
        Arrays.equals(CanonicalBytes.of(type, left), CanonicalBytes.of(type, right));

    assertThat(sameBytes, is(CellComparison.equal(type, left, right)));
  }

  @Test
  void tellNeighbouringTextsAndNullsApart() {
    RowSchema schema =
        RowSchema.of(Column.of("a", ColumnType.TEXT), Column.of("b", ColumnType.TEXT));

    assertThat(row(schema, "ab", "c"), not(row(schema, "a", "bc")));
    assertThat(row(schema, "", "a"), not(row(schema, "a", "")));
    assertThat(row(schema, null, "a"), not(row(schema, "a", null)));
    assertThat(row(schema, null, ""), not(row(schema, "", null)));
    assertThat(row(schema, "", ""), not(row(schema, null, null)));
    // What would be one text's end and the next one's head.
    assertThat(row(schema, "a\u0001", "b"), not(row(schema, "a", "\u0001b")));
  }

  @Test
  void ofADecimalDoNotDependOnItsFractionDigits() {
    assertThat(
        hex(ColumnType.DECIMAL, new BigDecimal("1.50")),
        is(hex(ColumnType.DECIMAL, new BigDecimal("1.5"))));
    assertThat(
        hex(ColumnType.DECIMAL, new BigDecimal("0.000")),
        is(hex(ColumnType.DECIMAL, BigDecimal.ZERO)));
    assertThat(
        hex(ColumnType.DECIMAL, new BigDecimal("10")),
        is(hex(ColumnType.DECIMAL, new BigDecimal("1E+1"))));
    assertThat(
        hex(ColumnType.DECIMAL, new BigDecimal("1.5")),
        not(hex(ColumnType.DECIMAL, new BigDecimal("15"))));
  }

  /** The layout of version 1, byte by byte: it may only change together with the version. */
  @Test
  void keepTheLayoutOfVersionOne() {
    assertThat(CanonicalBytes.VERSION, is(1));
    assertThat(hex(ColumnType.BIGINT, null), is("00"));
    assertThat(hex(ColumnType.BIGINT, -2L), is("01fffffffffffffffe"));
    assertThat(hex(ColumnType.DECIMAL, new BigDecimal("-1.50")), is("010000000100000001f1"));
    assertThat(hex(ColumnType.TEXT, "é\ud83d\ude00"), is("0100000006c3a9f09f9880"));
    assertThat(hex(ColumnType.BOOLEAN, true), is("0101"));
    assertThat(hex(ColumnType.DATE, LocalDate.of(1969, 12, 31)), is("01ffffffffffffffff"));
    assertThat(
        hex(ColumnType.TIMESTAMP, Instant.parse("1969-12-31T23:59:59.999999Z")),
        is("01ffffffffffffffff"));
    assertThat(
        hex(ColumnType.TIMESTAMP, Instant.parse("1970-01-01T00:00:01Z")), is("0100000000000f4240"));
  }

  @Test
  void reachTheTimestampsThatStandForNever() {
    assertThat(
        hex(ColumnType.TIMESTAMP, Instant.parse("9999-12-31T23:59:59.999999Z")),
        is("01" + HexFormat.of().toHexDigits(253_402_300_799_999_999L)));
    assertThat(
        hex(ColumnType.TIMESTAMP, Instant.parse("0001-01-01T00:00:00Z")),
        is("01" + HexFormat.of().toHexDigits(-62_135_596_800_000_000L)));
  }

  private static String hex(ColumnType type, Object value) {
    return HexFormat.of().formatHex(CanonicalBytes.of(type, value));
  }

  private static String row(RowSchema schema, Object... values) {
    return HexFormat.of().formatHex(CanonicalBytes.of(schema, TypedRow.of(schema, values)));
  }
}

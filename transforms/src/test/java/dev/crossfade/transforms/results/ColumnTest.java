package dev.crossfade.transforms.results;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ColumnTest {
  private static final Column AMOUNT = Column.decimal("amount", 2);
  private static final Column NAME = Column.of("name", ColumnType.TEXT);

  @Test
  void givesADecimalTheScaleOfItsColumn() {
    assertThat(AMOUNT.normalize(new BigDecimal("1.5")), is(new BigDecimal("1.50")));
    assertThat(AMOUNT.normalize(new BigDecimal("1.5000")), is(new BigDecimal("1.50")));
    assertThat(AMOUNT.sqlType(), is("numeric(38, 2)"));
  }

  @Test
  void refusesADecimalThatItWouldHaveToRound() {
    assertThat(
        refusal(AMOUNT, new BigDecimal("1.005")),
        allOf(
            containsString("'amount'"),
            containsString("2 fraction digits"),
            containsString("1.005")));
  }

  @Test
  void holdsThirtyEightDigitsAndNoMore() {
    String most = "9".repeat(36);
    assertThat(AMOUNT.normalize(new BigDecimal(most)), is(new BigDecimal(most + ".00")));
    assertThat(
        refusal(AMOUNT, new BigDecimal("1" + "0".repeat(36))),
        allOf(containsString("'amount'"), containsString("38 digits")));
  }

  @Test
  void refusesAValueOfAnotherClass() {
    assertThat(
        refusal(Column.of("n", ColumnType.BIGINT), 1),
        allOf(containsString("'n'"), containsString("Long"), containsString("Integer")));
    assertThat(refusal(AMOUNT, 1.5), allOf(containsString("BigDecimal"), containsString("Double")));
  }

  @Test
  void refusesTextThatNoTableCanHold() {
    assertThat(refusal(NAME, "a\0b"), allOf(containsString("'name'"), containsString("U+0000")));
    assertThat(
        refusal(NAME, "a\ud83d"), allOf(containsString("'name'"), containsString("surrogate")));
    assertThat(refusal(NAME, "\ude00\ud83d"), containsString("surrogate"));
    assertThat(NAME.normalize("\ud83d\ude00"), is("\ud83d\ude00"));
  }

  @Test
  void cutsTimestampsToMicrosecondsTowardsThePast() {
    Column at = Column.of("at", ColumnType.TIMESTAMP);

    assertThat(
        at.normalize(Instant.parse("2001-01-01T00:00:00.123456789Z")),
        is(Instant.parse("2001-01-01T00:00:00.123456Z")));
    assertThat(
        at.normalize(Instant.parse("1969-12-31T23:59:59.999999999Z")),
        is(Instant.parse("1969-12-31T23:59:59.999999Z")));
  }

  @Test
  void holdsDatesAndTimesOfTheYears1To9999AndNoOthers() {
    Column day = Column.of("day", ColumnType.DATE);
    Column at = Column.of("at", ColumnType.TIMESTAMP);
    for (LocalDate held : List.of(ColumnType.FIRST_DATE, ColumnType.LAST_DATE)) {
      assertThat(day.normalize(held), is(held));
    }
    for (Instant held : List.of(ColumnType.FIRST_TIMESTAMP, ColumnType.LAST_TIMESTAMP)) {
      assertThat(at.normalize(held), is(held));
    }
    assertThat(
        at.normalize(ColumnType.LAST_TIMESTAMP.plusNanos(999)), is(ColumnType.LAST_TIMESTAMP));
    for (LocalDate beyond :
        List.of(
            LocalDate.MIN,
            ColumnType.FIRST_DATE.minusDays(1),
            ColumnType.LAST_DATE.plusDays(1),
            LocalDate.MAX)) {
      assertThat(
          refusal(day, beyond),
          is("column 'day' holds dates from 0001-01-01 to 9999-12-31, not " + beyond));
    }
    for (Instant beyond :
        List.of(
            Instant.MIN,
            ColumnType.FIRST_TIMESTAMP.minusNanos(1),
            ColumnType.LAST_TIMESTAMP.plusNanos(1000),
            Instant.MAX)) {
      assertThat(
          refusal(at, beyond),
          is(
              "column 'at' holds times from 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999999Z,"
                  + " not "
                  + beyond));
    }
  }

  /** Written out, each of them would take gigabytes. */
  @Test
  void refusesDecimalsOfAnySizeAtOnce() {
    for (String huge : List.of("1E+2147483647", "-7E+999999999", "1E-2147483647", "3E-50000000")) {
      assertThat(refusal(AMOUNT, new BigDecimal(huge)), containsString(huge));
    }
    assertThat(AMOUNT.normalize(new BigDecimal("0E+2147483647")), is(new BigDecimal("0.00")));
    assertThat(AMOUNT.normalize(new BigDecimal("0E-2147483647")), is(new BigDecimal("0.00")));
    assertThat(AMOUNT.normalize(new BigDecimal("1E+35")).toString().length(), is(39));
  }

  @Test
  void refusesATextOfMoreThanItsLength() {
    String most = "x".repeat(ColumnType.MAX_TEXT_LENGTH);
    assertThat(NAME.normalize(most), is(most));
    String refusal = refusal(NAME, most + "y");
    assertThat(refusal, allOf(containsString("'name'"), containsString("100001")));
    assertThat("the text is not all told", refusal.length() < 200, is(true));
  }

  @Test
  void letsNullPass() {
    for (ColumnType type : ColumnType.values()) {
      assertThat(Column.of("c", type).normalize(null), nullValue());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Late", "1st", "a-b", "a b", "a\"b", "_a"})
  void refusesNamesThatSqlWouldQuote(String name) {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Column.of(name, ColumnType.BIGINT));
    assertThat(e.getMessage(), containsString("'" + name + "'"));
  }

  @Test
  void refusesAScaleWhereThereIsNone() {
    assertThrows(IllegalArgumentException.class, () -> new Column("n", ColumnType.BIGINT, 2));
    assertThrows(IllegalArgumentException.class, () -> Column.decimal("n", -1));
    assertThrows(IllegalArgumentException.class, () -> Column.decimal("n", 39));
  }

  private static String refusal(Column column, Object value) {
    return assertThrows(IllegalArgumentException.class, () -> column.normalize(value)).getMessage();
  }
}

package dev.crossfade.transforms.results;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResultTableTest {
  private static final RowSchema KEY = RowSchema.of(Column.of("origin", ColumnType.TEXT));
  private static final RowSchema VALUES = RowSchema.of(Column.of("late", ColumnType.BIGINT));

  @Test
  void laysOutLaneKeyWindowValuesAndVersion() {
    ResultTable table = new ResultTable("flights-per-hour", KEY, VALUES);

    assertThat(table.qualifiedName(), is("crossfade.flights_per_hour"));
    assertThat(
        table.columns().names(),
        contains(
            "lane",
            "origin",
            "window_start",
            "window_end",
            "late",
            "folded",
            "duplicates",
            "tombstone",
            "run"));
    assertThat(table.address().names(), contains("origin", "window_start", "window_end"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Flights", "flights_hourly", "1st", "a b", "a;drop", "-a"})
  void refusesAFlowNameThatMakesNoTableName(String flow) {
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> new ResultTable(flow, KEY, VALUES))
            .getMessage(),
        containsString("'" + flow + "'"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"lane", "window_start", "window_end", "folded", "duplicates", "tombstone", "run"})
  void refusesTheNamesOfItsOwnColumns(String name) {
    RowSchema clash = RowSchema.of(Column.of(name, ColumnType.BIGINT));

    assertThat(
        assertThrows(IllegalArgumentException.class, () -> new ResultTable("f", KEY, clash))
            .getMessage(),
        containsString("'" + name + "'"));
    assertThrows(IllegalArgumentException.class, () -> new ResultTable("f", clash, VALUES));
  }

  @Test
  void refusesAColumnThatIsBothKeyAndValue() {
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> new ResultTable("f", KEY, KEY))
            .getMessage(),
        containsString("'origin'"));
  }

  @Test
  void refusesAFlowWithoutKey() {
    assertThat(
        assertThrows(
                IllegalArgumentException.class, () -> new ResultTable("f", RowSchema.of(), VALUES))
            .getMessage(),
        containsString("no key column"));
  }
}

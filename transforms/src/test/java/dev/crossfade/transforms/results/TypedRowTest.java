package dev.crossfade.transforms.results;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class TypedRowTest {
  private static final RowSchema SCHEMA =
      RowSchema.of(Column.of("name", ColumnType.TEXT), Column.decimal("amount", 2));

  @Test
  void equalsARowOfTheSameValuesHoweverTheyWereWritten() {
    TypedRow row = TypedRow.of(SCHEMA, "a", new BigDecimal("1.5"));
    TypedRow same = TypedRow.of(SCHEMA, "a", new BigDecimal("1.500"));

    assertThat(row, is(same));
    assertThat(row.hashCode(), is(same.hashCode()));
    assertThat(row, is(not(TypedRow.of(SCHEMA, "a", null))));
  }

  @Test
  void doesNotSeeLaterChangesOfTheArrayItWasMadeOf() {
    Object[] values = {"a", null};
    TypedRow row = TypedRow.of(SCHEMA, values);
    values[0] = "b";

    assertThat(row.text(0), is("a"));
    assertThrows(UnsupportedOperationException.class, () -> row.values().set(0, "c"));
  }

  @Test
  void refusesAnotherNumberOfValues() {
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> TypedRow.of(SCHEMA, "a")).getMessage(),
        allOf(containsString("1 values"), containsString("[name, amount]")));
  }

  @Test
  void namesTheColumnsThereAreIfOneIsMissing() {
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> SCHEMA.indexOf("nmae")).getMessage(),
        allOf(containsString("'nmae'"), containsString("[name, amount]")));
  }
}

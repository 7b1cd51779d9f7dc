package dev.crossfade.transforms.results;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class CellComparisonTest {
  /** Texts that differ late, with characters on both sides of the surrogates. */
  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of(
            "",
            "a",
            "\u007f",
            "\u0080",
            "\ud7ff",
            "\ue000",
            "\uff61",
            "\ud83d\ude00",
            "\ud83d\ude01",
            "\udbff\udfff")
        .list()
        .ofMaxSize(3)
        .map(parts -> String.join("", parts));
  }

  @Property
  void ordersTextAsItsUtf8IsOrdered(@ForAll("texts") String left, @ForAll("texts") String right) {
    int byBytes =
        Arrays.compareUnsigned(
            left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));

    assertThat(
        Integer.signum(CellComparison.compare(ColumnType.TEXT, left, right)),
        is(Integer.signum(byBytes)));
  }

  @Test
  void doesNotOrderTextByUtf16() {
    String halfWidthStop = "\uff61";
    String face = "\ud83d\ude00";

    assertThat("the premise", halfWidthStop.compareTo(face), greaterThan(0));
    assertThat(CellComparison.compare(ColumnType.TEXT, halfWidthStop, face), lessThan(0));
  }

  @Test
  void takesDecimalsAsNumbers() {
    assertThat(
        CellComparison.equal(ColumnType.DECIMAL, new BigDecimal("1.50"), new BigDecimal("1.5")),
        is(true));
    assertThat(
        CellComparison.equal(
            ColumnType.DECIMAL, new BigDecimal("1.5000001"), new BigDecimal("1.5")),
        is(false));
  }

  @Test
  void setsNullApartFromEveryValueAndLast() {
    assertThat(CellComparison.equal(ColumnType.TEXT, null, null), is(true));
    assertThat(CellComparison.equal(ColumnType.TEXT, null, ""), is(false));
    assertThat(CellComparison.equal(ColumnType.BIGINT, 0L, null), is(false));
    assertThat(CellComparison.compare(ColumnType.BIGINT, null, Long.MAX_VALUE), greaterThan(0));
    assertThat(CellComparison.compare(ColumnType.BOOLEAN, true, null), lessThan(0));
  }
}

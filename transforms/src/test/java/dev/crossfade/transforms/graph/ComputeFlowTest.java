package dev.crossfade.transforms.graph;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.aMapWithSize;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import dev.crossfade.transforms.results.TypedRow;
import dev.crossfade.transforms.testing.FlowTester;
import dev.crossfade.transforms.testing.Outcome;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class ComputeFlowTest {
  private final FlowPlan<Sale> plan = SalesFlow.plan(Duration.ofMinutes(5), Duration.ofMinutes(20));

  @Test
  void everyAggregateIsExact() {
    Outcome outcome =
        new FlowTester<>(
                plan,
                List.of(
                    Sale.json("2001-05-01T10:00:00Z", "a", 1, "0.10"),
                    Sale.json("2001-05-01T10:09:59.999Z", "a", 10, "0.20"),
                    Sale.json("2001-05-01T10:05:00Z", "a", 3, "0.05")))
            .runBatch();
    TypedRow row = outcome.rows().values().iterator().next();
    assertThat(
        row.values(),
        is(
            List.of(
                "shop a", 3L, 1L, 14L, new BigDecimal("0.35"), new BigDecimal("4.67"), 10L, -33L)));
    assertThat(outcome.panes().get(0).folded(), is(3L));
  }

  @Test
  void whateverTheArrivalTheStreamIsTheBatch() {
    List<String> records = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      records.add(
          Sale.json(
              "2001-05-01T%02d:%02d:00Z".formatted(10 + i / 30, i * 7 % 60),
              "shop" + i % 3,
              i % 12,
              i + ".25"));
    }
    records.add("not a record");
    new FlowTester<>(plan, records).assertStreamEqualsBatch(10);
  }

  @Test
  void aRecordThatFailsIsADeadLetterThatNamesItsStepAndTheOthersComeOut() {
    Map<String, DeadLetter> dead = new TreeMap<>();
    Outcome outcome =
        new FlowTester<>(
                plan,
                List.of(
                    Sale.json("2001-05-01T10:00:00Z", "good", 1, "1"),
                    "{\"at\":\"2001-05-01T10:00:00Z\",\"shop\":\"decode\",\"items\":\"many\"}",
                    Sale.json("2001-05-01T10:00:00Z", "validate", -1, "1"),
                    Sale.json("2001-05-01T10:00:00Z", "compute", 13, "1"),
                    Sale.json("2001-05-01T10:00:00Z", "scale", 1, "1.001"),
                    Sale.json("2001-05-01T10:00:00Z", "long" + "k".repeat(600), 1, "1"),
                    Sale.json("9999-05-01T10:00:00Z", "future", 1, "1"),
                    Sale.json("0001-05-01T10:00:00Z", "past", 1, "1"),
                    Sale.json("2001-02-30T10:00:00Z", "nodate", 1, "1"),
                    Sale.json("2001-05-01T10:00:00Z", "trailing", 1, "1") + " []"))
            .runBatch();
    assertThat(outcome.rows(), is(aMapWithSize(1)));
    assertThat(outcome.dead(), hasSize(9));
    for (DeadLetter letter : outcome.dead()) {
      dead.put(letter.bytes().toString().replaceAll(".*\"shop\":\"(\\w+)\".*", "$1"), letter);
    }
    assertThat(dead.get("decode").step(), is(DeadLetter.Step.DECODE));
    assertThat(dead.get("decode").origin().toString(), is("batch:1"));
    assertThat(dead.get("validate").step(), is(DeadLetter.Step.VALIDATE));
    assertThat(dead.get("validate").message(), is("items is -1"));
    assertThat(dead.get("compute").step(), is(DeadLetter.Step.COMPUTE));
    assertThat(dead.get("compute").cause(), is("ArithmeticException"));
    assertThat(dead.get("scale").step(), is(DeadLetter.Step.COMPUTE));
    assertThat(
        dead.get("long" + "k".repeat(600)).message(),
        containsString("604 characters; at most 600"));
    assertThat(dead.get("future").message(), containsString("eventTime.notBefore and notAfter"));
    assertThat(dead.get("past").message(), containsString("eventTime.notBefore and notAfter"));
    assertThat(dead.get("nodate").message(), containsString("2001-02-30"));
    assertThat(dead.get("trailing").message(), containsString("follows the JSON object"));
  }
}

package dev.crossfade.io;

import dev.crossfade.transforms.Flow;
import dev.crossfade.transforms.FlowContext;
import dev.crossfade.transforms.aggregation.Aggregation;
import dev.crossfade.transforms.graph.FlowPlan;
import dev.crossfade.transforms.records.EventTimes;
import dev.crossfade.transforms.results.ColumnType;
import dev.crossfade.transforms.windows.WindowShape;
import dev.crossfade.transforms.windows.Windowing;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;

/** A flow whose columns, key and values, have names that mean something else in SQL. */
public final class ReadingsFlow implements Flow<Reading> {
  /** Times from year 1 to 9999; those without an offset are not read. */
  public static final EventTimes TIMES =
      new EventTimes(
          "at",
          null,
          Instant.parse("0001-01-01T00:00:00Z"),
          Instant.parse("9999-12-31T23:59:59.999Z"));

  /** Windows of ten minutes, a delay of one and a lateness of two. */
  public static final Windowing WINDOWS =
      new Windowing(
          new WindowShape.Fixed(Duration.ofMinutes(10)),
          Duration.ofMinutes(1),
          Duration.ofMinutes(2),
          Duration.ofMillis(50));

  /** The flow with {@link #TIMES} and {@link #WINDOWS}. */
  public static FlowPlan<Reading> plan() {
    return plan(TIMES);
  }

  /** The flow with other event times. */
  public static FlowPlan<Reading> plan(EventTimes times) {
    return FlowPlan.of(new ReadingsFlow(), FlowContext.empty(), times, WINDOWS);
  }

  @Override
  public String name() {
    return "readings";
  }

  @Override
  public Class<Reading> eventType() {
    return Reading.class;
  }

  @Override
  public Aggregation<Reading> define(FlowContext context) {
    return Aggregation.over(Reading.class)
        .key("user", ColumnType.TEXT, Reading::sensor)
        .describe("group", key -> "the \"group\" of '" + key.text(0) + "'")
        .count("order")
        .sum("select", Reading::value)
        .sum("end", 2, reading -> reading.amount() == null ? BigDecimal.ZERO : reading.amount());
  }
}

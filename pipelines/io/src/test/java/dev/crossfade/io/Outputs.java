package dev.crossfade.io;

import dev.crossfade.transforms.graph.DeadLetter;
import dev.crossfade.transforms.graph.DeadLetterCoder;
import dev.crossfade.transforms.graph.FlowOutputs;
import dev.crossfade.transforms.graph.LateRecord;
import dev.crossfade.transforms.graph.OriginCounts;
import dev.crossfade.transforms.graph.WindowCounts;
import dev.crossfade.transforms.graph.WindowCountsCoder;
import dev.crossfade.transforms.results.Conflict;
import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.Result;
import dev.crossfade.transforms.results.ResultTable;
import dev.crossfade.transforms.results.TypedRow;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TimestampedValue;

/** Outputs of a flow that never ran. */
public final class Outputs {
  private static final ResultTable TABLE = ReadingsFlow.plan().table();

  private Outputs() {}

  /** The window of a number, from 0. */
  public static EventWindow window(int number) {
    Instant start = Instant.parse("2001-02-03T04:00:00Z").plus(Duration.ofMinutes(10L * number));
    return new EventWindow(start, start.plus(Duration.ofMinutes(10)));
  }

  /** A result whose values follow from the events folded into it. */
  public static Result result(String user, int window, long folded, boolean tombstone) {
    return result(user, window, folded, List.of(), 0, tombstone);
  }

  /** A result of events of which some do not count, as conflicts or as mere repetitions. */
  public static Result result(
      String user,
      int window,
      long folded,
      List<Conflict> conflicts,
      long repetitions,
      boolean tombstone) {
    return new Result(
        TypedRow.of(TABLE.key(), user),
        window(window),
        TypedRow.of(
            TABLE.values(), "about " + user, folded, folded * 10, BigDecimal.valueOf(folded)),
        folded,
        conflicts.size() + repetitions,
        conflicts,
        tombstone);
  }

  /** Outputs as a sink takes them, without counts. */
  public static FlowOutputs of(
      Pipeline pipeline, List<Result> results, List<DeadLetter> dead, List<LateRecord> late) {
    return of(pipeline, results, dead, late, Map.of(), Map.of());
  }

  /** Outputs as a sink takes them, with counts by source and by the number of a window. */
  public static FlowOutputs of(
      Pipeline pipeline,
      List<Result> results,
      List<DeadLetter> dead,
      List<LateRecord> late,
      Map<String, OriginCounts> origins,
      Map<Integer, WindowCounts> windows) {
    List<TimestampedValue<Result>> timedResults = new ArrayList<>();
    results.forEach(result -> timedResults.add(timed(result, result.window())));
    List<TimestampedValue<KV<Long, WindowCounts>>> timedCounts = new ArrayList<>();
    windows.forEach(
        (number, counts) ->
            timedCounts.add(
                timed(KV.of(window(number).start().toEpochMilli(), counts), window(number))));
    List<KV<String, OriginCounts>> sources = new ArrayList<>();
    origins.forEach((source, counts) -> sources.add(KV.of(source, counts)));
    return new FlowOutputs(
        pipeline
            .apply(
                "Results",
                Create.timestamped(timedResults).withCoder(SerializableCoder.of(Result.class)))
            .apply("Window", ReadingsFlow.WINDOWS.into()),
        pipeline.apply("Dead", Create.of(dead).withCoder(DeadLetterCoder.of())),
        pipeline.apply("Late", Create.of(late).withCoder(SerializableCoder.of(LateRecord.class))),
        pipeline.apply(
            "OriginCounts",
            Create.of(sources)
                .withCoder(
                    KvCoder.of(StringUtf8Coder.of(), SerializableCoder.of(OriginCounts.class)))),
        pipeline
            .apply(
                "WindowCounts",
                Create.timestamped(timedCounts)
                    .withCoder(KvCoder.of(VarLongCoder.of(), new WindowCountsCoder())))
            .apply("WindowOfCounts", ReadingsFlow.WINDOWS.into()));
  }

  private static <T> TimestampedValue<T> timed(T value, EventWindow window) {
    return TimestampedValue.of(
        value, org.joda.time.Instant.ofEpochMilli(window.start().toEpochMilli()));
  }
}

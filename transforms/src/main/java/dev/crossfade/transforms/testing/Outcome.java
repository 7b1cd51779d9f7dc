package dev.crossfade.transforms.testing;

import dev.crossfade.transforms.graph.DeadLetter;
import dev.crossfade.transforms.graph.FlowOutputs;
import dev.crossfade.transforms.graph.LateRecord;
import dev.crossfade.transforms.graph.OriginCounts;
import dev.crossfade.transforms.graph.WindowCounts;
import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.Result;
import dev.crossfade.transforms.results.TypedRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.values.KV;

/**
 * What came out of a run of a flow.
 *
 * @param panes every result in the order it came
 * @param dead the dead letters
 * @param late the late records
 * @param origins what became of the records of each source
 * @param windows what was decoded of each window, by its start in milliseconds
 */
public record Outcome(
    List<Result> panes,
    List<DeadLetter> dead,
    List<LateRecord> late,
    Map<String, OriginCounts> origins,
    Map<Long, WindowCounts> windows) {
  /**
   * Runs a pipeline to its end and collects what comes out.
   *
   * @throws IllegalStateException if the pipeline does not succeed
   */
  public static Outcome of(Pipeline pipeline, FlowOutputs outputs) {
    try (Collected<Result> panes = Collected.from(outputs.results());
        Collected<DeadLetter> dead = Collected.from(outputs.deadLetters());
        Collected<LateRecord> late = Collected.from(outputs.lateRecords());
        Collected<KV<String, OriginCounts>> origins = Collected.from(outputs.originCounts());
        Collected<KV<Long, WindowCounts>> windows = Collected.from(outputs.windowCounts())) {
      PipelineResult.State state = pipeline.run().waitUntilFinish();
      if (state != PipelineResult.State.DONE) {
        throw new IllegalStateException("the pipeline ended as " + state);
      }
      return new Outcome(
          panes.elements(),
          dead.elements(),
          late.elements(),
          newest(origins.elements(), OriginCounts::positions),
          newest(windows.elements(), WindowCounts::decoded));
    }
  }

  private static <K extends Comparable<K>, V> Map<K, V> newest(
      List<KV<K, V>> collected, ToLongFunction<V> size) {
    Map<K, V> newest = new TreeMap<>();
    for (KV<K, V> each : collected) {
      newest.merge(
          each.getKey(),
          each.getValue(),
          (old, next) -> size.applyAsLong(next) > size.applyAsLong(old) ? next : old);
    }
    return newest;
  }

  /** Per address the newest result, tombstones among them. */
  public Map<Address, Result> newestResults() {
    Map<Address, Result> newest = new TreeMap<>();
    for (Result result : panes) {
      newest.merge(
          new Address(result.key(), result.window()),
          result,
          (old, next) -> next.absorbed() > old.absorbed() ? next : old);
    }
    return newest;
  }

  /**
   * What the ledgers do not account for: nothing, or a line for each remainder. Per window, the
   * events decoded have to be those counted, filtered, repeated and dead; over all, the events of
   * the sources have to be those of the windows and the late ones; and each record that could not
   * be decoded has to be a dead letter.
   */
  public List<String> unaccounted() {
    Map<Long, Long> seen = new TreeMap<>();
    newestResults()
        .forEach(
            (address, result) ->
                seen.merge(address.window().start().toEpochMilli(), result.absorbed(), Long::sum));
    long letters = 0;
    for (DeadLetter letter : dead) {
      if (letter.window() == null) {
        letters++;
      } else {
        seen.merge(letter.window().start().toEpochMilli(), 1L, Long::sum);
      }
    }
    windows.forEach((start, counts) -> seen.merge(start, counts.filtered(), Long::sum));
    List<String> remainders = new ArrayList<>();
    Set<Long> starts = new TreeSet<>(seen.keySet());
    starts.addAll(windows.keySet());
    for (long start : starts) {
      long decoded = windows.getOrDefault(start, WindowCounts.NOTHING).decoded();
      if (decoded != seen.getOrDefault(start, 0L)) {
        remainders.add(
            "window from "
                + Instant.ofEpochMilli(start)
                + ": "
                + decoded
                + " events decoded, "
                + seen.getOrDefault(start, 0L)
                + " accounted for");
      }
    }
    OriginCounts all = origins.values().stream().reduce(OriginCounts.NOTHING, OriginCounts::plus);
    long events = windows.values().stream().mapToLong(WindowCounts::decoded).sum() + late.size();
    if (all.decoded() - all.outside() != events) {
      remainders.add(
          all.decoded() - all.outside() + " events in the sources, " + events + " in the windows");
    }
    if (all.undecodable() != letters) {
      remainders.add(all.undecodable() + " records undecodable, " + letters + " dead letters");
    }
    return remainders;
  }

  /** The rows that stand at the end: per address the newest result, unless it is a tombstone. */
  public Map<Address, TypedRow> rows() {
    Map<Address, TypedRow> rows = new TreeMap<>();
    newestResults()
        .forEach(
            (address, result) -> {
              if (!result.tombstone()) {
                rows.put(address, result.values());
              }
            });
    return rows;
  }

  /** The rows, one a line. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    rows().forEach((address, row) -> text.append(address).append(" -> ").append(row).append('\n'));
    return text.toString();
  }

  /**
   * Where a row stands.
   *
   * @param key the values of the key columns
   * @param window the window
   */
  public record Address(TypedRow key, EventWindow window) implements Comparable<Address> {
    private static final Comparator<Address> ORDER =
        Comparator.comparing(Address::window).thenComparing(address -> address.key().toString());

    @Override
    public int compareTo(Address other) {
      return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
      return key + " in " + window;
    }
  }
}

package dev.crossfade.transforms.graph;

import dev.crossfade.transforms.results.ByteBuilder;
import dev.crossfade.transforms.results.CanonicalBytes;
import dev.crossfade.transforms.results.ColumnType;
import dev.crossfade.transforms.results.Conflict;
import dev.crossfade.transforms.results.Result;
import dev.crossfade.transforms.testing.Collected;
import dev.crossfade.transforms.windows.Windowing;
import java.io.Serializable;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.transforms.windowing.AfterPane;
import org.apache.beam.sdk.transforms.windowing.AfterProcessingTime;
import org.apache.beam.sdk.transforms.windowing.AfterWatermark;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.apache.commons.codec.digest.MurmurHash3;
import org.joda.time.Duration;

/**
 * The orders of {@link AcceleratedGraphTest} as anybody would compute them with Beam: one event an
 * element, grouped by shop, and all events of a shop and window looked at whenever a pane shows
 * them. It shares no code with the graph, but for the canonical bytes of a value.
 */
final class PlainFlow {
  static final Duration WINDOW = Duration.standardMinutes(10);

  private PlainFlow() {}

  /** An event. */
  record Told(String at, String shop, String id, long version, int items) implements Serializable {
    long millis() {
      return Instant.parse(at).toEpochMilli();
    }

    /** Whether a row can be made of it. */
    boolean counts() {
      return items > 0 && items != 13;
    }
  }

  /** A shop and the start of a window in milliseconds. */
  record Place(String shop, long windowStart) implements Serializable {
    static Place of(Told told) {
      return new Place(told.shop(), told.millis() / WINDOW.getMillis() * WINDOW.getMillis());
    }

    static Place of(Result result) {
      return new Place(result.key().text(0), result.window().start().toEpochMilli());
    }
  }

  /**
   * What stands in a row.
   *
   * @param values the value columns
   * @param absorbed the events that it is made of
   * @param duplicates those of them that do not count
   * @param conflicts those of the latter that differ from the one that counts
   */
  record Row(List<Object> values, long absorbed, long duplicates, Set<Conflict> conflicts)
      implements Serializable {
    /** Looks at all events of a shop and window, in any order. */
    static Row of(Collection<Told> events) {
      Map<String, Told> counting = new TreeMap<>();
      events.forEach(told -> counting.merge(told.id(), told, PlainFlow::newer));
      Set<Told> others = new HashSet<>(events);
      others.removeAll(counting.values());
      Set<Conflict> conflicts = new HashSet<>();
      for (Told told : others) {
        long[] content = content(told);
        conflicts.add(new Conflict(told.id(), content[0], content[1]));
      }
      List<Integer> items = counting.values().stream().map(Told::items).toList();
      long sum = items.stream().mapToLong(Integer::longValue).sum();
      return new Row(
          List.of(
              "shop " + events.iterator().next().shop(),
              (long) items.size(),
              items.stream().filter(count -> count >= 10).count(),
              sum,
              BigDecimal.valueOf(sum * 25, 2),
              BigDecimal.valueOf(sum)
                  .divide(BigDecimal.valueOf(items.size()), 2, RoundingMode.HALF_UP),
              items.stream().mapToLong(Integer::longValue).max().orElseThrow(),
              items.stream().mapToLong(Integer::longValue).min().orElseThrow()),
          events.size(),
          events.size() - counting.size(),
          conflicts);
    }

    static Row of(Result result) {
      return new Row(
          result.values().values(),
          result.absorbed(),
          result.duplicates(),
          Set.copyOf(result.conflicts()));
    }
  }

  /** Runs it to its end; the last row of each shop and window is the one of the most events. */
  static Map<Place, Row> run(TestStream<Told> events, Windowing windowing) {
    Pipeline pipeline = Pipeline.create();
    try (Collected<KV<Place, Row>> panes =
        Collected.from(
            pipeline
                .apply(events)
                .apply(Filter.by(Told::counts))
                .apply(WithKeys.of(Told::shop).withKeyType(TypeDescriptors.strings()))
                .apply(
                    Window.<KV<String, Told>>into(FixedWindows.of(WINDOW))
                        .triggering(
                            AfterWatermark.pastEndOfWindow()
                                .withEarlyFirings(
                                    AfterProcessingTime.pastFirstElementInPane()
                                        .plusDelayOf(
                                            Duration.millis(windowing.earlyFiring().toMillis())))
                                .withLateFirings(AfterPane.elementCountAtLeast(1)))
                        .withAllowedLateness(
                            Duration.millis(windowing.allowedLateness().toMillis()))
                        .accumulatingFiredPanes())
                .apply(GroupByKey.create())
                .apply(ParDo.of(new LookFn()))
                .setCoder(
                    KvCoder.of(
                        SerializableCoder.of(Place.class), SerializableCoder.of(Row.class))))) {
      pipeline.run().waitUntilFinish();
      Map<Place, Row> last = new TreeMap<>(Comparator.comparing(Place::toString));
      for (KV<Place, Row> pane : panes.elements()) {
        last.merge(
            pane.getKey(),
            pane.getValue(),
            (old, next) -> next.absorbed() > old.absorbed() ? next : old);
      }
      return last;
    }
  }

  private static final class LookFn extends DoFn<KV<String, Iterable<Told>>, KV<Place, Row>> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(
        @Element KV<String, Iterable<Told>> pane,
        IntervalWindow window,
        OutputReceiver<KV<Place, Row>> out) {
      List<Told> events = new ArrayList<>();
      pane.getValue().forEach(events::add);
      if (!events.isEmpty()) {
        out.output(KV.of(new Place(pane.getKey(), window.start().getMillis()), Row.of(events)));
      }
    }
  }

  /** Of two events of one id the one that counts: the newer version, then the greater content. */
  private static Told newer(Told a, Told b) {
    if (a.version() != b.version()) {
      return a.version() > b.version() ? a : b;
    }
    long[] left = content(a);
    long[] right = content(b);
    int order = Long.compareUnsigned(left[0], right[0]);
    return (order == 0 ? Long.compareUnsigned(left[1], right[1]) : order) >= 0 ? a : b;
  }

  private static long[] content(Told told) {
    ByteBuilder bytes = new ByteBuilder(64);
    CanonicalBytes.write(ColumnType.BIGINT, 1L, bytes);
    Instant at = Instant.parse(told.at());
    CanonicalBytes.write(ColumnType.BIGINT, at.getEpochSecond(), bytes);
    CanonicalBytes.write(ColumnType.BIGINT, (long) at.getNano(), bytes);
    CanonicalBytes.write(ColumnType.TEXT, told.shop(), bytes);
    CanonicalBytes.write(ColumnType.TEXT, told.id(), bytes);
    CanonicalBytes.write(ColumnType.BIGINT, told.version(), bytes);
    CanonicalBytes.write(ColumnType.BIGINT, (long) told.items(), bytes);
    return MurmurHash3.hash128x64(bytes.array(), 0, bytes.size(), 0);
  }
}

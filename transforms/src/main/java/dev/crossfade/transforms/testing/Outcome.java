package dev.crossfade.transforms.testing;

import dev.crossfade.transforms.graph.DeadLetter;
import dev.crossfade.transforms.graph.FlowOutputs;
import dev.crossfade.transforms.graph.LateRecord;
import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.Result;
import dev.crossfade.transforms.results.TypedRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;

/**
 * What came out of a run of a flow.
 *
 * @param panes every result in the order it came
 * @param dead the dead letters
 * @param late the late records
 */
public record Outcome(List<Result> panes, List<DeadLetter> dead, List<LateRecord> late) {
  /** The runs that are going on, by number. A runner of the same process is all that tests need. */
  private static final Map<Long, List<Object>> RUNS = new ConcurrentHashMap<>();

  private static final AtomicLong NEXT_RUN = new AtomicLong();

  /**
   * Runs a pipeline to its end and collects what comes out.
   *
   * @throws IllegalStateException if the pipeline does not succeed
   */
  public static Outcome of(Pipeline pipeline, FlowOutputs outputs) {
    long run = NEXT_RUN.incrementAndGet();
    List<Object> collected = new ArrayList<>();
    RUNS.put(run, collected);
    collect(outputs.results(), run);
    collect(outputs.deadLetters(), run);
    collect(outputs.lateRecords(), run);
    try {
      PipelineResult.State state = pipeline.run().waitUntilFinish();
      if (state != PipelineResult.State.DONE) {
        throw new IllegalStateException("the pipeline ended as " + state);
      }
    } finally {
      RUNS.remove(run);
    }
    return new Outcome(
        only(collected, Result.class),
        only(collected, DeadLetter.class),
        only(collected, LateRecord.class));
  }

  private static <T> List<T> only(List<Object> collected, Class<T> type) {
    return collected.stream().filter(type::isInstance).map(type::cast).toList();
  }

  private static <T> void collect(PCollection<T> collection, long run) {
    collection.apply("Collect" + collection.getName(), ParDo.of(new CollectFn<>(run)));
  }

  /** The rows that stand at the end: per address the newest result, unless it is a tombstone. */
  public Map<Address, TypedRow> rows() {
    Map<Address, Result> newest = new TreeMap<>();
    for (Result result : panes) {
      newest.merge(
          new Address(result.key(), result.window()),
          result,
          (old, next) -> next.folded() > old.folded() ? next : old);
    }
    Map<Address, TypedRow> rows = new TreeMap<>();
    newest.forEach(
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

  private static final class CollectFn<T> extends DoFn<T, Void> {
    private static final long serialVersionUID = 1L;

    private final long run;

    CollectFn(long run) {
      this.run = run;
    }

    @ProcessElement
    public void process(@Element T element) {
      List<Object> collected = RUNS.get(run);
      synchronized (collected) {
        collected.add(element);
      }
    }
  }
}

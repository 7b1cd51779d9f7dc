package dev.crossfade.transforms.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;

/**
 * The elements of a collection, as they come while its pipeline runs. The runner has to be one in
 * this process, which is all that tests need.
 *
 * @param <T> the kind of element
 */
public final class Collected<T> implements AutoCloseable {
  /** Those that are open, by number, which is what the copies of a function can carry. */
  private static final Map<Long, Collected<?>> OPEN = new ConcurrentHashMap<>();

  private static final AtomicLong NEXT = new AtomicLong();

  private final long number = NEXT.incrementAndGet();
  private final List<T> elements = new ArrayList<>();

  private Collected() {}

  /** Collects the elements of a collection whose pipeline is to be run. */
  public static <T> Collected<T> from(PCollection<T> collection) {
    Collected<T> collected = new Collected<>();
    OPEN.put(collected.number, collected);
    collection.apply(
        "Collect" + collection.getName(), ParDo.of(new CollectFn<T>(collected.number)));
    return collected;
  }

  /** Those that have come so far, in the order in which they came. */
  public synchronized List<T> elements() {
    return List.copyOf(elements);
  }

  private synchronized void add(T element) {
    elements.add(element);
  }

  /** Ends the collecting; the pipeline must not run on. */
  @Override
  public void close() {
    OPEN.remove(number);
  }

  private static final class CollectFn<T> extends DoFn<T, Void> {
    private static final long serialVersionUID = 1L;

    private final long number;

    CollectFn(long number) {
      this.number = number;
    }

    @ProcessElement
    @SuppressWarnings("unchecked") // it was opened for a collection of this type
    public void process(@Element T element) {
      ((Collected<T>) OPEN.get(number)).add(element);
    }
  }
}

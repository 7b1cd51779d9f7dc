package dev.crossfade.transforms.graph;

import dev.crossfade.transforms.aggregation.Aggregation;
import dev.crossfade.transforms.records.Event;
import dev.crossfade.transforms.records.EventTimes;
import dev.crossfade.transforms.records.Origin;
import dev.crossfade.transforms.records.RecordDecoder;
import dev.crossfade.transforms.records.RecordFormat;
import dev.crossfade.transforms.records.UndecodableException;
import dev.crossfade.transforms.results.EventWindow;
import java.time.Instant;
import java.util.Optional;

/**
 * Tries records on a flow, outside of any run: whether they would be events by now. Not
 * thread-safe.
 *
 * @param <E> the event's type
 */
public final class RecordProbe<E> {
  private final FlowPlan<E> plan;
  private final RecordDecoder<E> decoder;
  private final EventTimes.Reader times;

  private RecordProbe(FlowPlan<E> plan, RecordFormat format) {
    this.plan = plan;
    this.decoder = new RecordDecoder<>(plan.eventType(), format, plan.eventTimes());
    this.times = plan.eventTimes().reader(format);
  }

  /** A probe of a flow for records of a format. */
  public static <E> RecordProbe<E> of(FlowPlan<E> plan, RecordFormat format) {
    return new RecordProbe<>(plan, format);
  }

  /**
   * The window of the event that a record is; empty if it would be a dead letter.
   *
   * @param header what the format needs beside the record
   */
  public Optional<EventWindow> windowOf(String header, byte[] bytes) {
    try {
      long time = times.read(header, bytes, 0, bytes.length);
      E value = decoder.decode(header, bytes);
      Aggregation<E> aggregation = plan.aggregation();
      if (aggregation.counts(value)) {
        aggregation
            .accumulation(aggregation.keyOf(value))
            .fold(new Event<>(value, time, 1, new Origin("", 0)));
      }
      EventWindow window = plan.windowing().shape().windowOf(Instant.ofEpochMilli(time));
      return plan.windowing().isHeld(window.start().toEpochMilli())
          ? Optional.of(window)
          : Optional.empty();
    } catch (UndecodableException | RuntimeException e) {
      // Whatever it is, the record is as dead as before; the letter keeps the cause.
      return Optional.empty();
    }
  }
}

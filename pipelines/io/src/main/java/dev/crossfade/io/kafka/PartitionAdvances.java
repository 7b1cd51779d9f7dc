package dev.crossfade.io.kafka;

import dev.crossfade.transforms.windows.PartitionWatermark;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The idle advances of one partition: those made by earlier readers, which are made again at their
 * offsets, and the one that this reader is about to make. While the store does not answer, nothing
 * is read: of what is recorded, and of what was given to it to record, it alone can tell, and the
 * verdict on the next record depends on it.
 */
final class PartitionAdvances {
  private static final Logger LOG = LoggerFactory.getLogger(PartitionAdvances.class);

  private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

  private final IdleAdvances store;
  private final String origin;
  private final PartitionWatermark watermark;
  private final Outage outage;
  private NavigableMap<Long, Long> earlier;
  private Advance next;
  private long askAfter = System.nanoTime();

  PartitionAdvances(IdleAdvances store, String origin, PartitionWatermark watermark) {
    this.store = store;
    this.origin = origin;
    this.watermark = watermark;
    this.outage = new Outage("the store of the idle advances of " + origin);
  }

  /** Whether the next record may be judged; if not, this is to be asked again. */
  boolean areSettled() {
    if (earlier != null && next == null) {
      return true;
    }
    if (System.nanoTime() - askAfter < 0) {
      return false;
    }
    try {
      if (earlier == null) {
        earlier = new TreeMap<>(store.recorded(origin));
      }
      if (next != null) {
        store.record(origin, next.offset(), next.millis());
        watermark.advanceTo(next.millis());
        LOG.info(
            "{} at offset {} is idle; its watermark follows the other partitions to {}",
            origin,
            next.offset(),
            Instant.ofEpochMilli(next.millis()));
        next = null;
      }
      outage.isOver();
      return true;
    } catch (IOException e) {
      outage.goesOn(e);
      askAfter = System.nanoTime() + PAUSE_NANOS;
      return false;
    }
  }

  /** Moves the watermark to where it was moved before at this offset, or at one before it. */
  void repeatAt(long offset) {
    while (!earlier.isEmpty() && earlier.firstKey() <= offset) {
      watermark.advanceTo(earlier.pollFirstEntry().getValue());
    }
  }

  /** Moves the watermark forward at an offset, as soon as that is recorded. */
  void make(long offset, long millis) {
    if (millis > watermark.millis()) {
      next = new Advance(offset, millis);
      areSettled();
    }
  }

  private record Advance(long offset, long millis) {}
}

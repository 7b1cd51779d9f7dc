package dev.crossfade.transforms.windows;

import java.io.Serializable;

/**
 * The watermark of one partition, and with it the verdict on lateness. Both are functions of the
 * records before, in the order of the partition's log, so they are the same each time the log is
 * read from the same place with the same state. The watermark of a job is the least of its
 * partitions', so a record that is in time here is in time there.
 *
 * <p>Not thread-safe; one reader owns it.
 */
public final class PartitionWatermark implements Serializable {
  /** The watermark before the first record. */
  public static final long NONE = Long.MIN_VALUE;

  private static final long serialVersionUID = 1L;

  private final Windowing windowing;
  private long watermark;

  /**
   * A watermark that goes on from a value that {@link #millis} gave.
   *
   * @param millis the watermark so far, or {@link #NONE}
   */
  public PartitionWatermark(Windowing windowing, long millis) {
    this.windowing = windowing;
    this.watermark = millis;
  }

  /** The watermark: no window that closes at or before it takes a record any more. */
  public long millis() {
    return watermark;
  }

  /**
   * Judges the next record and lets it move the watermark.
   *
   * @param eventTime the record's event time in milliseconds
   * @return whether the record is in time; if not, it came after its window closed and does not
   *     move the watermark, since it lies behind it
   */
  public boolean admit(long eventTime) {
    if (watermark != NONE
        && windowing.closingOf(windowing.shape().startOf(eventTime)) <= watermark) {
      return false;
    }
    watermark = Math.max(watermark, eventTime - windowing.watermarkDelay().toMillis());
    return true;
  }

  /** Moves the watermark forward to where another partition proves event time to be; never back. */
  public void advanceTo(long millis) {
    watermark = Math.max(watermark, millis);
  }
}

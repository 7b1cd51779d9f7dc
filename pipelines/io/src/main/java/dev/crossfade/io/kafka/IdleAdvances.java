package dev.crossfade.io.kafka;

import java.io.IOException;
import java.io.Serializable;
import java.util.NavigableMap;

/**
 * Where partitions were let pass because they were idle. Waiting decided that, so the log does not
 * tell where it was: it is kept apart, and what reads the log again does the same at the same
 * position, with the same verdicts on what is late.
 */
public interface IdleAdvances extends Serializable {
  /** Forgets; for a reader that is never started again in the middle of a log. */
  IdleAdvances NONE = NoIdleAdvances.INSTANCE;

  /**
   * The greatest watermark that a source was let pass to at each position.
   *
   * @param source the source, by the name that its records' origins have
   * @throws IOException if that cannot be told now
   */
  NavigableMap<Long, Long> recorded(String source) throws IOException;

  /**
   * Records that a source is let pass. It is kept for good when this returns, and only then may the
   * source be let pass. Recording the same again changes nothing.
   *
   * @param atPosition the position to be read next
   * @param watermark the watermark before the record at that position is judged
   * @throws IOException if it is not known to be kept; it may be all the same
   */
  void record(String source, long atPosition, long watermark) throws IOException;
}

package dev.crossfade.transforms.graph;

import dev.crossfade.transforms.records.Origin;
import dev.crossfade.transforms.records.RecordBytes;
import dev.crossfade.transforms.results.EventWindow;
import java.io.Serializable;
import java.time.Instant;

/**
 * A record that could not be processed, whole, so that it can be looked at, mended and computed
 * after all.
 *
 * @param origin where it was first seen
 * @param step where it failed
 * @param cause what failed: a simple class name
 * @param message what is wrong with it
 * @param bytes the record
 * @param eventTime its event time, or null if it could not be read
 * @param window the window of the event that it is, or null if it is none
 * @param retryable whether the very same record may be computed at another time: the source could
 *     not read on, or the flow says so with a {@link dev.crossfade.transforms.RetryableException}
 */
public record DeadLetter(
    Origin origin,
    Step step,
    String cause,
    String message,
    RecordBytes bytes,
    Instant eventTime,
    EventWindow window,
    boolean retryable)
    implements Serializable {
  /** The step at which a record failed. */
  public enum Step {
    /** The source could not read on; the bytes are what it had. */
    READ,
    /** The bytes are not a record of the flow's event. */
    DECODE,
    /** The record is one, but says something that cannot be. */
    VALIDATE,
    /** The flow's own functions failed on the event. */
    COMPUTE
  }

  @Override
  public String toString() {
    return "DeadLetter{" + origin + ", " + step + ", " + cause + ": " + message + "}";
  }
}

package dev.crossfade.transforms.graph;

import dev.crossfade.transforms.records.Origin;
import dev.crossfade.transforms.records.RecordBytes;
import dev.crossfade.transforms.results.EventWindow;
import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;

/**
 * A record that came after its window had closed. It is in no result until the window is restated.
 *
 * @param origin where it was first seen
 * @param eventTime its event time
 * @param window the window it belongs to
 * @param behind how far the window's closing lay behind the partition's watermark when it came
 * @param bytes the record
 */
public record LateRecord(
    Origin origin, Instant eventTime, EventWindow window, Duration behind, RecordBytes bytes)
    implements Serializable {
  @Override
  public String toString() {
    return "LateRecord{" + origin + ", " + eventTime + ", behind by " + behind + "}";
  }
}

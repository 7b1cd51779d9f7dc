package dev.crossfade.io.kafka;

import dev.crossfade.transforms.windows.PartitionWatermark;
import java.io.Serializable;
import org.apache.beam.sdk.io.UnboundedSource;

/**
 * How far a partition was read, and what follows from it. The broker is told nothing: the position
 * is safe where the results that follow from it are, in the runner's checkpoint.
 *
 * @param nextOffset the offset to read next, or {@link #BEGINNING}
 * @param watermark the partition's watermark there
 * @param ended whether the partition's declared end was read
 */
record PartitionMark(long nextOffset, long watermark, boolean ended)
    implements UnboundedSource.CheckpointMark, Serializable {
  /** The first offset that the broker has. */
  static final long BEGINNING = -1;

  static PartitionMark start() {
    return new PartitionMark(BEGINNING, PartitionWatermark.NONE, false);
  }

  @Override
  public void finalizeCheckpoint() {
    // Nothing is kept outside the checkpoint.
  }
}

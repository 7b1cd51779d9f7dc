package dev.crossfade.io.files;

import java.io.Serializable;

/**
 * Whole lines of a file that are read together.
 *
 * @param file the file
 * @param start the first byte, counted in the file as it is stored
 * @param length how many bytes its lines take, or {@link #WHOLE} for a file that is read to its end
 * @param firstPosition the number of the first line that the range stands for, from 1; lines before
 *     {@code firstLine}, which is the header, hold no record and are not read again
 * @param firstLine the number of the line at {@code start}
 * @param header the CSV header, or nothing
 * @param delimiter what {@link Lines#behindFirst} takes; of no meaning for the whole of a file
 */
record FileRange(
    InputFile file,
    long start,
    long length,
    long firstPosition,
    long firstLine,
    String header,
    int delimiter)
    implements Serializable {
  /** The length of a range that is the whole of a file. */
  static final long WHOLE = Long.MAX_VALUE;
}

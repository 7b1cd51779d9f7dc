package dev.crossfade.io.files;

import java.io.Serializable;

/**
 * Whole lines of a file that are read together.
 *
 * @param file the file's path
 * @param start the first byte, counted in the file as it is stored
 * @param length how many bytes its lines take, or {@link #WHOLE} for a file that is read to its end
 * @param firstLine the number of the first line, from 1
 * @param header the CSV header, or nothing
 */
record FileRange(String file, long start, long length, long firstLine, String header)
    implements Serializable {
  /** The length of a range that is the whole of a file. */
  static final long WHOLE = Long.MAX_VALUE;
}

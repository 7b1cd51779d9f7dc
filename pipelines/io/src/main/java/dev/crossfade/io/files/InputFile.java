package dev.crossfade.io.files;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;

/**
 * A file as it was when a run chose its input.
 *
 * @param path its name, taken as it is, or a URI of a Beam file system
 * @param bytes how many bytes are stored
 * @param isSeekable whether it can be read from any byte on
 * @param modified when it was last changed, in milliseconds since 1970; {@link #UNKNOWN} if its
 *     file system does not tell
 */
public record InputFile(String path, long bytes, boolean isSeekable, long modified)
    implements Serializable {
  /** Stands for a time that is not known. */
  static final long UNKNOWN = -1;

  /** A local file as it is now. */
  static InputFile of(Path path, BasicFileAttributes attributes) {
    return new InputFile(
        path.toString(), attributes.size(), true, attributes.lastModifiedTime().toMillis());
  }

  /**
   * Fails if the file is not any more what it was: part of what was read would be of the one, part
   * of the other. Files of other file systems than the local one are not looked at.
   *
   * @throws IOException if it has changed, or is gone
   */
  void requireUnchanged() throws IOException {
    if (modified == UNKNOWN) {
      return;
    }
    InputFile now;
    try {
      now = of(Path.of(path), Files.readAttributes(Path.of(path), BasicFileAttributes.class));
    } catch (NoSuchFileException e) {
      throw new IOException(path + " is gone, which was there when the run began", e);
    }
    if (!now.equals(this)) {
      throw new IOException(
          path
              + " has changed since the run began: then "
              + describe()
              + ", now "
              + now.describe()
              + "; run again when nobody writes it");
    }
  }

  private String describe() {
    return bytes + " bytes of " + Instant.ofEpochMilli(modified);
  }
}

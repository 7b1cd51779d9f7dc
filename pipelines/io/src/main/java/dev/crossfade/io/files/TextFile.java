package dev.crossfade.io.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A small local text file that is of use only as a whole, read with the care that inputs are read
 * with: decompressed by the ending of its name, without a byte order mark, and in UTF-8.
 *
 * @param text what stands in it; of a file with something wrong, nothing
 * @param wrong what is wrong with it, behind the file's name; empty if nothing is
 */
public record TextFile(String text, Optional<String> wrong) {
  /**
   * Reads a file.
   *
   * @throws IOException if it cannot be read
   */
  public static TextFile read(Path path) throws IOException {
    byte[] bytes;
    // Not by Beam, whose file systems take longer to set up than a small verb takes as a whole.
    try (StoredText stored = StoredText.of(path.toString(), Files.newInputStream(path))) {
      bytes = stored.readAllBytes();
      if (stored.damage().isPresent()) {
        return wrong(bytes, bytes.length, stored.damage().get());
      }
    }
    CharsetDecoder utf8 =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult result = utf8.decode(in, out, true);
    if (result.isError()) {
      return wrong(
          bytes,
          in.position(),
          "is not UTF-8: the byte 0x" + Integer.toHexString(bytes[in.position()] & 0xFF));
    }
    return new TextFile(out.flip().toString(), Optional.empty());
  }

  private static TextFile wrong(byte[] bytes, int position, String what) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    long line = 1 + lineEnds(text, 0, position);
    return new TextFile("", Optional.of(line + ": " + what));
  }

  /** How many lines end in a part of a text, from one character up to another. */
  public static long lineEnds(String text, long from, long to) {
    long ends = 0;
    for (int i = (int) from; i < to; i++) {
      char next = text.charAt(i);
      boolean isReturn = next == '\r' && (i + 1 == text.length() || text.charAt(i + 1) != '\n');
      ends += next == '\n' || isReturn ? 1 : 0;
    }
    return ends;
  }
}

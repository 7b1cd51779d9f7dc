package dev.crossfade.transforms.records;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Reads bytes as UTF-8 and refuses what is none, as PostgreSQL does: a byte out of place, a longer
 * form than a character needs, half a surrogate pair. Not thread-safe.
 */
final class Utf8 {
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);

  /** Of what is only to be looked at, a piece at a time. */
  private final CharBuffer ignored = CharBuffer.allocate(1 << 10);

  /**
   * The text that bytes stand for.
   *
   * @throws UndecodableException if they stand for none
   */
  String decode(byte[] bytes, int offset, int length) throws UndecodableException {
    try {
      return decoder.decode(ByteBuffer.wrap(bytes, offset, length)).toString();
    } catch (CharacterCodingException e) {
      throw new UndecodableException("is not UTF-8: " + e.getMessage());
    }
  }

  /** Whether bytes stand for a text. */
  boolean isText(byte[] bytes, int offset, int length) {
    ByteBuffer in = ByteBuffer.wrap(bytes, offset, length);
    decoder.reset();
    CoderResult result;
    do {
      ignored.clear();
      result = decoder.decode(in, ignored, true);
    } while (result.isOverflow());
    return !result.isError();
  }
}

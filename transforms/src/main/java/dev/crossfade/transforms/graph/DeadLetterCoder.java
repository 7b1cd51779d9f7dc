package dev.crossfade.transforms.graph;

import dev.crossfade.transforms.records.RecordBytes;
import dev.crossfade.transforms.results.ByteBuilder;
import java.io.DataInput;
import java.io.IOException;

/** Writes dead letters. */
public final class DeadLetterCoder extends DataCoder<DeadLetter> {
  private static final long serialVersionUID = 1L;
  private static final DeadLetterCoder INSTANCE = new DeadLetterCoder();

  private DeadLetterCoder() {}

  /** The coder. */
  public static DeadLetterCoder of() {
    return INSTANCE;
  }

  @Override
  void write(DeadLetter letter, ByteBuilder out) {
    writeOrigin(letter.origin(), out);
    out.writeText(letter.step().name());
    out.writeText(letter.cause());
    out.writeText(letter.message());
    out.writeBytes(letter.bytes().toArray());
    out.writeBoolean(letter.eventTime() != null);
    if (letter.eventTime() != null) {
      writeInstant(letter.eventTime(), out);
    }
    out.writeBoolean(letter.window() != null);
    if (letter.window() != null) {
      EventWindowCoder.of().write(letter.window(), out);
    }
    out.writeBoolean(letter.retryable());
  }

  @Override
  DeadLetter read(DataInput in) throws IOException {
    return new DeadLetter(
        readOrigin(in),
        DeadLetter.Step.valueOf(ByteBuilder.readText(in)),
        ByteBuilder.readText(in),
        ByteBuilder.readText(in),
        RecordBytes.copyOf(ByteBuilder.readBytes(in)),
        in.readBoolean() ? readInstant(in) : null,
        in.readBoolean() ? EventWindowCoder.of().read(in) : null,
        in.readBoolean());
  }
}

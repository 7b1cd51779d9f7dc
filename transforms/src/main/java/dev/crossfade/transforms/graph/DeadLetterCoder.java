package dev.crossfade.transforms.graph;

import dev.crossfade.transforms.records.Origin;
import dev.crossfade.transforms.records.RecordBytes;
import java.io.DataInput;
import java.io.DataOutput;
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
  void write(DeadLetter letter, DataOutput out) throws IOException {
    writeText(letter.origin().source(), out);
    out.writeLong(letter.origin().position());
    writeText(letter.step().name(), out);
    writeText(letter.cause(), out);
    writeText(letter.message(), out);
    writeBytes(letter.bytes().toArray(), out);
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
        new Origin(readText(in), in.readLong()),
        DeadLetter.Step.valueOf(readText(in)),
        readText(in),
        readText(in),
        RecordBytes.copyOf(readBytes(in)),
        in.readBoolean() ? readInstant(in) : null,
        in.readBoolean() ? EventWindowCoder.of().read(in) : null,
        in.readBoolean());
  }
}

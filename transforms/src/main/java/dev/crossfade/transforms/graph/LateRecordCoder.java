package dev.crossfade.transforms.graph;

import dev.crossfade.transforms.records.RecordBytes;
import dev.crossfade.transforms.results.ByteBuilder;
import java.io.DataInput;
import java.io.IOException;
import java.time.Duration;

/** Writes late records. */
final class LateRecordCoder extends DataCoder<LateRecord> {
  private static final long serialVersionUID = 1L;

  @Override
  void write(LateRecord record, ByteBuilder out) {
    writeOrigin(record.origin(), out);
    writeInstant(record.eventTime(), out);
    EventWindowCoder.of().write(record.window(), out);
    out.writeLong(record.behind().toMillis());
    out.writeBytes(record.bytes().toArray());
  }

  @Override
  LateRecord read(DataInput in) throws IOException {
    return new LateRecord(
        readOrigin(in),
        readInstant(in),
        EventWindowCoder.of().read(in),
        Duration.ofMillis(in.readLong()),
        RecordBytes.copyOf(ByteBuilder.readBytes(in)));
  }
}

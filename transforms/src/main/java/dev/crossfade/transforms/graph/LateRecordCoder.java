package dev.crossfade.transforms.graph;

import dev.crossfade.transforms.records.Origin;
import dev.crossfade.transforms.records.RecordBytes;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Duration;

/** Writes late records. */
final class LateRecordCoder extends DataCoder<LateRecord> {
  private static final long serialVersionUID = 1L;

  @Override
  void write(LateRecord record, DataOutput out) throws IOException {
    writeText(record.origin().source(), out);
    out.writeLong(record.origin().position());
    writeInstant(record.eventTime(), out);
    EventWindowCoder.of().write(record.window(), out);
    out.writeLong(record.behind().toMillis());
    writeBytes(record.bytes().toArray(), out);
  }

  @Override
  LateRecord read(DataInput in) throws IOException {
    return new LateRecord(
        new Origin(readText(in), in.readLong()),
        readInstant(in),
        EventWindowCoder.of().read(in),
        Duration.ofMillis(in.readLong()),
        RecordBytes.copyOf(readBytes(in)));
  }
}

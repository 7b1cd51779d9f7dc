package dev.crossfade.transforms.graph;

import dev.crossfade.transforms.results.ByteBuilder;
import dev.crossfade.transforms.results.Conflict;
import dev.crossfade.transforms.results.Result;
import dev.crossfade.transforms.results.ResultTable;
import java.io.DataInput;
import java.io.IOException;

/** Writes the results of one flow. */
final class ResultCoder extends DataCoder<Result> {
  private static final long serialVersionUID = 1L;

  private final RowCoder key;
  private final RowCoder values;

  ResultCoder(ResultTable table) {
    this.key = new RowCoder(table.key());
    this.values = new RowCoder(table.values());
  }

  @Override
  void write(Result result, ByteBuilder out) {
    key.write(result.key(), out);
    EventWindowCoder.of().write(result.window(), out);
    values.write(result.values(), out);
    out.writeLong(result.folded());
    out.writeLong(result.duplicates());
    Conflict.writeAll(result.conflicts(), out);
    out.writeBoolean(result.tombstone());
  }

  @Override
  Result read(DataInput in) throws IOException {
    return new Result(
        key.read(in),
        EventWindowCoder.of().read(in),
        values.read(in),
        in.readLong(),
        in.readLong(),
        Conflict.readAll(in),
        in.readBoolean());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ResultCoder coder
        && key.equals(coder.key)
        && values.equals(coder.values);
  }

  @Override
  public int hashCode() {
    return 31 * key.hashCode() + values.hashCode();
  }

  @Override
  public String toString() {
    return "ResultCoder{" + key + ", " + values + "}";
  }
}

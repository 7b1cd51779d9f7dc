package dev.crossfade.transforms.graph;

import dev.crossfade.transforms.results.Conflict;
import dev.crossfade.transforms.results.Result;
import dev.crossfade.transforms.results.ResultTable;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

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
  void write(Result result, DataOutput out) throws IOException {
    key.write(result.key(), out);
    EventWindowCoder.of().write(result.window(), out);
    values.write(result.values(), out);
    out.writeLong(result.folded());
    out.writeLong(result.duplicates());
    out.writeInt(result.conflicts().size());
    for (Conflict conflict : result.conflicts()) {
      writeText(conflict.id(), out);
      out.writeLong(conflict.contentHigh());
      out.writeLong(conflict.contentLow());
    }
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
        readConflicts(in),
        in.readBoolean());
  }

  private static List<Conflict> readConflicts(DataInput in) throws IOException {
    Conflict[] conflicts = new Conflict[in.readInt()];
    for (int i = 0; i < conflicts.length; i++) {
      conflicts[i] = new Conflict(readText(in), in.readLong(), in.readLong());
    }
    return List.of(conflicts);
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

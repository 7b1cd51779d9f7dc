package dev.crossfade.transforms.graph;

import dev.crossfade.transforms.results.ByteBuilder;
import dev.crossfade.transforms.results.RowSchema;
import dev.crossfade.transforms.results.TypedRow;
import java.io.DataInput;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Objects;

/**
 * Writes the values of a row of a known schema; equal rows give equal bytes, so a row may be a key.
 */
final class RowCoder extends DataCoder<TypedRow> {
  private static final long serialVersionUID = 1L;

  private final RowSchema schema;

  RowCoder(RowSchema schema) {
    this.schema = schema;
  }

  @Override
  void write(TypedRow row, ByteBuilder out) {
    for (int i = 0; i < schema.size(); i++) {
      Object value = row.get(i);
      out.writeBoolean(value != null);
      if (value == null) {
        continue;
      }
      switch (schema.column(i).type()) {
        case BIGINT -> out.writeLong((Long) value);
        case DECIMAL -> out.writeBytes(((BigDecimal) value).unscaledValue().toByteArray());
        case TEXT -> out.writeText((String) value);
        case BOOLEAN -> out.writeBoolean((Boolean) value);
        case DATE -> out.writeLong(((LocalDate) value).toEpochDay());
        case TIMESTAMP -> writeInstant((Instant) value, out);
      }
    }
  }

  @Override
  TypedRow read(DataInput in) throws IOException {
    Object[] values = new Object[schema.size()];
    for (int i = 0; i < values.length; i++) {
      if (in.readBoolean()) {
        values[i] =
            switch (schema.column(i).type()) {
              case BIGINT -> in.readLong();
              case DECIMAL ->
                  new BigDecimal(
                      new BigInteger(ByteBuilder.readBytes(in)), schema.column(i).scale());
              case TEXT -> ByteBuilder.readText(in);
              case BOOLEAN -> in.readBoolean();
              case DATE -> LocalDate.ofEpochDay(in.readLong());
              case TIMESTAMP -> readInstant(in);
            };
      }
    }
    return TypedRow.of(schema, values);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RowCoder coder && schema.equals(coder.schema);
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(schema);
  }

  /** The columns as well: rows of other columns are other bytes. */
  @Override
  public String toString() {
    return "RowCoder" + schema.columns();
  }
}

package dev.crossfade.migration;

import dev.crossfade.transforms.results.Column;
import dev.crossfade.transforms.results.Digest;
import dev.crossfade.transforms.results.ResultTable;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The digests of a lane. Each is over (key, window, value), so that two rows that swap their values
 * do not cancel out.
 *
 * @param rows over the key, the window and all values of each row; its count is the number of rows
 * @param columns by value column, over the key, the window and that value
 */
public record LaneDigest(Digest rows, Map<String, Digest> columns) {

  /** Digests that grow row by row. */
  static final class Sum {
    private final List<Column> address;
    private final List<Column> values;
    private final Digest[] columns;
    private Digest rows = Digest.EMPTY;

    Sum(ResultTable table) {
      address = table.address().columns();
      values = table.values().columns();
      columns = new Digest[values.size()];
      Arrays.fill(columns, Digest.EMPTY);
    }

    void add(LaneCursor.Row row) {
      ByteArrayOutputStream addressBytes = new ByteArrayOutputStream(64);
      for (int i = 0; i < address.size(); i++) {
        Cells.write(address.get(i).type(), row.address().get(i), addressBytes);
      }
      ByteArrayOutputStream rowBytes = new ByteArrayOutputStream(128);
      rowBytes.writeBytes(addressBytes.toByteArray());
      for (int i = 0; i < columns.length; i++) {
        ByteArrayOutputStream cell = new ByteArrayOutputStream(80);
        cell.writeBytes(addressBytes.toByteArray());
        Cells.write(values.get(i).type(), row.values().get(i), cell);
        columns[i] = columns[i].plus(cell.toByteArray());
        Cells.write(values.get(i).type(), row.values().get(i), rowBytes);
      }
      rows = rows.plus(rowBytes.toByteArray());
    }

    LaneDigest digest() {
      Map<String, Digest> byName = new LinkedHashMap<>();
      for (int i = 0; i < columns.length; i++) {
        byName.put(values.get(i).name(), columns[i]);
      }
      return new LaneDigest(rows, Collections.unmodifiableMap(byName));
    }
  }
}

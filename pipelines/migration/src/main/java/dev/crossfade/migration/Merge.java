package dev.crossfade.migration;

import dev.crossfade.transforms.results.Column;
import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.ResultTable;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/** Walks through two lanes side by side, both in the same order, and keeps what it finds. */
final class Merge {
  /** Rows of one key and window are held in memory, and no more than these. */
  static final int MOST_AT_ONE_ADDRESS = 10_000;

  private final ResultTable table;
  private final List<Column> address;
  private final List<Column> values;
  private final NavigableMap<EventWindow, WindowCounts> windows;
  private final int listed;
  private final List<Difference> differences = new ArrayList<>();
  private final Map<Difference.Kind, Long> counts = new EnumMap<>(Difference.Kind.class);
  private final LaneDigest.Sum left;
  private final LaneDigest.Sum right;

  /** A walk that has seen nothing yet; {@code windows} has every window there may be. */
  Merge(ResultTable table, NavigableMap<EventWindow, WindowCounts> windows, int listed) {
    this.table = table;
    this.windows = windows;
    this.listed = listed;
    address = table.address().columns();
    values = table.values().columns();
    left = new LaneDigest.Sum(table);
    right = new LaneDigest.Sum(table);
    for (Difference.Kind kind : Difference.Kind.values()) {
      counts.put(kind, 0L);
    }
  }

  /** The rows of a lane that share a key and a window. */
  private record Group(LaneCursor.Row first, List<List<Object>> rows) {}

  /** Cuts a lane into groups. */
  private final class Groups {
    private final LaneCursor cursor;
    private final LaneDigest.Sum sum;
    private LaneCursor.Row ahead;

    Groups(LaneCursor cursor, LaneDigest.Sum sum) throws SQLException {
      this.cursor = cursor;
      this.sum = sum;
      ahead = cursor.next();
    }

    Group next() throws SQLException {
      if (ahead == null) {
        return null;
      }
      Group group = new Group(ahead, new ArrayList<>(1));
      do {
        if (group.rows().size() == MOST_AT_ONE_ADDRESS) {
          throw new StoreException(
              "more than "
                  + MOST_AT_ONE_ADDRESS
                  + " rows have the key "
                  + key(group.first())
                  + " in window "
                  + group.first().window()
                  + "; the key columns of flow '"
                  + table.flow()
                  + "' do not tell the rows apart; nothing is said about the lanes");
        }
        sum.add(ahead);
        group.rows().add(ahead.values());
        ahead = cursor.next();
      } while (ahead != null
          && Cells.compare(address, group.first().address(), ahead.address()) == 0);
      return group;
    }
  }

  void run(LaneCursor leftRows, LaneCursor rightRows) throws SQLException {
    Groups leftGroups = new Groups(leftRows, left);
    Groups rightGroups = new Groups(rightRows, right);
    Group l = leftGroups.next();
    Group r = rightGroups.next();
    while (l != null || r != null) {
      int order =
          l == null
              ? 1
              : r == null ? -1 : Cells.compare(address, l.first().address(), r.first().address());
      if (order < 0) {
        missing(Difference.Kind.MISSING_RIGHT, l.first(), l.rows().size(), 0);
        l = leftGroups.next();
      } else if (order > 0) {
        missing(Difference.Kind.MISSING_LEFT, r.first(), 0, r.rows().size());
        r = rightGroups.next();
      } else {
        compare(l, r);
        l = leftGroups.next();
        r = rightGroups.next();
      }
    }
  }

  private void missing(Difference.Kind kind, LaneCursor.Row row, int leftCount, int rightCount) {
    count(row, leftCount, rightCount, 0);
    report(kind, row, leftCount, rightCount, -1, null, null);
  }

  private void compare(Group l, Group r) {
    int leftCount = l.rows().size();
    int rightCount = r.rows().size();
    List<List<Object>> leftOnly = new ArrayList<>(l.rows());
    List<List<Object>> rightOnly = new ArrayList<>(r.rows());
    takeOutEqualRows(leftOnly, rightOnly);
    int equal = leftCount - leftOnly.size();
    count(l.first(), leftCount, rightCount, equal);
    if (leftCount != rightCount) {
      report(Difference.Kind.MULTIPLICITY, l.first(), leftCount, rightCount, -1, null, null);
    }
    for (int i = 0; i < Math.min(leftOnly.size(), rightOnly.size()); i++) {
      List<Object> leftCells = leftOnly.get(i);
      List<Object> rightCells = rightOnly.get(i);
      for (int column = 0; column < leftCells.size(); column++) {
        if (!Cells.equal(
            values.get(column).type(), leftCells.get(column), rightCells.get(column))) {
          report(
              Difference.Kind.VALUE,
              l.first(),
              leftCount,
              rightCount,
              column,
              Cells.print(leftCells.get(column)),
              Cells.print(rightCells.get(column)));
        }
      }
    }
  }

  // What is left is in order too, so that the same rows are set against each other every time.
  private void takeOutEqualRows(List<List<Object>> leftOnly, List<List<Object>> rightOnly) {
    leftOnly.sort((a, b) -> Cells.compare(values, a, b));
    rightOnly.sort((a, b) -> Cells.compare(values, a, b));
    List<List<Object>> leftKept = new ArrayList<>();
    List<List<Object>> rightKept = new ArrayList<>();
    int l = 0;
    int r = 0;
    while (l < leftOnly.size() && r < rightOnly.size()) {
      int order = Cells.compare(values, leftOnly.get(l), rightOnly.get(r));
      if (order < 0) {
        leftKept.add(leftOnly.get(l++));
      } else if (order > 0) {
        rightKept.add(rightOnly.get(r++));
      } else {
        l++;
        r++;
      }
    }
    leftKept.addAll(leftOnly.subList(l, leftOnly.size()));
    rightKept.addAll(rightOnly.subList(r, rightOnly.size()));
    leftOnly.clear();
    leftOnly.addAll(leftKept);
    rightOnly.clear();
    rightOnly.addAll(rightKept);
  }

  private void count(LaneCursor.Row row, int leftCount, int rightCount, int equal) {
    windows.compute(
        row.window(),
        (window, counted) -> {
          if (counted == null) {
            throw new IllegalStateException("window " + window + " is not to be compared");
          }
          return counted.plus(leftCount, rightCount, equal);
        });
  }

  private void report(
      Difference.Kind kind,
      LaneCursor.Row row,
      int leftCount,
      int rightCount,
      int column,
      String leftValue,
      String rightValue) {
    counts.merge(kind, 1L, Long::sum);
    if (differences.size() < listed) {
      differences.add(
          new Difference(
              kind,
              key(row),
              row.window(),
              column < 0 ? null : values.get(column).name(),
              leftValue,
              rightValue,
              leftCount,
              rightCount));
    }
  }

  private Map<String, String> key(LaneCursor.Row row) {
    Map<String, String> key = new LinkedHashMap<>();
    List<Column> columns = table.key().columns();
    for (int i = 0; i < columns.size(); i++) {
      key.put(columns.get(i).name(), Cells.print(row.address().get(i)));
    }
    return Collections.unmodifiableMap(key);
  }

  /** What was found by window, after {@link #run}. */
  NavigableMap<EventWindow, WindowCounts> windows() {
    return windows;
  }

  Map<Difference.Kind, Long> counts() {
    return Collections.unmodifiableMap(counts);
  }

  List<Difference> differences() {
    return List.copyOf(differences);
  }

  LaneDigest leftDigest() {
    return left.digest();
  }

  LaneDigest rightDigest() {
    return right.digest();
  }
}

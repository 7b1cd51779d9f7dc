package dev.crossfade.migration;

import dev.crossfade.transforms.results.Column;
import dev.crossfade.transforms.results.ColumnType;
import dev.crossfade.transforms.results.ResultTable;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A rule of the business about one window of a flow's results; the same for every lane. */
public sealed interface QualityRule {
  /** What the rule says. Two rules that say the same are one. */
  String name();

  /** The columns of the results that it is about. */
  List<String> columns();

  /** Whether these have to hold numbers. */
  boolean ofNumbers();

  /** Why the rule cannot judge the results of a table; empty if it can. */
  default Optional<String> misfit(ResultTable table) {
    List<Column> all = new ArrayList<>(table.key().columns());
    all.addAll(table.values().columns());
    List<String> fit =
        all.stream()
            .filter(
                column ->
                    !ofNumbers()
                        || column.type() == ColumnType.BIGINT
                        || column.type() == ColumnType.DECIMAL)
            .map(Column::name)
            .toList();
    List<String> unfit = columns().stream().filter(name -> !fit.contains(name)).toList();
    return unfit.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "the rule '"
                + name()
                + "' is about '"
                + String.join("' and '", unfit)
                + "'; the results of flow '"
                + table.flow()
                + "' have these columns"
                + (ofNumbers() ? " of numbers: " : ": ")
                + String.join(", ", fit));
  }

  /**
   * Of the window's rows, at most a share has no value in a column.
   *
   * @param column a column of the results
   * @param most the greatest share, from 0 to 1
   */
  record NullShare(String column, BigDecimal most) implements QualityRule {
    /** Refuses a share that is none. */
    public NullShare {
      if (most.signum() < 0 || most.compareTo(BigDecimal.ONE) > 0) {
        throw new IllegalArgumentException(
            "the share of null in '" + column + "' is at most " + most + "; give 0 to 1");
      }
    }

    @Override
    public List<String> columns() {
      return List.of(column);
    }

    @Override
    public boolean ofNumbers() {
      return false;
    }

    @Override
    public String name() {
      return "null share of " + column + " at most " + most.toPlainString();
    }
  }

  /**
   * Every value in a column is within bounds; null is not judged.
   *
   * @param column a column of numbers
   * @param least the least value; empty if there is none
   * @param most the greatest value; empty if there is none
   */
  record Range(String column, Optional<BigDecimal> least, Optional<BigDecimal> most)
      implements QualityRule {
    /** Refuses bounds between which there is everything, or nothing. */
    public Range {
      if (least.isEmpty() && most.isEmpty()) {
        throw new IllegalArgumentException("the range of '" + column + "' has no bound; give one");
      }
      if (least.isPresent() && most.isPresent() && least.get().compareTo(most.get()) > 0) {
        throw new IllegalArgumentException(
            "the range of '"
                + column
                + "' is from "
                + least.get()
                + " to "
                + most.get()
                + ", which is nothing");
      }
    }

    @Override
    public List<String> columns() {
      return List.of(column);
    }

    @Override
    public boolean ofNumbers() {
      return true;
    }

    @Override
    public String name() {
      return column
          + least.map(bound -> " at least " + bound.toPlainString()).orElse("")
          + (least.isPresent() && most.isPresent() ? " and" : "")
          + most.map(bound -> " at most " + bound.toPlainString()).orElse("");
    }
  }

  /**
   * In every row some columns add up to another one. A row that lacks one of these values breaks
   * the rule, unless it lacks the whole as well.
   *
   * @param parts columns of numbers
   * @param whole a column of numbers
   */
  record SumOfParts(List<String> parts, String whole) implements QualityRule {
    /** Refuses a sum of nothing. */
    public SumOfParts {
      parts = List.copyOf(parts);
      if (parts.isEmpty()) {
        throw new IllegalArgumentException("'" + whole + "' is the sum of no parts; name some");
      }
    }

    @Override
    public List<String> columns() {
      List<String> columns = new ArrayList<>(parts);
      columns.add(whole);
      return columns;
    }

    @Override
    public boolean ofNumbers() {
      return true;
    }

    @Override
    public String name() {
      return String.join(" + ", parts) + " = " + whole;
    }
  }

  /**
   * As many events were decoded as in the same window of an earlier time, within bounds.
   *
   * @param against how much earlier, such as 7 days; of the windows of local days, weeks and months
   *     it is the one that the middle of the window falls into
   * @param least the least number of events for each one of the earlier window
   * @param most the greatest number
   */
  record Volume(Duration against, BigDecimal least, BigDecimal most) implements QualityRule {
    /** Refuses a time that is not earlier, and bounds between which there is nothing. */
    public Volume {
      if (against.isZero() || against.isNegative()) {
        throw new IllegalArgumentException(
            "volume is judged against a window " + against + " earlier; give a time above 0");
      }
      if (least.signum() < 0 || least.compareTo(most) > 0) {
        throw new IllegalArgumentException(
            "volume is from " + least + " to " + most + " of an earlier one, which is nothing");
      }
    }

    @Override
    public List<String> columns() {
      return List.of();
    }

    @Override
    public boolean ofNumbers() {
      return false;
    }

    @Override
    public String name() {
      return "volume from "
          + least.toPlainString()
          + " to "
          + most.toPlainString()
          + " of that "
          + against
          + " before";
    }
  }
}

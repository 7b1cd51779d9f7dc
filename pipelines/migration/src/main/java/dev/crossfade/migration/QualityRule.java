package dev.crossfade.migration;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A rule of the business about one window of a flow's results; the same for every lane. */
public sealed interface QualityRule {
  /** What the rule says. Two rules that say the same are one. */
  String name();

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
    public String name() {
      return String.join(" + ", parts) + " = " + whole;
    }
  }

  /**
   * As many events were decoded as in the same window of an earlier time, within bounds.
   *
   * @param against how much earlier, such as 7 days; of the windows of local days it is the one
   *     that the middle of the day falls into
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

package dev.crossfade.runners.bench;

import com.fasterxml.jackson.annotation.JsonIgnore;

/**
 * What one run of a contestant took.
 *
 * @param wallSeconds from the start of its virtual machine until its table was complete
 * @param cpuSeconds of its process
 * @param peakMegabytes the most memory that its process held
 * @param outcome what it came to; only {@link Outcome#EQUAL} has measured anything
 */
record Measured(double wallSeconds, double cpuSeconds, double peakMegabytes, Outcome outcome) {
  /** What a run came to. */
  enum Outcome {
    /** The table that all must come to. */
    EQUAL("came to the same table"),
    /** It ended with another table. */
    DIFFERENT("came to another table"),
    /** It was stopped, since its table was not complete in the longest time that is allowed. */
    UNFINISHED("did not finish"),
    /** It ended with an error. */
    FAILED("ended with an error");

    private final String text;

    Outcome(String text) {
      this.text = text;
    }

    /** What is said of it after a contestant's name. */
    String text() {
      return text;
    }
  }

  /** Whether it counts. */
  @JsonIgnore
  boolean isEqual() {
    return outcome == Outcome.EQUAL;
  }
}

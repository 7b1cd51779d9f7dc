package dev.crossfade.transforms.results;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class EventWindowTest {
  private static final Instant START = Instant.parse("2001-01-01T00:00:00Z");

  @Test
  void refusesAnIntervalThatHoldsNothing() {
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> new EventWindow(START, START))
            .getMessage(),
        containsString("2001-01-01T00:00:00Z"));
    assertThrows(
        IllegalArgumentException.class, () -> new EventWindow(START, START.minusMillis(1)));
  }

  @Test
  void sortsByStartAndThenByEnd() {
    EventWindow minute = new EventWindow(START, START.plusSeconds(60));
    EventWindow hour = new EventWindow(START, START.plusSeconds(3600));
    EventWindow next = new EventWindow(START.plusSeconds(1), START.plusSeconds(2));

    assertThat(minute, lessThan(hour));
    assertThat(hour, lessThan(next));
  }
}

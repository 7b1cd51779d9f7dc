package dev.crossfade.launcher.settings;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.time.Duration;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {
  private static final long LONGEST_MILLIS = 36_500L * 24 * 60 * 60 * 1000;

  @Property
  void readsWhatItWrites(@ForAll @LongRange(min = 0, max = LONGEST_MILLIS) long millis) {
    Duration duration = Duration.ofMillis(millis);

    assertThat(DurationText.parse(DurationText.format(duration)), is(Optional.of(duration)));
  }

  @ParameterizedTest
  @CsvSource({
    "1h,1h",
    "5h30m,5h30m",
    "90s,1m30s",
    "1d,24h",
    "250ms,250ms",
    "0h,0s",
    "1d1ms,24h1ms"
  })
  void writesFromHoursDown(String text, String canonical) {
    assertThat(DurationText.parse(text).map(DurationText::format), is(Optional.of(canonical)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "5",
        "h",
        "-5m",
        "5m ",
        "5m\n",
        "30m5h",
        "1.5h",
        "PT1H",
        "36501d",
        "1000000000s"
      })
  void refusesWhatIsNoDuration(String text) {
    assertThat(DurationText.parse(text), is(Optional.empty()));
  }
}

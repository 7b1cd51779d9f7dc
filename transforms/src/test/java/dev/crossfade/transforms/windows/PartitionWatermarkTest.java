package dev.crossfade.transforms.windows;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.is;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class PartitionWatermarkTest {
  private final Windowing windowing =
      new Windowing(
          new WindowShape.Fixed(Duration.ofMillis(10)),
          Duration.ofMillis(15),
          Duration.ofMillis(20),
          Duration.ofMillis(1));

  @Property
  void theVerdictsAreTheSameWhereverTheReadingWasInterrupted(
      @ForAll @Size(max = 60) List<@IntRange(min = 0, max = 500) Integer> times,
      @ForAll @IntRange(min = 0, max = 60) int interruption) {
    PartitionWatermark through = new PartitionWatermark(windowing, PartitionWatermark.NONE);
    PartitionWatermark restarted = new PartitionWatermark(windowing, PartitionWatermark.NONE);
    List<Boolean> verdicts = new ArrayList<>();
    List<Boolean> verdictsWithRestart = new ArrayList<>();
    for (int i = 0; i < times.size(); i++) {
      if (i == interruption) {
        restarted = new PartitionWatermark(windowing, restarted.millis());
      }
      verdicts.add(through.admit(times.get(i)));
      verdictsWithRestart.add(restarted.admit(times.get(i)));
    }
    assertThat(verdictsWithRestart, is(verdicts));
    assertThat(restarted.millis(), is(through.millis()));
  }

  @Property
  void theWatermarkNeverGoesBackAndWhatIsAdmittedIsInAnOpenWindow(
      @ForAll @Size(max = 60) List<@IntRange(min = -500, max = 500) Integer> times) {
    PartitionWatermark watermark = new PartitionWatermark(windowing, PartitionWatermark.NONE);
    for (int time : times) {
      long before = watermark.millis();
      boolean open =
          before == PartitionWatermark.NONE
              || windowing.closingOf(windowing.shape().startOf(time)) > before;
      assertThat(watermark.admit(time), is(open));
      assertThat(watermark.millis(), greaterThanOrEqualTo(before));
    }
  }

  @Test
  void aLateRecordDoesNotMoveTheWatermark() {
    PartitionWatermark watermark = new PartitionWatermark(windowing, 1_000);
    assertThat(watermark.admit(10), is(false));
    assertThat(watermark.millis(), is(1_000L));
  }
}

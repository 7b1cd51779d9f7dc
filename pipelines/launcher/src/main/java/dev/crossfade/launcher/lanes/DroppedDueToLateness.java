package dev.crossfade.launcher.lanes;

import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.exit.VerbException;
import java.util.Locale;
import java.util.Set;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricsFilter;

/**
 * What the runner has dropped for being late, of which it says nothing but in a counter. The
 * sources tell late records apart before any grouping, and what they let pass is never late after;
 * so there is nothing to drop, and a run of which something was dropped has failed.
 *
 * <p>Both runners give the counter once a pipeline has ended, in whatever way, and not before.
 */
final class DroppedDueToLateness {
  /** The counter's name depends on where in the runner it is counted; so does its namespace. */
  private static final Set<String> COUNTERS =
      Set.of("droppedduetolateness", "droppedduetoclosedwindow", "statefulpardodropped");

  private static final String RUNNERS = "org.apache.beam.runners.";

  private DroppedDueToLateness() {}

  /** How many elements of the pipeline were dropped, each attempt at them counted. */
  static long of(PipelineResult result) {
    long dropped = 0;
    for (MetricResult<Long> counter :
        result.metrics().queryMetrics(MetricsFilter.builder().build()).getCounters()) {
      if (counter.getName().getNamespace().startsWith(RUNNERS)
          && COUNTERS.contains(counter.getName().getName().toLowerCase(Locale.ROOT))) {
        dropped += counter.getAttempted();
      }
    }
    return dropped;
  }

  /**
   * Fails a run that has dropped anything.
   *
   * @param what how messages call it
   */
  static void requireNone(PipelineResult result, String what) {
    long dropped = of(result);
    if (dropped != 0) {
      throw new VerbException(
          ExitCode.FAILED,
          String.format(
              Locale.ROOT,
              "%s failed: DroppedDueToLateness is %,d; the runner has left so many out of the"
                  + " results and ledgers, which must not happen to anything that came in time;"
                  + " please report it",
              what,
              dropped));
    }
  }
}

package dev.crossfade.launcher.lanes;

import dev.crossfade.migration.LaneDigest;
import dev.crossfade.transforms.graph.FlowCounters;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.metrics.MetricNameFilter;
import org.apache.beam.sdk.metrics.MetricQueryResults;
import org.apache.beam.sdk.metrics.MetricResult;
import org.apache.beam.sdk.metrics.MetricsFilter;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * What a run of a lane came to. The counts are those of the runner: of a run that had to try again
 * they may be too high.
 *
 * @param flow the flow
 * @param lane the lane
 * @param run the run's number
 * @param runner the runner
 * @param counts what was counted
 * @param rows the rows of the lane; empty if its results are not in the store
 * @param digest the digest of the lane's rows; empty likewise
 * @param quality what the rules of the business found in its windows; empty if there are no rules
 * @param files what became of the files of its input; empty if its input is something else
 * @param took how long it took, with the start of the runner
 */
public record RunSummary(
    String flow,
    String lane,
    long run,
    String runner,
    Counts counts,
    Optional<Long> rows,
    Optional<String> digest,
    Optional<RunQuality> quality,
    Optional<FilesRead> files,
    Duration took) {
  /** What a run came to whose results are not in the store. */
  static RunSummary of(
      PlannedFlow flow,
      Lane lane,
      long run,
      PipelineOptions options,
      Counts counts,
      Duration took) {
    return new RunSummary(
        flow.plan().table().flow(),
        lane.laneName(),
        run,
        RunnerOptions.nameOf(options),
        counts,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        took);
  }

  /** The same with what the lane holds now. */
  RunSummary withDigest(LaneDigest of) {
    return new RunSummary(
        flow,
        lane,
        run,
        runner,
        counts,
        Optional.of(of.rows().count()),
        Optional.of(of.rows().toString()),
        quality,
        files,
        took);
  }

  /** The same with what became of the files. */
  RunSummary withFiles(Optional<FilesRead> read) {
    return new RunSummary(flow, lane, run, runner, counts, rows, digest, quality, read, took);
  }

  /** The same with what the rules found. */
  RunSummary withQuality(Optional<RunQuality> found) {
    return new RunSummary(flow, lane, run, runner, counts, rows, digest, found, files, took);
  }

  /**
   * What was counted.
   *
   * @param read records read
   * @param deadLettered those that could not be processed
   * @param late those that came after their window had closed
   * @param earlyPanes results shown before the watermark passed the window's end
   * @param onTimePanes results shown when it did
   * @param latePanes results shown after
   */
  public record Counts(
      long read, long deadLettered, long late, long earlyPanes, long onTimePanes, long latePanes) {
    /** What a runner has counted. */
    static Counts of(PipelineResult result) {
      MetricQueryResults metrics =
          result
              .metrics()
              .queryMetrics(
                  MetricsFilter.builder()
                      .addNameFilter(MetricNameFilter.inNamespace(FlowCounters.NAMESPACE))
                      .build());
      Map<String, Long> counts = new HashMap<>();
      for (MetricResult<Long> counter : metrics.getCounters()) {
        counts.merge(counter.getName().getName(), counter.getAttempted(), Long::sum);
      }
      return new Counts(
          counts.getOrDefault(FlowCounters.READ, 0L),
          counts.getOrDefault(FlowCounters.DEAD_LETTERED, 0L),
          counts.getOrDefault(FlowCounters.LATE, 0L),
          counts.getOrDefault(FlowCounters.EARLY_PANES, 0L),
          counts.getOrDefault(FlowCounters.ON_TIME_PANES, 0L),
          counts.getOrDefault(FlowCounters.LATE_PANES, 0L));
    }
  }
}

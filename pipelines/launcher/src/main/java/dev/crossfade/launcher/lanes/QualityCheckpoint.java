package dev.crossfade.launcher.lanes;

import dev.crossfade.migration.QualityFinding;
import dev.crossfade.migration.QualityRule;
import dev.crossfade.migration.QualityRule.Volume;
import dev.crossfade.migration.RunAttempt;
import dev.crossfade.migration.Store;
import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.ResultTable;
import java.time.Duration;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;

/**
 * Judges closed windows of a lane by the rules of the settings, whatever kind of run has closed
 * them. What is violated is kept and told; it fails no run, since results are what they are, and
 * who may use them is decided elsewhere.
 */
final class QualityCheckpoint {
  /** How much longer or shorter than others a local day can be. */
  private static final Duration SHIFT_OF_CLOCKS = Duration.ofDays(1);

  private final ResultTable table;
  private final String lane;
  private final List<QualityRule> rules;

  private QualityCheckpoint(ResultTable table, String lane, List<QualityRule> rules) {
    this.table = table;
    this.lane = lane;
    this.rules = rules;
  }

  static QualityCheckpoint of(PlannedFlow flow, Lane lane) {
    return new QualityCheckpoint(flow.plan().table(), lane.laneName(), flow.rules());
  }

  /**
   * Judges what a run has closed.
   *
   * @param within the span of its windows; empty if it is all of the lane
   * @return what was found in the run's windows; empty if there are no rules
   */
  Optional<RunQuality> ofRun(Store store, RunAttempt attempt, Optional<EventWindow> within) {
    if (rules.isEmpty()) {
      return Optional.empty();
    }
    List<QualityFinding> found = store.judgeQuality(table, lane, attempt, rules, within);
    within.ifPresent(span -> judgeThoseComparedWith(store, attempt, span));
    return Optional.of(
        RunQuality.of(found.stream().filter(finding -> finding.run() == attempt.run()).toList()));
  }

  /** Later windows were judged by the volume of these, which may have changed. */
  private void judgeThoseComparedWith(Store store, RunAttempt attempt, EventWindow span) {
    for (QualityRule rule : rules) {
      if (rule instanceof Volume volume) {
        store.judgeQuality(
            table,
            lane,
            attempt,
            List.of(volume),
            Optional.of(
                new EventWindow(
                    span.start().plus(volume.against()).minus(SHIFT_OF_CLOCKS),
                    span.end().plus(volume.against()).plus(SHIFT_OF_CLOCKS))));
      }
    }
  }

  /** Judges the windows that have closed since they were last looked at. */
  RunQuality ofNewWindows(Store store, RunAttempt attempt) {
    if (rules.isEmpty()) {
      return RunQuality.of(List.of());
    }
    NavigableSet<EventWindow> unjudged = store.unjudged(table.flow(), lane, rules);
    if (unjudged.isEmpty()) {
      return RunQuality.of(List.of());
    }
    EventWindow span = new EventWindow(unjudged.first().start(), unjudged.last().end());
    return RunQuality.of(
        store.judgeQuality(table, lane, attempt, rules, Optional.of(span)).stream()
            .filter(finding -> unjudged.contains(finding.window()))
            .toList());
  }
}

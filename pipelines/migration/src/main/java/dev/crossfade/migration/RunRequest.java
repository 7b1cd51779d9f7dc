package dev.crossfade.migration;

import dev.crossfade.transforms.results.EventWindow;
import java.util.Optional;

/**
 * A run that is to begin.
 *
 * @param flow the flow's name
 * @param lane the lane
 * @param runner what it runs on
 * @param kind what it is for
 * @param staged whether its rows are kept aside until {@link Store#putInPlace}; a run over
 *     unbounded input writes the lane itself
 * @param span the event time that it computes; empty if that is all of it
 * @param reason why it is done
 * @param stateFingerprint what decides whether state that was kept fits the graph
 * @param stateDescription what the state's fingerprint was made of
 * @param logicFingerprint what decides whether results are those of the same logic
 * @param covers the span of event time that its input is complete for, as the settings say; empty
 *     if nobody says so
 */
public record RunRequest(
    String flow,
    String lane,
    String runner,
    RunKind kind,
    boolean staged,
    Optional<EventWindow> span,
    Optional<String> reason,
    Optional<String> stateFingerprint,
    Optional<String> stateDescription,
    Optional<String> logicFingerprint,
    Optional<EventWindow> covers) {

  /** Refuses what would change a part of a lane and leave it half done. */
  public RunRequest {
    if (lane.isEmpty() || LaneChanges.isStage(lane)) {
      throw new IllegalArgumentException(
          "lane '"
              + lane
              + "' is no name of a lane: it is empty or holds '~', which marks rows"
              + " that are kept aside");
    }
    if (span.isPresent() && !staged) {
      throw new IllegalArgumentException(
          "a run over "
              + span.get()
              + " has to be staged: only a run over all of the lane's event"
              + " time writes the lane itself");
    }
    if (kind == RunKind.RESTATEMENT && span.isEmpty()) {
      throw new IllegalArgumentException("a restatement computes named windows; give their span");
    }
  }

  /** A run over unbounded input, which writes the lane itself. */
  public static RunRequest stream(String flow, String lane, String runner) {
    return of(flow, lane, runner, RunKind.RUN, false, Optional.empty(), Optional.empty());
  }

  /** A run over bounded input, which replaces the lane when all of it is there. */
  public static RunRequest bounded(String flow, String lane, String runner) {
    return of(flow, lane, runner, RunKind.RUN, true, Optional.empty(), Optional.empty());
  }

  /** A run over bounded input, which replaces a span of the lane when all of it is there. */
  public static RunRequest bounded(String flow, String lane, String runner, EventWindow span) {
    return of(flow, lane, runner, RunKind.RUN, true, Optional.of(span), Optional.empty());
  }

  /** A run that computes closed windows within a span again. */
  public static RunRequest restatement(
      String flow, String lane, String runner, EventWindow span, String reason) {
    return of(
        flow, lane, runner, RunKind.RESTATEMENT, true, Optional.of(span), Optional.of(reason));
  }

  private static RunRequest of(
      String flow,
      String lane,
      String runner,
      RunKind kind,
      boolean staged,
      Optional<EventWindow> span,
      Optional<String> reason) {
    return new RunRequest(
        flow,
        lane,
        runner,
        kind,
        staged,
        span,
        reason,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** This one, with what its state has to fit. */
  public RunRequest withState(String fingerprint, String description) {
    return new RunRequest(
        flow,
        lane,
        runner,
        kind,
        staged,
        span,
        reason,
        Optional.of(fingerprint),
        Optional.of(description),
        logicFingerprint,
        covers);
  }

  /** This one, with the fingerprint of its logic. */
  public RunRequest withLogic(String fingerprint) {
    return new RunRequest(
        flow,
        lane,
        runner,
        kind,
        staged,
        span,
        reason,
        stateFingerprint,
        stateDescription,
        Optional.of(fingerprint),
        covers);
  }

  /**
   * This one, whose input is complete for a span: once it is in place, the lane has closed every
   * window within the span, rows or no rows, and no other window.
   */
  public RunRequest covering(EventWindow span) {
    return new RunRequest(
        flow,
        lane,
        runner,
        kind,
        staged,
        this.span,
        reason,
        stateFingerprint,
        stateDescription,
        logicFingerprint,
        Optional.of(span));
  }
}

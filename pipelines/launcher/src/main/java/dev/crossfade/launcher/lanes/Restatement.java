package dev.crossfade.launcher.lanes;

import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.exit.VerbException;
import dev.crossfade.migration.LedgerReport;
import dev.crossfade.migration.Store;
import dev.crossfade.migration.WindowLine;
import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.ResultTable;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * Computes closed windows of a lane again: the one operation behind late records, mended dead
 * letters and gaps. An open window waits for its closing, since a stream is still at it.
 */
public final class Restatement {
  private final PlannedFlow flow;
  private final Lane lane;
  private final Input input;
  private final PipelineOptions options;
  private boolean allowEmpty;

  private Restatement(PlannedFlow flow, Lane lane, Input input, PipelineOptions options) {
    this.flow = flow;
    this.lane = lane;
    this.input = input;
    this.options = options;
  }

  /**
   * A restatement.
   *
   * @param lane the lane's name
   * @param input {@code batch}, {@code stream} for what the topic retains, or null for the lane's
   *     own source
   * @throws VerbException if the settings have no such lane or source
   */
  public static Restatement of(
      PlannedFlow flow, String lane, String input, PipelineOptions options) {
    Lane found = Lane.of("--lane", lane, flow.settings());
    Lane read = input == null ? found : Lane.of("--input", input, flow.settings());
    return new Restatement(flow, found, read == Lane.BATCH ? Input.BATCH : Input.RETAINED, options);
  }

  /** Lets it replace rows even if its input gives nothing; see {@link BoundedRun#allowEmpty}. */
  public Restatement allowEmpty(boolean allowed) {
    allowEmpty = allowed;
    return this;
  }

  /** The lane. */
  public Lane lane() {
    return lane;
  }

  /** How the records of its input are written. */
  public Input input() {
    return input;
  }

  /** The closed windows that have late records which no restatement has among its events. */
  public List<EventWindow> windowsOfLateRecords() {
    try (Store store = Stores.open(flow.settings())) {
      LedgerReport ledger = store.ledger(flow.plan().table(), lane.laneName(), Optional.empty());
      return ledger.windows().stream()
          .filter(line -> line.closed() && line.late() > line.restatedLate())
          .map(WindowLine::window)
          .toList();
    }
  }

  /** Those of some windows that a stream is still at; none of a batch, which is never at one. */
  public List<EventWindow> open(Collection<EventWindow> windows) {
    if (lane != Lane.STREAM) {
      return List.of();
    }
    ResultTable table = flow.plan().table();
    try (Store store = Stores.open(flow.settings())) {
      return store.notClosed(table.flow(), lane.laneName(), windows);
    }
  }

  /**
   * Computes windows again and puts them in place.
   *
   * @param resolved the origins of dead letters, beside those of the windows, that will be computed
   * @param acceptLoss why it is right to replace windows although events are missing that they were
   *     computed of; empty if it is not
   * @throws VerbException if there is nothing to do, a window is open, events are missing, or the
   *     run fails
   */
  public RunSummary run(
      List<EventWindow> windows,
      String reason,
      Collection<String> resolved,
      Optional<String> acceptLoss) {
    if (windows.isEmpty()) {
      throw new VerbException(ExitCode.INCONCLUSIVE, "there is no window to restate");
    }
    List<EventWindow> open = open(windows);
    if (!open.isEmpty()) {
      throw new VerbException(
          ExitCode.USAGE,
          "the lane "
              + lane.laneName()
              + " has not closed "
              + open.get(0)
              + (open.size() > 1 ? " and " + (open.size() - 1) + " more" : "")
              + "; an open window takes what comes by itself, and is restated after its closing");
    }
    return BoundedRun.restatement(flow, lane, input, options, windows, reason, resolved)
        .acceptingLoss(acceptLoss)
        .allowEmpty(allowEmpty)
        .run();
  }
}

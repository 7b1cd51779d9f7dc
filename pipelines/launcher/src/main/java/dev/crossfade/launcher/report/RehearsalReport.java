package dev.crossfade.launcher.report;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Everything that a rehearsal found: the same flows computed in several lanes from the same
 * records, and whether the lanes agree.
 *
 * @param title what was rehearsed
 * @param startedAt when the rehearsal started
 * @param crossfadeVersion the version of Crossfade that ran it
 * @param inputDescription what the lanes read, in words: how many records, from when to when
 * @param equal whether all lanes agree on every closed window of every flow
 * @param flows one report for each flow
 * @param disorder how far out of order the stream lane's records came
 * @param phases what the rehearsal did, in order, and how long each part took
 * @param environment what it ran on, such as the version of Java and of the runners
 */
public record RehearsalReport(
    String title,
    Instant startedAt,
    String crossfadeVersion,
    String inputDescription,
    boolean equal,
    List<FlowReport> flows,
    Disorder disorder,
    List<Phase> phases,
    Map<String, String> environment) {
  /** Copies the collections and refuses to be equal over a flow that is not. */
  public RehearsalReport {
    flows = List.copyOf(flows);
    phases = List.copyOf(phases);
    environment = Ordered.copy(environment);
    for (FlowReport flow : flows) {
      if (equal && !flow.agrees()) {
        throw new IllegalArgumentException(
            "the report says that all lanes agree, but those of flow '" + flow.flow() + "' do not");
      }
    }
  }
}

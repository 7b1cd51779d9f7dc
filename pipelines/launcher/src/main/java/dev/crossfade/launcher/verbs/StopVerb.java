package dev.crossfade.launcher.verbs;

import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.exit.VerbException;
import dev.crossfade.launcher.lanes.Lane;
import dev.crossfade.launcher.lanes.PlannedFlow;
import dev.crossfade.launcher.lanes.Stores;
import dev.crossfade.migration.StopKind;
import dev.crossfade.migration.Store;
import dev.crossfade.migration.StoredRun;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Stops a stream. */
@Command(
    name = "stop",
    description =
        "Stops the stream lane of a flow at a savepoint, from which 'run --resume' goes on, and waits"
            + " until it has stopped. The stream may run on another machine: it is told through the"
            + " store.")
final class StopVerb extends Verb {
  @Mixin private FlowOption flow;

  @Option(
      names = "--drain",
      description =
          "Compute what was read and stop for good. Windows that the drain cuts off show what there"
              + " was, and are not closed.")
  private boolean drain;

  @Option(
      names = "--wait-seconds",
      paramLabel = "N",
      defaultValue = "300",
      description = "How long to wait for it (default: ${DEFAULT-VALUE}).")
  private int waitSeconds;

  StopVerb(Console console) {
    super(console);
  }

  @Override
  ExitCode execute(Console to) throws Exception {
    PlannedFlow planned = flow.flow(to);
    String name = planned.settings().flow();
    try (Store store = Stores.open(planned.settings())) {
      long run =
          store.requestStop(
              name, Lane.STREAM.laneName(), drain ? StopKind.DRAIN : StopKind.SAVEPOINT);
      to.progress("run " + run + " of " + name + " is told to stop");
      long deadline = System.nanoTime() + Duration.ofSeconds(waitSeconds).toNanos();
      StoredRun stored = store.storedRun(run).orElseThrow();
      while (stored.endedAt().isEmpty()) {
        if (System.nanoTime() > deadline) {
          throw new VerbException(
              ExitCode.UNAVAILABLE,
              "run "
                  + run
                  + " has not stopped within "
                  + waitSeconds
                  + " s; "
                  + store.stopTrouble(run).orElse("it still may"));
        }
        TimeUnit.MILLISECONDS.sleep(200);
        stored = store.storedRun(run).orElseThrow();
      }
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("flow", name);
      object.put("run", run);
      object.put("outcome", stored.outcome().orElseThrow());
      object.put("savepoint", stored.savepoint());
      to.result(
          object,
          name
              + ": run "
              + run
              + " has ended as "
              + stored.outcome().orElseThrow()
              + stored.savepoint().map(path -> " at " + path).orElse(""));
    }
    return ExitCode.OK;
  }
}

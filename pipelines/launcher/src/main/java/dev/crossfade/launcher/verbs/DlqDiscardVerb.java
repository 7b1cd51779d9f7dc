package dev.crossfade.launcher.verbs;

import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.exit.VerbException;
import dev.crossfade.launcher.lanes.PlannedFlow;
import dev.crossfade.launcher.lanes.Stores;
import dev.crossfade.migration.Store;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Gives dead letters up. */
@Command(
    name = "discard",
    description =
        "Marks open dead letters as not needed. They stay in the store, and dead in the ledger.")
final class DlqDiscardVerb extends Verb {
  @Mixin private FlowOption flow;
  @Mixin private LetterOptions letters;

  @Option(
      names = "--reason",
      required = true,
      paramLabel = "TEXT",
      description = "Why; it is kept with the letters.")
  private String reason;

  @Option(names = "--dry-run", description = "Only say how many there are.")
  private boolean dryRun;

  DlqDiscardVerb(Console console) {
    super(console);
  }

  @Override
  ExitCode execute(Console to) throws Exception {
    PlannedFlow planned = flow.flow(to);
    String name = planned.settings().flow();
    if (reason.isBlank()) {
      throw new VerbException(ExitCode.USAGE, "--reason is empty; say why they are not needed");
    }
    try (Store store = Stores.open(planned.settings())) {
      int number =
          dryRun
              ? store.letters(name, letters.lane(), letters.open()).size()
              : store.discard(name, letters.lane(), letters.open(), reason);
      Map<String, Object> object = new LinkedHashMap<>();
      object.put("flow", name);
      object.put("lane", letters.lane());
      object.put(dryRun ? "wouldDiscard" : "discarded", number);
      to.result(object, (dryRun ? "would discard " : "discarded ") + number + " dead letters");
    }
    return ExitCode.OK;
  }
}

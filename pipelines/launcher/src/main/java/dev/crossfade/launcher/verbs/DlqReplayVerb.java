package dev.crossfade.launcher.verbs;

import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.lanes.LetterReplay;
import dev.crossfade.launcher.lanes.PlannedFlow;
import dev.crossfade.launcher.lanes.Restatement;
import dev.crossfade.launcher.lanes.RunSummary;
import dev.crossfade.launcher.lanes.RunnerOptions;
import dev.crossfade.launcher.lanes.Stores;
import dev.crossfade.migration.Store;
import dev.crossfade.migration.StoredLetter;
import dev.crossfade.transforms.results.EventWindow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Unmatched;

/** Computes dead letters after all. */
@Command(
    name = "replay",
    description = {
      "Computes dead letters that can be processed by now, and all else of their windows, by a"
          + " restatement over what is retained of the lane's input. Nothing is put into a stream"
          + " at work; an open window waits for its closing. Doing it again changes nothing.",
      "Options that are not listed here go to Beam and its runner as they are."
    })
final class DlqReplayVerb extends Verb {
  @Mixin private FlowOption flow;
  @Mixin private EmptyOption empty;
  @Mixin private LetterOptions letters;
  @Mixin private LossOption loss;

  @Option(names = "--dry-run", description = "Only say which windows would change.")
  private boolean dryRun;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      defaultValue = "replay of dead letters",
      description = "Why; it is kept with the run (default: ${DEFAULT-VALUE}).")
  private String reason;

  @Unmatched private List<String> runnerArguments = new ArrayList<>();

  DlqReplayVerb(Console console) {
    super(console);
  }

  @Override
  ExitCode execute(Console to) throws Exception {
    PlannedFlow planned = flow.flow(to);
    Restatement restatement =
        Restatement.of(planned, letters.lane(), null, RunnerOptions.parse(runnerArguments))
            .allowEmpty(empty.isAllowed());
    List<StoredLetter> open;
    try (Store store = Stores.open(planned.settings())) {
      open = store.letters(planned.settings().flow(), letters.lane(), letters.open());
    }
    LetterReplay replay = LetterReplay.of(planned, restatement, open);
    Optional<RunSummary> summary =
        dryRun || replay.windows().isEmpty()
            ? Optional.empty()
            : Optional.of(
                restatement.run(replay.windows(), reason, replay.origins(), loss.why(reason)));

    Map<String, Object> object = new LinkedHashMap<>();
    object.put("flow", planned.settings().flow());
    object.put("lane", letters.lane());
    object.put("letters", open.size());
    object.put("replayed", summary.isPresent() ? replay.origins().size() : 0);
    object.put("windows", replay.windows());
    object.put("waiting", replay.waiting());
    object.put("stillDead", replay.stillDead());
    object.put("run", summary);
    to.result(object, text(open.size(), replay, summary));
    return ExitCode.OK;
  }

  private static String text(int open, LetterReplay replay, Optional<RunSummary> summary) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%,d open dead letters: %,d can be processed by now, in %,d closed windows; %,d wait"
                + " for their window to close, %,d are as dead as before",
            open,
            replay.origins().size(),
            replay.windows().size(),
            replay.waiting(),
            replay.stillDead()));
    summary.ifPresentOrElse(
        run -> text.append('\n').append(RunVerb.text(run)),
        () ->
            text.append(
                replay.windows().stream()
                    .map(EventWindow::toString)
                    .collect(
                        Collectors.joining("\n  ", replay.windows().isEmpty() ? "" : "\n  ", ""))));
    return text.toString();
  }
}

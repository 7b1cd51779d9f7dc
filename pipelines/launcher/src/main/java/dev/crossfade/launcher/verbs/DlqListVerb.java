package dev.crossfade.launcher.verbs;

import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.lanes.PlannedFlow;
import dev.crossfade.launcher.lanes.Stores;
import dev.crossfade.migration.Store;
import dev.crossfade.migration.StoredLetter;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lists dead letters. */
@Command(
    name = "list",
    description = "Lists dead letters of every lane, those that are open unless --all is given.")
final class DlqListVerb extends Verb {
  private static final int MESSAGE = 80;

  @Mixin private FlowOption flow;
  @Mixin private LetterOptions letters;

  @Option(names = "--all", description = "Also those that were replayed or discarded.")
  private boolean all;

  @Option(
      names = "--list",
      paramLabel = "N",
      defaultValue = "100",
      description = "How many at most (default: ${DEFAULT-VALUE}).")
  private int most;

  DlqListVerb(Console console) {
    super(console);
  }

  @Override
  ExitCode execute(Console to) throws Exception {
    PlannedFlow planned = flow.flow(to);
    try (Store store = Stores.open(planned.settings())) {
      List<StoredLetter> found =
          letters.find(
              store, planned.settings().flow(), (all ? letters.all() : letters.open()).first(most));
      to.result(found.stream().map(LetterView::of).toList(), text(found));
    }
    return ExitCode.OK;
  }

  private static String text(List<StoredLetter> found) {
    if (found.isEmpty()) {
      return "no dead letters";
    }
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%-8s %-32s %-9s %-9s %8s %-28s %s",
            "lane",
            "origin",
            "status",
            "step",
            "attempts",
            "cause",
            "message"));
    for (StoredLetter letter : found) {
      String message = Printable.line(letter.message().orElse(""));
      text.append(
          String.format(
              Locale.ROOT,
              "%n%-8s %-32s %-9s %-9s %8d %-28s %s",
              letter.lane(),
              Printable.line(letter.origin()),
              letter.status(),
              letter.step(),
              letter.attempts(),
              Printable.line(letter.cause()) + (letter.retryable() ? " (retryable)" : ""),
              message.length() <= MESSAGE ? message : message.substring(0, MESSAGE) + "…"));
    }
    return text.toString();
  }
}

package dev.crossfade.launcher.verbs;

import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.exit.VerbException;
import dev.crossfade.launcher.lanes.PlannedFlow;
import dev.crossfade.launcher.lanes.Stores;
import dev.crossfade.migration.Store;
import dev.crossfade.migration.StoredLetter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows dead letters whole. */
@Command(
    name = "show",
    description = "Shows dead letters with all that is known of them, and the record's bytes.")
final class DlqShowVerb extends Verb {
  @Mixin private FlowOption flow;
  @Mixin private LetterOptions letters;

  DlqShowVerb(Console console) {
    super(console);
  }

  @Override
  ExitCode execute(Console to) throws Exception {
    PlannedFlow planned = flow.flow(to);
    try (Store store = Stores.open(planned.settings())) {
      List<StoredLetter> found = letters.find(store, planned.settings().flow(), letters.all());
      if (found.isEmpty()) {
        throw new VerbException(ExitCode.INCONCLUSIVE, letters.where() + " such dead letter");
      }
      StringBuilder text = new StringBuilder();
      for (StoredLetter letter : found) {
        for (Map.Entry<String, Object> field : LetterView.of(letter).entrySet()) {
          if (!field.getKey().equals("bytes")) {
            String value = Printable.line(String.valueOf(plain(field.getValue())));
            text.append(String.format(Locale.ROOT, "%-14s %s%n", field.getKey(), value));
          }
        }
        String record = new String(LetterView.bytes(letter), StandardCharsets.UTF_8);
        // Its own line ends would let it pass for more than one letter.
        text.append(Printable.line(record)).append("\n\n");
      }
      to.result(found.stream().map(LetterView::of).toList(), text.toString().stripTrailing());
    }
    return ExitCode.OK;
  }

  private static Object plain(Object value) {
    return value instanceof java.util.Optional<?> optional
        ? optional.map(Object::toString).orElse("")
        : value;
  }
}

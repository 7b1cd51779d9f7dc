package dev.crossfade.launcher.verbs;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.crossfade.migration.LedgerReport;
import dev.crossfade.migration.QualityFinding;
import dev.crossfade.migration.QualityFinding.Verdict;
import java.util.List;
import java.util.Locale;

/**
 * What is kept of a lane beside its results.
 *
 * @param report where its records went
 * @param quality what the rules of the business found in its closed windows
 */
record LaneLedger(@JsonUnwrapped LedgerReport report, List<QualityFinding> quality) {
  /** The findings as lines; of many, only the violations. */
  void appendQuality(StringBuilder text, int most) {
    if (quality.isEmpty()) {
      return;
    }
    text.append(
        String.format(
            Locale.ROOT, "quality%n%-45s %5s %-12s %s%n", "window", "run", "verdict", "rule"));
    List<QualityFinding> shown = quality;
    if (shown.size() > most) {
      shown =
          shown.stream()
              .filter(finding -> finding.verdict() == Verdict.VIOLATED)
              .limit(most)
              .toList();
      text.append(
          String.format(
              Locale.ROOT,
              "%,d findings, of which violations are shown, %d at most; --window and --json show"
                  + " all%n",
              quality.size(),
              most));
    }
    for (QualityFinding finding : shown) {
      text.append(
          String.format(
              Locale.ROOT,
              "%-45s %5d %-12s %s: %s%n",
              finding.window(),
              finding.run(),
              finding.verdict().name().toLowerCase(Locale.ROOT),
              finding.rule(),
              finding.found()));
    }
  }
}

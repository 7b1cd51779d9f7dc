package dev.crossfade.launcher.lanes;

import dev.crossfade.migration.QualityFinding;
import dev.crossfade.migration.QualityFinding.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the rules of the business found in the windows of a run.
 *
 * @param passed how often a window was as a rule says
 * @param violated how often it was not
 * @param inconclusive how often there was nothing to judge by, which is not a pass
 * @param violations the first of those violated; the ledger has all
 */
public record RunQuality(
    long passed, long violated, long inconclusive, List<QualityFinding> violations) {
  private static final int MOST_TOLD = 10;

  static RunQuality of(List<QualityFinding> findings) {
    return new RunQuality(
        count(findings, Verdict.PASSED),
        count(findings, Verdict.VIOLATED),
        count(findings, Verdict.INCONCLUSIVE),
        findings.stream()
            .filter(finding -> finding.verdict() == Verdict.VIOLATED)
            .limit(MOST_TOLD)
            .toList());
  }

  private static long count(List<QualityFinding> findings, Verdict verdict) {
    return findings.stream().filter(finding -> finding.verdict() == verdict).count();
  }

  /** For a person: the numbers, and a line for each of the violations. */
  public String text() {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "quality: passed %,d, violated %,d, inconclusive %,d",
            passed,
            violated,
            inconclusive));
    for (QualityFinding finding : violations) {
      lines.add("  " + finding.window() + ": " + finding.rule() + ": " + finding.found());
    }
    if (violated > violations.size()) {
      lines.add(
          String.format(
              Locale.ROOT,
              "  and %,d more; './crossfade ledger' shows them",
              violated - violations.size()));
    }
    return String.join("\n", lines);
  }
}

package dev.crossfade.migration;

import dev.crossfade.transforms.results.EventWindow;

/**
 * What a rule found in a window.
 *
 * @param window the window
 * @param run the run whose version of it was judged
 * @param rule what the rule says
 * @param verdict what it comes to
 * @param found what was there
 */
public record QualityFinding(
    EventWindow window, long run, String rule, Verdict verdict, String found) {

  /** What a rule comes to. */
  public enum Verdict {
    /** The window is as the rule says. */
    PASSED,
    /** It is not. */
    VIOLATED,
    /** There is nothing to judge by: no evidence is not good evidence. */
    INCONCLUSIVE
  }
}

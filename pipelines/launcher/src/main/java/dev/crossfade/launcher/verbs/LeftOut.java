package dev.crossfade.launcher.verbs;

import dev.crossfade.migration.Comparison;
import dev.crossfade.migration.NotCompared;
import dev.crossfade.migration.WindowState;
import dev.crossfade.transforms.results.EventWindow;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Windows that were not compared, and why.
 *
 * @param lane the lane that the reason lies with
 * @param reason what the lane says of these windows
 * @param windows how many there are
 * @param first the first of them
 */
record LeftOut(String lane, WindowState reason, long windows, List<EventWindow> first) {
  private static final int MOST_NAMED = 3;

  /** By lane and reason; a window of which neither lane has closed it is under both. */
  static List<LeftOut> of(Comparison comparison) {
    List<LeftOut> all = new ArrayList<>();
    for (WindowState reason : WindowState.values()) {
      if (reason != WindowState.CLOSED) {
        add(all, comparison, comparison.left(), reason, NotCompared::left);
        add(all, comparison, comparison.right(), reason, NotCompared::right);
      }
    }
    return all;
  }

  private static void add(
      List<LeftOut> all,
      Comparison comparison,
      String lane,
      WindowState reason,
      Function<NotCompared, WindowState> state) {
    List<EventWindow> windows =
        comparison.notCompared().entrySet().stream()
            .filter(window -> state.apply(window.getValue()) == reason)
            .map(window -> window.getKey())
            .toList();
    if (!windows.isEmpty()) {
      all.add(
          new LeftOut(lane, reason, windows.size(), windows.stream().limit(MOST_NAMED).toList()));
    }
  }

  /** A line for a person. */
  String text() {
    return String.format(
        Locale.ROOT,
        "  %,d in %s: %s: %s%s",
        windows,
        lane,
        reason.text(),
        first.stream().map(EventWindow::toString).collect(Collectors.joining(", ")),
        windows > first.size() ? ", …" : "");
  }
}

package dev.crossfade.launcher.report;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The phases of a rehearsal, one below the other, each where it lies in the whole. */
record PhaseBar(String total, List<Part> parts) {
  /** One phase; offset and width are percentages of the whole. */
  record Part(String name, String took, String percent, String offset, String width) {}

  static PhaseBar of(List<Phase> phases) {
    Duration total = phases.stream().map(Phase::took).reduce(Duration.ZERO, Duration::plus);
    List<Part> parts = new ArrayList<>();
    Duration before = Duration.ZERO;
    for (Phase phase : phases) {
      double share = share(phase.took(), total);
      parts.add(
          new Part(
              phase.name(),
              Display.duration(phase.took()),
              Display.percent(share),
              Display.coordinate(share(before, total) * 100),
              Display.coordinate(share * 100)));
      before = before.plus(phase.took());
    }
    return new PhaseBar(Display.duration(total), parts);
  }

  private static double share(Duration part, Duration whole) {
    return whole.isZero() ? 0 : (double) part.toMillis() / Math.max(1, whole.toMillis());
  }
}

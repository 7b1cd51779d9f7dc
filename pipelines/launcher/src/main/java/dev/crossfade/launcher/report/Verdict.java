package dev.crossfade.launcher.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The sentence at the top of the page, and what it rests on.
 *
 * @param tone {@code agree}, {@code unproved} or {@code differ}
 * @param headline the sentence
 * @param findings what stands against it, most important first; empty if nothing does
 */
record Verdict(String tone, String headline, List<Finding> findings) {
  /**
   * One thing that keeps the report from being plainly good.
   *
   * @param anchor the id of the section that shows it
   * @param flow the flow's name
   * @param text what was found
   * @param example where it can be seen, or null
   */
  record Finding(String anchor, String flow, String text, Example example) {}

  /** The first difference of a flow, named so that nobody has to look for it. */
  record Example(String key, String window, String what) {}

  static Verdict of(RehearsalReport report) {
    List<Finding> findings = new ArrayList<>();
    List<String> differing = new ArrayList<>();
    boolean nothingCompared = report.flows().isEmpty();
    boolean inconclusive = false;
    long open = 0;
    for (int i = 0; i < report.flows().size(); i++) {
      FlowReport flow = report.flows().get(i);
      String anchor = FlowSection.anchor(i);
      if (flow.differs()) {
        differing.add(flow.flow());
        findings.add(new Finding(anchor, flow.flow(), whatDiffers(flow), example(flow)));
      }
      for (Map.Entry<String, String> pair : flow.inconclusive().entrySet()) {
        inconclusive = true;
        String text = pair.getKey().replaceFirst("-", " and ") + ": " + pair.getValue();
        findings.add(new Finding(anchor, flow.flow(), text, null));
      }
      if (flow.openWindows() > 0) {
        open += flow.openWindows();
        findings.add(
            new Finding(
                anchor,
                flow.flow(),
                flow.openWindows() == 1
                    ? "1 window is not closed in all lanes and proves nothing"
                    : Display.count(flow.openWindows())
                        + " windows are not closed in all lanes and prove nothing",
                null));
      }
      if (flow.windows() == 0 || flow.equal().isEmpty()) {
        nothingCompared = true;
        findings.add(new Finding(anchor, flow.flow(), "nothing was compared", null));
      }
    }
    if (!differing.isEmpty()) {
      return new Verdict("differ", "The lanes differ on " + Display.list(differing), findings);
    }
    if (inconclusive) {
      return new Verdict(
          "unproved",
          "Not all of it can be judged, so it is not shown that the lanes agree",
          findings);
    }
    if (!report.equal()) {
      return new Verdict("differ", "This rehearsal does not show that the lanes agree", findings);
    }
    if (nothingCompared) {
      return new Verdict(
          "unproved", "Too little was compared to say that the lanes agree", findings);
    }
    String lanes =
        Display.capitalize(
            Display.list(report.flows().get(0).lanes().stream().map(LaneReport::lane).toList()));
    return open > 0
        ? new Verdict(
            "unproved",
            lanes
                + " agree on every closed window of "
                + flows(report)
                + ", but not all are closed",
            findings)
        : new Verdict(
            "agree", lanes + " agree on every window of " + flows(report), List.copyOf(findings));
  }

  private static String flows(RehearsalReport report) {
    return switch (report.flows().size()) {
      case 1 -> "flow " + report.flows().get(0).flow();
      case 2 -> "both flows";
      default -> "all " + report.flows().size() + " flows";
    };
  }

  private static String whatDiffers(FlowReport flow) {
    List<String> pairs =
        flow.equal().entrySet().stream()
            .filter(pair -> !pair.getValue())
            .map(Map.Entry::getKey)
            .filter(pair -> !flow.inconclusive().containsKey(pair))
            .map(pair -> pair.replaceFirst("-", " ≠ "))
            .toList();
    List<String> parts = new ArrayList<>();
    if (!pairs.isEmpty()) {
      parts.add(Display.list(pairs));
    }
    if (flow.differingRows() > 0) {
      parts.add(
          Display.count(flow.differingRows(), "row")
              + (flow.differingRows() == 1 ? " differs in " : " differ in ")
              + Display.count(flow.differingWindows(), "window"));
    } else if (!flow.differences().isEmpty()) {
      parts.add(Display.count(flow.differences().size(), "difference"));
    }
    return String.join("; ", parts);
  }

  private static Example example(FlowReport flow) {
    if (flow.differences().isEmpty()) {
      return null;
    }
    Difference first = flow.differences().get(0);
    return new Example(
        first.key(),
        Display.window(first.window(), flow.zone()),
        (first.column() == null ? "" : first.column() + ": ")
            + first.leftLane()
            + " has "
            + valueOrNone(first.leftValue())
            + ", "
            + first.rightLane()
            + " has "
            + valueOrNone(first.rightValue()));
  }

  private static String valueOrNone(String value) {
    return value == null ? "no such row" : value;
  }
}

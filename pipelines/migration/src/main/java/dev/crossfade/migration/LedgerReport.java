package dev.crossfade.migration;

import java.util.ArrayList;
import java.util.List;

/**
 * Where every record of a lane went, by the runs whose version of a window stands. By source, in
 * records: what the source's keeper has must be decoded, undecodable or without content. By window,
 * in events: what was decoded must be counted, filtered, a duplicate or dead. And the two must
 * meet. What is on its way is not judged: an open window, and the meeting of a run at work.
 *
 * @param flow the flow
 * @param lane the lane
 * @param sources by run and source
 * @param windows by window
 * @param meets by run
 * @param remainders what does not add up, a sentence each; empty if all does
 * @param acceptedLosses what windows were computed again without, and why that was accepted, a
 *     sentence for each run; it adds up all the same
 */
public record LedgerReport(
    String flow,
    String lane,
    List<SourceLine> sources,
    List<WindowLine> windows,
    List<MeetLine> meets,
    List<String> remainders,
    List<String> acceptedLosses) {

  /** The report that these lines make. */
  static LedgerReport of(
      String flow,
      String lane,
      List<SourceLine> sources,
      List<WindowLine> windows,
      List<MeetLine> meets,
      List<String> acceptedLosses) {
    List<String> remainders = new ArrayList<>();
    for (MeetLine meet : meets) {
      if (meet.complete() && sources.stream().noneMatch(line -> line.run() == meet.run())) {
        remainders.add("run " + meet.run() + ": what there was to read was not recorded");
      }
    }
    sources.forEach(line -> remainders.addAll(line.remainders()));
    windows.forEach(line -> remainders.addAll(line.remainders()));
    meets.forEach(line -> remainders.addAll(line.remainders()));
    return new LedgerReport(
        flow,
        lane,
        List.copyOf(sources),
        List.copyOf(windows),
        List.copyOf(meets),
        List.copyOf(remainders),
        List.copyOf(acceptedLosses));
  }

  /** Whether there is nothing to judge, which proves nothing. */
  public boolean isEmpty() {
    return sources.isEmpty() && windows.isEmpty() && meets.isEmpty();
  }

  /** Whether there is something to judge, and all of it adds up. */
  public boolean balanced() {
    return remainders.isEmpty() && !isEmpty();
  }

  static String offBy(long remainder) {
    return remainder > 0 ? remainder + " missing" : -remainder + " too many";
  }
}

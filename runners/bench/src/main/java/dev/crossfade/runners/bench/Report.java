package dev.crossfade.runners.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What a benchmark came to, for people, for programs, and against an earlier one. */
final class Report {
  /** Who is compared with whom, by the name of the ratio. */
  private static final Map<String, List<Contestant>> COMPARED = new LinkedHashMap<>();

  static {
    COMPARED.put(
        "stream_vs_native_flink", List.of(Contestant.CROSSFADE_STREAM, Contestant.NATIVE_STREAM));
    COMPARED.put(
        "stream_vs_native_flink_bare",
        List.of(Contestant.CROSSFADE_STREAM, Contestant.NATIVE_STREAM_BARE));
    COMPARED.put(
        "stream_vs_textbook_beam",
        List.of(Contestant.CROSSFADE_STREAM, Contestant.TEXTBOOK_STREAM));
    COMPARED.put(
        "stream_vs_kafka_streams", List.of(Contestant.CROSSFADE_STREAM, Contestant.KAFKA_STREAMS));
    COMPARED.put(
        "batch_vs_native_flink", List.of(Contestant.CROSSFADE_BATCH, Contestant.NATIVE_BATCH));
    COMPARED.put(
        "batch_vs_native_flink_bare",
        List.of(Contestant.CROSSFADE_BATCH, Contestant.NATIVE_BATCH_BARE));
    COMPARED.put(
        "batch_vs_textbook_beam", List.of(Contestant.CROSSFADE_BATCH, Contestant.TEXTBOOK_BATCH));
    COMPARED.put(
        "batch_vs_textbook_beam_bare",
        List.of(Contestant.CROSSFADE_BATCH, Contestant.TEXTBOOK_BATCH_BARE));
    COMPARED.put("batch_vs_plain_java", List.of(Contestant.CROSSFADE_BATCH, Contestant.PLAIN_JAVA));
    COMPARED.put(
        "direct_vs_native_flink", List.of(Contestant.CROSSFADE_DIRECT, Contestant.NATIVE_BATCH));
  }

  private final int events;
  private final Map<Contestant, List<Measured>> measured;
  private final Map<Study, Findings> found;
  private final Map<String, Ratio> ratios = new LinkedHashMap<>();

  Report(int events, Map<Contestant, List<Measured>> measured, Map<Study, Findings> found) {
    this.events = events;
    this.measured = measured;
    this.found = found;
    COMPARED.forEach(
        (name, two) -> {
          if (measured.keySet().containsAll(two)) {
            Ratio.of(measured.get(two.get(0)), measured.get(two.get(1)))
                .ifPresent(ratio -> ratios.put(name, ratio));
          }
        });
    found.values().forEach(findings -> ratios.putAll(findings.ratios()));
  }

  /** For programs: medians by contestant, the ratios, and that all came to one table. */
  Map<String, Object> json() {
    Map<String, Object> contestants = new LinkedHashMap<>();
    measured.forEach(
        (contestant, runs) -> {
          Map<String, Object> one = new LinkedHashMap<>();
          one.put("wallSeconds", orNull(median(runs, Measured::wallSeconds)));
          one.put("cpuSecondsPerMillion", orNull(perMillion(median(runs, Measured::cpuSeconds))));
          one.put("peakMegabytes", orNull(median(runs, Measured::peakMegabytes)));
          one.put("runs", runs);
          contestants.put(contestant.label(), one);
        });
    Map<String, Object> medians = new LinkedHashMap<>();
    ratios.forEach((name, ratio) -> medians.put(name, ratio.median()));
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("events", events);
    all.put("resultsEqual", unequal().isEmpty());
    all.put("ratios", medians);
    all.put("spread", ratios);
    all.put("contestants", contestants);
    found.forEach((study, findings) -> all.put(study.label(), findings.figures()));
    return all;
  }

  /**
   * The contestants that did not come to the table of the loop of plain Java in every round, and
   * what they came to. A study that comes to another result ends the benchmark.
   */
  List<String> unequal() {
    List<String> unequal = new ArrayList<>();
    measured.forEach(
        (contestant, runs) ->
            runs.stream()
                .filter(run -> !run.isEqual())
                .map(run -> contestant.label() + " " + run.outcome().text())
                .distinct()
                .forEach(unequal::add));
    return unequal;
  }

  /** For people. */
  String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%,d orders; %s%n%-20s",
            events,
            unequal().isEmpty() ? "every table is the same" : String.join(", ", unequal()),
            "contestant"));
    text.append(String.format("%10s %16s %10s%n", "wall s", "CPU s/million", "peak MB"));
    measured.forEach(
        (contestant, runs) ->
            text.append(
                String.format(
                    Locale.ROOT,
                    "%-20s%10s %16s %10s%n",
                    contestant.label(),
                    figure("%.1f", median(runs, Measured::wallSeconds)),
                    figure("%.1f", perMillion(median(runs, Measured::cpuSeconds))),
                    figure("%.0f", median(runs, Measured::peakMegabytes)))));
    found.forEach(
        (study, findings) ->
            findings
                .figures()
                .forEach(
                    (name, figure) ->
                        text.append(
                            String.format("%-16s %-24s %s%n", study.label(), name, figure))));
    ratios.forEach(
        (name, ratio) ->
            text.append(
                String.format(
                    Locale.ROOT,
                    "%-30s %6.2f  (%.2f to %.2f)%n",
                    name,
                    ratio.median(),
                    ratio.least(),
                    ratio.most())));
    return text.toString();
  }

  /**
   * The ratios that have fallen below those of a baseline by more than the noise of both.
   *
   * @param baseline what {@link #json} gave; of ratios that are not in it none has fallen
   */
  List<String> fallen(JsonNode baseline) {
    List<String> fallen = new ArrayList<>();
    ratios.forEach(
        (name, ratio) -> {
          JsonNode before = baseline.path("spread").path(name);
          if (!before.isMissingNode() && ratio.most() < before.path("least").asDouble()) {
            fallen.add(
                String.format(
                    Locale.ROOT,
                    "%s is %.2f (%.2f to %.2f) and was %.2f (%.2f to %.2f)",
                    name,
                    ratio.median(),
                    ratio.least(),
                    ratio.most(),
                    before.path("median").asDouble(),
                    before.path("least").asDouble(),
                    before.path("most").asDouble()));
          }
        });
    return fallen;
  }

  /** A dash for a contestant of which no round counts. */
  private static String figure(String pattern, double value) {
    return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, pattern, value);
  }

  /** JSON has no NaN. */
  private static Double orNull(double value) {
    return Double.isNaN(value) ? null : value;
  }

  private double perMillion(double seconds) {
    return Double.isNaN(seconds) ? seconds : Ratio.rounded(seconds * 1e6 / events);
  }

  /** The median of the runs that came to the table; no number if none did. */
  private static double median(List<Measured> runs, ToDoubleFunction<Measured> of) {
    List<Double> values =
        runs.stream().filter(Measured::isEqual).map(of::applyAsDouble).sorted().toList();
    return values.isEmpty() ? Double.NaN : Ratio.rounded(Ratio.median(values));
  }
}

package dev.crossfade.runners.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.crossfade.launcher.scratch.ScratchDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs contestants in turn and compares what they took. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measures Crossfade against what else computes the same table.")
public final class Bench implements Callable<Integer> {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  @Parameters(
      arity = "0..*",
      paramLabel = "NAME",
      completionCandidates = Names.class,
      description = "Contestants and studies (default: all): ${COMPLETION-CANDIDATES}")
  private List<String> names = new Names().all();

  @Option(
      names = "--events",
      defaultValue = "3000000",
      description = "Orders (default: 3,000,000).")
  private int events;

  @Option(names = "--repeats", defaultValue = "3", description = "Rounds (default: 3).")
  private int repeats;

  @Option(
      names = "--scale",
      defaultValue = "1",
      description = "How much of a study's usual rows and time (default: 1, all of it).")
  private double scale;

  @Option(
      names = "--longest",
      paramLabel = "SECONDS",
      defaultValue = "600",
      description =
          "How long a contestant is waited for before it is named as not finished (default: 600).")
  private int longestSeconds;

  @Option(names = "--zipf", description = "A few shops have most of the orders.")
  private boolean zipf;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Option(
      names = "--save",
      paramLabel = "FILE",
      description = "Keep what --json prints, as a baseline.")
  private Path save;

  @Option(
      names = "--against",
      paramLabel = "FILE",
      description = "End with 1 if a ratio has fallen below that of a baseline, beyond the noise.")
  private Path against;

  /** Runs it. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Bench()).execute(arguments));
  }

  /** All that can be asked for. */
  static final class Names implements Iterable<String> {
    private final Map<String, Contestant> contestants = new LinkedHashMap<>();
    private final Map<String, Study> studies = new LinkedHashMap<>();

    Names() {
      for (Contestant contestant : Contestant.values()) {
        contestants.put(contestant.label(), contestant);
      }
      for (Study study : Study.values()) {
        studies.put(study.label(), study);
      }
    }

    List<String> all() {
      List<String> all = new ArrayList<>(contestants.keySet());
      all.addAll(studies.keySet());
      return all;
    }

    @Override
    public Iterator<String> iterator() {
      return all().iterator();
    }
  }

  @Override
  public Integer call() throws Exception {
    Names known = new Names();
    List<String> wrong = wrongOptions(known);
    JsonNode baseline = baseline(wrong);
    if (!wrong.isEmpty()) {
      wrong.forEach(line -> progress("%s", line));
      return CommandLine.ExitCode.USAGE;
    }
    List<Contestant> contestants =
        names.stream().map(known.contestants::get).filter(Objects::nonNull).toList();
    List<Study> studies = names.stream().map(known.studies::get).filter(Objects::nonNull).toList();
    Map<Contestant, List<Measured>> measured = new EnumMap<>(Contestant.class);
    Map<Study, Findings> found = new EnumMap<>(Study.class);
    try (ScratchDirectory scratch = ScratchDirectory.open();
        Arena arena =
            new Arena(
                Files.createDirectory(scratch.path().resolve("bench")),
                Duration.ofSeconds(longestSeconds))) {
      if (!contestants.isEmpty()) {
        progress("writing %,d orders", events);
        arena.load(new Workload(events, 1_000, zipf));
      }
      for (int round = 1; round <= repeats; round++) {
        for (Contestant contestant : contestants) {
          Measured once = arena.run(contestant);
          measured.computeIfAbsent(contestant, key -> new ArrayList<>()).add(once);
          progress(
              "round %d, %-18s %6.1f s, %6.1f s of CPU, %5.0f MB%s",
              round,
              contestant.label(),
              once.wallSeconds(),
              once.cpuSeconds(),
              once.peakMegabytes(),
              once.isEqual()
                  ? ""
                  : "; " + once.outcome().text() + ", see " + arena.log(contestant));
        }
      }
      for (Study study : studies) {
        progress("%s", study.label());
        found.put(study, study.measure(arena, scale));
      }
    }
    Report report = new Report(events, measured, found);
    String text = JSON.writeValueAsString(report.json());
    if (save != null) {
      Files.writeString(save, text + "\n");
    }
    System.out.println(json ? text : report.text());
    List<String> fallen = report.fallen(baseline);
    fallen.forEach(line -> progress("%s", line));
    List<String> unequal = report.unequal();
    unequal.forEach(line -> progress("%s; see its log in %s", line, Arena.logs()));
    return fallen.isEmpty() && unequal.isEmpty() ? 0 : 1;
  }

  /** What would be found wrong only after half an hour. */
  private List<String> wrongOptions(Names known) {
    List<String> wrong = new ArrayList<>();
    List<String> unknown = names.stream().filter(name -> !known.all().contains(name)).toList();
    if (!unknown.isEmpty()) {
      wrong.add("nothing is called " + unknown + "; there are " + known.all());
    }
    if (events < 1) {
      wrong.add("--events=" + events + ": at least 1");
    }
    if (repeats < 1) {
      wrong.add("--repeats=" + repeats + ": at least 1");
    }
    if (longestSeconds < 1) {
      wrong.add("--longest=" + longestSeconds + ": at least 1");
    }
    if (!(scale > 0 && scale <= 1)) {
      wrong.add("--scale=" + scale + ": more than 0, and at most 1");
    }
    if (save != null
        && (Files.isDirectory(save) || !Files.isWritable(save.toAbsolutePath().getParent()))) {
      wrong.add("--save: cannot write the file " + save);
    }
    return wrong;
  }

  /**
   * The baseline to hold the ratios against, which holds none if there is none.
   *
   * @param wrong is told why it cannot be one
   */
  private JsonNode baseline(List<String> wrong) {
    if (against == null) {
      return JSON.missingNode();
    }
    try {
      JsonNode baseline = JSON.readTree(against.toFile());
      if (!baseline.path("spread").isObject()) {
        wrong.add("--against: " + against + " is no baseline, which is what --save has kept");
      }
      return baseline;
    } catch (IOException e) {
      wrong.add("--against: cannot read " + against + ": " + e.getMessage());
      return JSON.missingNode();
    }
  }

  private static void progress(String format, Object... values) {
    System.err.println(String.format(Locale.ROOT, format, values));
  }
}

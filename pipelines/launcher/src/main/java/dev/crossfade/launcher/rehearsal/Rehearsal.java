package dev.crossfade.launcher.rehearsal;

import dev.crossfade.io.kafka.KafkaTopic;
import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.exit.VerbException;
import dev.crossfade.launcher.lanes.BoundedRun;
import dev.crossfade.launcher.lanes.FlowCatalog;
import dev.crossfade.launcher.lanes.Lane;
import dev.crossfade.launcher.lanes.LaneTables;
import dev.crossfade.launcher.lanes.PlannedFlow;
import dev.crossfade.launcher.lanes.RunSummary;
import dev.crossfade.launcher.lanes.RunnerOptions;
import dev.crossfade.launcher.lanes.Stores;
import dev.crossfade.launcher.lanes.StreamRun;
import dev.crossfade.launcher.report.Phase;
import dev.crossfade.launcher.report.RehearsalReport;
import dev.crossfade.launcher.settings.KafkaStreamSource;
import dev.crossfade.launcher.settings.Settings;
import dev.crossfade.migration.Comparison;
import dev.crossfade.migration.Reconcile;
import dev.crossfade.migration.Store;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * Rehearses a migration: the legacy job, the batch lane and the stream lane compute the same tables
 * from the same flights, and every pair of lanes is compared. Running it again starts afresh.
 */
public final class Rehearsal {
  private static final int PARTITIONS = 4;
  private static final Duration QUIET = Duration.ofSeconds(3);
  private static final Duration QUIET_PATIENCE = Duration.ofSeconds(30);
  private static final List<String> PAIRS =
      List.of("legacy-batch", "batch-stream", "legacy-stream");

  private final Plan plan;
  private final Map<String, String> environment;
  private final Consumer<String> progress;
  private final List<Phase> phases = new ArrayList<>();
  private final long started = System.nanoTime();

  /**
   * What is rehearsed.
   *
   * @param flows the settings of the flows; all must read the same topic
   * @param flights the flights, as gzipped CSV
   * @param airports the airports, as CSV
   * @param publishing how long the publishing of the reports is to take
   * @param hours how many hours of reports, counted from midnight before the first; empty for all
   * @param runnerArguments options for Beam and its runner
   * @param scratch a directory for files of the rehearsal
   */
  public record Plan(
      List<Path> flows,
      Path flights,
      Path airports,
      Duration publishing,
      Optional<Integer> hours,
      List<String> runnerArguments,
      Path scratch) {}

  /**
   * A rehearsal in an open sandbox.
   *
   * @param environment the sandbox's variables
   * @param progress is told what is being done, a line at a time
   */
  public Rehearsal(Plan plan, Map<String, String> environment, Consumer<String> progress) {
    this.plan = plan;
    this.environment = environment;
    this.progress = progress;
  }

  /** Does all of it and tells what came out. */
  public RehearsalReport run() throws Exception {
    Instant startedAt = Instant.now();
    FlightReports reports = phase("read the flights", this::read);
    Path batchInput = plan.hours().isPresent() ? slice(reports) : plan.flights().toAbsolutePath();
    Map<String, PlannedFlow> flows = flows(batchInput);
    Settings any = flows.values().iterator().next().settings();

    phase("load the raw tables", () -> load(new LegacyJob(any), batchInput));
    Map<String, LaneOutcome> legacy = new LinkedHashMap<>();
    Map<String, LaneOutcome> batch = new LinkedHashMap<>();
    for (PlannedFlow flow : flows.values()) {
      String name = flow.settings().flow();
      long before = System.nanoTime();
      phase("legacy job of " + name, () -> runLegacy(flow));
      legacy.put(
          name,
          LaneOutcome.legacy(
              flow, reports.reports().size(), Duration.ofNanos(System.nanoTime() - before)));
      RunSummary summary = phase("batch lane of " + name, () -> runLane(flow, Lane.BATCH));
      batch.put(name, LaneOutcome.of(flow, summary));
    }
    Streams streams = phase("stream lanes", () -> stream(flows, reports));

    FindingsOf findings = new FindingsOf(streams.published().lastSent());
    for (PlannedFlow flow : flows.values()) {
      String name = flow.settings().flow();
      Map<String, Comparison> comparisons =
          phase("compare the lanes of " + name, () -> compare(flow));
      findings.add(
          flow,
          List.of(
              legacy.get(name),
              batch.get(name),
              LaneOutcome.of(flow, streams.summaries().get(name))),
          comparisons);
    }
    return findings.report(
        startedAt, reports, DisorderOf.reports(reports, streams.published().partitions()), phases);
  }

  private FlightReports read() throws IOException {
    FlightReports all = FlightReports.read(plan.flights());
    if (plan.hours().isEmpty()) {
      return all;
    }
    LocalDateTime midnight = all.reports().get(0).arrival().toLocalDate().atStartOfDay();
    FlightReports some = all.before(midnight.plusHours(plan.hours().get()));
    if (some.reports().isEmpty()) {
      throw new VerbException(
          ExitCode.USAGE, "no flight has landed in the first " + plan.hours().get() + " hours");
    }
    return some;
  }

  /** Writes the flights of some reports, for the lanes that read files. */
  private Path slice(FlightReports reports) throws IOException {
    Files.createDirectories(plan.scratch());
    Path file = plan.scratch().resolve("flights.csv");
    StringBuilder csv =
        new StringBuilder("flight_id,departure,origin,destination,distance_miles,delay_minutes\n");
    reports.reports().forEach(report -> csv.append(report.csv()).append('\n'));
    Files.writeString(file, csv, StandardCharsets.UTF_8);
    return file.toAbsolutePath();
  }

  private Map<String, PlannedFlow> flows(Path batchInput) throws Exception {
    FlowCatalog catalog = FlowCatalog.load();
    Map<String, PlannedFlow> flows = new LinkedHashMap<>();
    for (Path file : plan.flows()) {
      Settings settings =
          Settings.load(
              file,
              List.of("sources.stream.stopAtEnd=true", "sources.batch.path=" + batchInput),
              environment);
      flows.put(settings.flow(), PlannedFlow.of(settings, catalog));
    }
    return flows;
  }

  private Void load(LegacyJob job, Path flights) throws Exception {
    try (InputStream file = Files.newInputStream(flights);
        InputStream rows = flights.toString().endsWith(".gz") ? new GZIPInputStream(file) : file) {
      job.load(rows, plan.airports());
    }
    return null;
  }

  private static Void runLegacy(PlannedFlow flow) throws Exception {
    new LegacyJob(flow.settings()).run();
    return null;
  }

  private RunSummary runLane(PlannedFlow flow, Lane lane) {
    PipelineOptions options = RunnerOptions.parse(plan.runnerArguments());
    return lane == Lane.BATCH
        ? BoundedRun.batch(flow, options).run()
        : new StreamRun(flow, options, plan.scratch().resolve("checkpoints"), false, progress)
            .run();
  }

  /** The streams of all flows run while the reports are published, and end where the topic does. */
  private Streams stream(Map<String, PlannedFlow> flows, FlightReports reports) throws Exception {
    KafkaStreamSource source =
        flows.values().iterator().next().settings().sources().stream().orElseThrow();
    KafkaTopic topic =
        new KafkaTopic(source.bootstrapServers(), source.topic(), source.properties().values());
    Topics.recreate(topic, PARTITIONS);
    ExecutorService lanes = Executors.newFixedThreadPool(flows.size());
    try {
      Map<String, Future<RunSummary>> running = new LinkedHashMap<>();
      flows.forEach(
          (name, flow) -> running.put(name, lanes.submit(() -> runLane(flow, Lane.STREAM))));
      Publisher.Published published;
      try (PublishingProgress shown = new PublishingProgress(reports.reports().size(), progress)) {
        published =
            new Publisher(topic, reports, plan.publishing())
                .publish(
                    () -> running.values().stream().noneMatch(Future::isDone),
                    () -> awaitQuiet(flows.values()),
                    shown);
      }
      progress.accept("  all reports are published; the stream lanes read on to the end");
      Map<String, RunSummary> summaries = new LinkedHashMap<>();
      for (Map.Entry<String, Future<RunSummary>> lane : running.entrySet()) {
        summaries.put(lane.getKey(), lane.getValue().get());
      }
      return new Streams(summaries, published);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    } finally {
      lanes.shutdownNow();
    }
  }

  /**
   * Holds the last report back until the streams close no more windows: how far they are behind the
   * topic is a matter of the machine, and what they have closed before its end should not be.
   */
  private static void awaitQuiet(Collection<PlannedFlow> flows) throws InterruptedException {
    // The flows share a store, the one whose raw tables their legacy jobs read.
    try (Store store = Stores.open(flows.iterator().next().settings())) {
      long deadline = System.nanoTime() + QUIET_PATIENCE.toNanos();
      long since = System.nanoTime();
      long before = -1;
      while (System.nanoTime() - since < QUIET.toNanos() && System.nanoTime() < deadline) {
        long closed = 0;
        for (PlannedFlow flow : flows) {
          closed += store.closedWindows(flow.settings().flow(), Lane.STREAM.laneName()).size();
        }
        if (closed != before) {
          before = closed;
          since = System.nanoTime();
        }
        TimeUnit.MILLISECONDS.sleep(250);
      }
    }
  }

  private static Map<String, Comparison> compare(PlannedFlow flow) {
    Map<String, Comparison> comparisons = new LinkedHashMap<>();
    Reconcile reconcile = Reconcile.in(Stores.database(flow.settings())).readingEveryRow();
    for (String pair : PAIRS) {
      int dash = pair.indexOf('-');
      comparisons.put(
          pair,
          reconcile.compare(
              LaneTables.of(flow, pair.substring(0, dash)),
              LaneTables.of(flow, pair.substring(dash + 1))));
    }
    return comparisons;
  }

  private <T> T phase(String name, Callable<T> work) throws Exception {
    long before = System.nanoTime();
    progress.accept(String.format(Locale.ROOT, "[%5.1f s] %s", (before - started) / 1e9, name));
    T result = work.call();
    phases.add(new Phase(name, Duration.ofNanos(System.nanoTime() - before)));
    return result;
  }

  private record Streams(Map<String, RunSummary> summaries, Publisher.Published published) {}
}

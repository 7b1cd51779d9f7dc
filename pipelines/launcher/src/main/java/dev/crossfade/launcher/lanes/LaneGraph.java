package dev.crossfade.launcher.lanes;

import dev.crossfade.io.files.InputFile;
import dev.crossfade.io.files.ReadFiles;
import dev.crossfade.io.files.WriteToFiles;
import dev.crossfade.io.jdbc.ReadTable;
import dev.crossfade.io.jdbc.RunTarget;
import dev.crossfade.io.jdbc.StoredIdleAdvances;
import dev.crossfade.io.jdbc.TableSnapshot;
import dev.crossfade.io.jdbc.WriteToStore;
import dev.crossfade.io.kafka.PartitionRange;
import dev.crossfade.io.kafka.ReadTopic;
import dev.crossfade.io.kafka.ReadTopicRange;
import dev.crossfade.io.kafka.WriteToTopic;
import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.exit.VerbException;
import dev.crossfade.launcher.settings.BatchSource;
import dev.crossfade.launcher.settings.KafkaStreamSource;
import dev.crossfade.launcher.settings.Settings;
import dev.crossfade.launcher.settings.Sink;
import dev.crossfade.transforms.graph.ComputeFlow;
import dev.crossfade.transforms.graph.FlowOutputs;
import dev.crossfade.transforms.graph.FlowPlan;
import dev.crossfade.transforms.records.Block;
import dev.crossfade.transforms.records.RecordFormat;
import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.windows.Scope;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;

/** Puts the graph of a run together: its source, the flow, the sink. */
final class LaneGraph {
  private final PlannedFlow flow;
  private final Connections connections;
  private final Settings settings;
  private final FlowPlan<?> plan;
  private final Input input;
  private final RunTarget target;
  private final Scope scope;
  private final List<PartitionRange> retained;
  private final List<InputFile> files;
  private final Optional<TableSnapshot> table;

  /**
   * The graph of a run.
   *
   * @param connections those of the run, which have to stay open until it is over
   * @param target whose rows it writes
   * @param scope the windows that it computes
   * @param retained the ranges of the topic that it reads, if its input is what is retained
   * @param files the files that it reads, if its input is files
   * @param table the table that it reads, if its input is one; without it the graph is only to be
   *     looked at
   */
  LaneGraph(
      PlannedFlow flow,
      Connections connections,
      Input input,
      RunTarget target,
      Scope scope,
      List<PartitionRange> retained,
      List<InputFile> files,
      Optional<TableSnapshot> table) {
    this.flow = flow;
    this.connections = connections;
    this.settings = flow.settings();
    this.plan = flow.plan();
    this.input = input;
    this.target = target;
    this.scope = scope;
    this.retained = retained;
    this.files = files;
    this.table = table;
  }

  /**
   * Builds the pipeline.
   *
   * @throws VerbException if it does not hold together
   */
  Pipeline build(PipelineOptions options) {
    try {
      Pipeline pipeline = Pipeline.create(options);
      FlowOutputs outputs =
          pipeline
              .apply("Read", source())
              .apply("Compute", ComputeFlow.of(plan, format()).within(scope));
      Pipeline.applyTransform("Write", outputs, sink());
      return pipeline;
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw new VerbException(
          ExitCode.USAGE,
          "the graph of the lane " + target.lane() + " cannot be built: " + e.getMessage(),
          e);
    }
  }

  private PTransform<PBegin, PCollection<Block>> source() {
    if (input != Input.BATCH) {
      KafkaStreamSource kafka = settings.sources().stream().orElseThrow();
      return input == Input.RETAINED
          ? ReadTopicRange.of(connections.stream(), plan.eventTimes(), retained)
          : ReadTopic.of(
              connections.stream(),
              plan.eventTimes(),
              plan.windowing(),
              kafka.idleAfter(),
              StoredIdleAdvances.of(connections.store(), plan.table().flow(), target),
              kafka.stopAtEnd());
    }
    BatchSource batch = settings.sources().batch().orElseThrow();
    if (batch instanceof BatchSource.Files) {
      return ReadFiles.of(files, format());
    }
    BatchSource.Jdbc jdbc = (BatchSource.Jdbc) batch;
    return table
        .map(snapshot -> ReadTable.at(snapshot, jdbc.fetchSize()))
        .orElseGet(() -> ReadTable.unplanned(connections.table(jdbc), jdbc.fetchSize()));
  }

  private RecordFormat format() {
    return flow.formatOf(input);
  }

  private PTransform<FlowOutputs, PDone> sink() {
    String name = target.lane();
    if (settings.sink() instanceof Sink.Kafka sink) {
      return WriteToTopic.of(
          connections.sink(sink), plan.table(), name, target.run(), target.logic());
    }
    if (settings.sink() instanceof Sink.Files sink) {
      return WriteToFiles.of(
          sink.directory().value(),
          plan.table(),
          name,
          target.run(),
          target.logic(),
          sink.shards());
    }
    return WriteToStore.of(connections.store(), plan, target, covered());
  }

  /** The span that the run's input is complete for; empty if it is for whatever it holds. */
  private Optional<EventWindow> covered() {
    return input == Input.BATCH
        ? settings.sources().batch().flatMap(BatchSource::covers)
        : Optional.empty();
  }
}

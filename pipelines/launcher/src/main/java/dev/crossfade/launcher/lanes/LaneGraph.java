package dev.crossfade.launcher.lanes;

import dev.crossfade.io.files.ReadFiles;
import dev.crossfade.io.files.WriteToFiles;
import dev.crossfade.io.jdbc.Database;
import dev.crossfade.io.jdbc.ReadTable;
import dev.crossfade.io.jdbc.WriteToStore;
import dev.crossfade.io.kafka.KafkaTopic;
import dev.crossfade.io.kafka.ReadTopic;
import dev.crossfade.io.kafka.WriteToTopic;
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
import java.util.Optional;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PDone;

/** Puts the graph of a lane together: its source, the flow, the sink. */
final class LaneGraph {
  private final Settings settings;
  private final FlowPlan<?> plan;
  private final Lane lane;
  private final long run;

  LaneGraph(PlannedFlow flow, Lane lane, long run) {
    this.settings = flow.settings();
    this.plan = flow.plan();
    this.lane = lane;
    this.run = run;
  }

  /** Adds the lane to a pipeline. */
  void addTo(Pipeline pipeline) {
    FlowOutputs outputs =
        pipeline.apply("Read", source()).apply("Compute", ComputeFlow.of(plan, format()));
    Pipeline.applyTransform("Write", outputs, sink());
  }

  private PTransform<PBegin, PCollection<Block>> source() {
    if (lane == Lane.STREAM) {
      KafkaStreamSource kafka = settings.sources().stream().orElseThrow();
      return ReadTopic.of(
          topic(kafka), plan.eventTimes(), plan.windowing(), kafka.idleAfter(), kafka.stopAtEnd());
    }
    BatchSource batch = settings.sources().batch().orElseThrow();
    if (batch instanceof BatchSource.Files files) {
      return ReadFiles.matching(files.path().value(), format(), plan.eventTimes());
    }
    BatchSource.Jdbc jdbc = (BatchSource.Jdbc) batch;
    return ReadTable.of(
        new Database(jdbc.url().value(), jdbc.user(), jdbc.password().reveal()),
        jdbc.table(),
        jdbc.partitionColumn(),
        jdbc.partitions(),
        jdbc.fetchSize(),
        plan.eventTimes());
  }

  private RecordFormat format() {
    if (lane == Lane.STREAM) {
      return ReadTopic.format();
    }
    if (settings.sources().batch().orElseThrow() instanceof BatchSource.Files files) {
      return files.format();
    }
    return ReadTable.format();
  }

  private PTransform<FlowOutputs, PDone> sink() {
    String name = lane.laneName();
    if (settings.sink() instanceof Sink.Kafka sink) {
      KafkaTopic topic =
          new KafkaTopic(sink.bootstrapServers(), sink.topic(), sink.properties().values());
      return WriteToTopic.of(topic, plan.table(), name, run);
    }
    if (settings.sink() instanceof Sink.Files sink) {
      return WriteToFiles.of(sink.directory().value(), plan.table(), name, run, sink.shards());
    }
    return WriteToStore.of(store(), plan, name, run, covered());
  }

  /** The span that the lane's input is complete for; empty if it is for whatever it holds. */
  private Optional<EventWindow> covered() {
    return lane == Lane.STREAM
        ? Optional.empty()
        : settings.sources().batch().flatMap(BatchSource::covers);
  }

  static KafkaTopic topic(KafkaStreamSource kafka) {
    return new KafkaTopic(kafka.bootstrapServers(), kafka.topic(), kafka.properties().values());
  }

  private Database store() {
    Settings.Store store = settings.store();
    return new Database(store.url().value(), store.user(), store.password().reveal());
  }
}

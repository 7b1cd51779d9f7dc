package dev.crossfade.runners.bench;

import dev.crossfade.launcher.runners.EmbeddedRunner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.io.TextIO;
import org.apache.beam.sdk.io.kafka.CustomTimestampPolicyWithLimitedDelay;
import org.apache.beam.sdk.io.kafka.KafkaIO;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.Distinct;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Values;
import org.apache.beam.sdk.transforms.windowing.FixedWindows;
import org.apache.beam.sdk.transforms.windowing.IntervalWindow;
import org.apache.beam.sdk.transforms.windowing.Window;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.joda.time.Duration;
import org.joda.time.Instant;

/**
 * The same as Beam's documentation would write it: a source, a {@code ParDo} that decodes, a
 * window, {@link Distinct} by id, a combine by key, a sink; or the same without the third.
 */
final class TextbookBeam {
  private TextbookBeam() {}

  static void stream(Properties kafka, String topic, Target target, boolean each)
      throws IOException {
    Map<String, Object> consumer = new HashMap<>();
    kafka.stringPropertyNames().forEach(name -> consumer.put(name, kafka.getProperty(name)));
    consumer.put("auto.offset.reset", "earliest");
    Pipeline pipeline = pipeline();
    compute(
        pipeline
            .apply(
                KafkaIO.<byte[], byte[]>read()
                    .withBootstrapServers(kafka.getProperty("bootstrap.servers"))
                    .withTopic(topic)
                    .withKeyDeserializer(ByteArrayDeserializer.class)
                    .withValueDeserializer(ByteArrayDeserializer.class)
                    .withConsumerConfigUpdates(consumer)
                    .withTimestampPolicyFactory(
                        (partition, previous) ->
                            new CustomTimestampPolicyWithLimitedDelay<>(
                                record -> {
                                  ParsedOrder order = parsed(record.getKV().getValue());
                                  return order == null
                                      ? Instant.EPOCH
                                      : Instant.ofEpochMilli(order.placedAt);
                                },
                                Duration.standardSeconds(30),
                                previous))
                    .withoutMetadata())
            .apply("Decode", ParDo.of(new DecodeFn())),
        target,
        each);
    run(pipeline);
  }

  static void batch(Path files, Target target, boolean each) throws IOException {
    Pipeline pipeline = pipeline();
    compute(
        pipeline
            .apply(TextIO.read().from(files + "/*.json"))
            .apply("Decode", ParDo.of(new DecodeLineFn())),
        target,
        each);
    run(pipeline);
  }

  private static ParsedOrder parsed(byte[] record) {
    return record == null ? null : ParsedOrder.of(record, 0, record.length, true);
  }

  private static void run(Pipeline pipeline) throws IOException {
    EmbeddedRunner.Seclusion seclusion =
        EmbeddedRunner.seclude("FlinkRunner", pipeline.getOptions());
    try (seclusion) {
      pipeline.run().waitUntilFinish();
    }
  }

  private static Pipeline pipeline() {
    FlinkPipelineOptions options = PipelineOptionsFactory.as(FlinkPipelineOptions.class);
    options.setRunner(org.apache.beam.runners.flink.FlinkRunner.class);
    options.setParallelism(2);
    options.setObjectReuse(true);
    // What the runner asks of a stream only; it finds out by itself which it is.
    options.setCheckpointingInterval(5_000L);
    return Pipeline.create(options);
  }

  private static void compute(
      PCollection<KV<String, KV<String, Integer>>> orders, Target target, boolean each) {
    KvCoder<String, Integer> cents = KvCoder.of(StringUtf8Coder.of(), VarIntCoder.of());
    PCollection<KV<String, KV<String, Integer>>> inWindows =
        orders
            .setCoder(KvCoder.of(StringUtf8Coder.of(), cents))
            .apply(Window.into(FixedWindows.of(Duration.standardMinutes(1))));
    PCollection<KV<String, KV<String, Integer>>> counting =
        each
            ? inWindows.apply(
                Distinct.<KV<String, KV<String, Integer>>, String>withRepresentativeValueFn(
                        KV::getKey)
                    .withRepresentativeType(TypeDescriptors.strings()))
            : inWindows;
    counting
        .apply(Values.create())
        .setCoder(cents)
        .apply(Combine.perKey(new SumFn()))
        .apply("Write", ParDo.of(new WriteFn(target)));
  }

  private static final class DecodeFn
      extends DoFn<KV<byte[], byte[]>, KV<String, KV<String, Integer>>> {
    private static final long serialVersionUID = 1L;
    private final Counter read = Metrics.counter("bench", "read");

    @ProcessElement
    public void process(
        @Element KV<byte[], byte[]> record, OutputReceiver<KV<String, KV<String, Integer>>> out) {
      ParsedOrder order = parsed(record.getValue());
      if (order != null) {
        read.inc();
        out.output(KV.of(order.id, KV.of(order.shop, order.cents)));
      }
    }
  }

  private static final class DecodeLineFn extends DoFn<String, KV<String, KV<String, Integer>>> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(@Element String line, OutputReceiver<KV<String, KV<String, Integer>>> out) {
      ParsedOrder order = parsed(line.getBytes(java.nio.charset.StandardCharsets.UTF_8));
      if (order != null) {
        out.outputWithTimestamp(
            KV.of(order.id, KV.of(order.shop, order.cents)), Instant.ofEpochMilli(order.placedAt));
      }
    }
  }

  private static final class SumFn extends Combine.CombineFn<Integer, long[], List<Long>> {
    private static final long serialVersionUID = 1L;

    @Override
    public long[] createAccumulator() {
      return new long[2];
    }

    @Override
    public long[] addInput(long[] sum, Integer cents) {
      sum[0]++;
      sum[1] += cents;
      return sum;
    }

    @Override
    public long[] mergeAccumulators(Iterable<long[]> sums) {
      long[] merged = new long[2];
      for (long[] sum : sums) {
        merged[0] += sum[0];
        merged[1] += sum[1];
      }
      return merged;
    }

    @Override
    public List<Long> extractOutput(long[] sum) {
      return List.of(sum[0], sum[1]);
    }
  }

  private static final class WriteFn extends DoFn<KV<String, List<Long>>, Void> {
    private static final long serialVersionUID = 1L;
    private final Target target;
    private transient java.sql.Connection connection;
    private transient java.sql.PreparedStatement upsert;

    WriteFn(Target target) {
      this.target = target;
    }

    @StartBundle
    public void startBundle() throws java.sql.SQLException {
      if (connection == null) {
        connection = target.connect();
        connection.setAutoCommit(false);
        upsert = connection.prepareStatement(target.upsert());
      }
    }

    @ProcessElement
    public void process(@Element KV<String, List<Long>> sum, IntervalWindow window)
        throws java.sql.SQLException {
      Target.bind(
          upsert,
          sum.getKey(),
          window.start().getMillis(),
          sum.getValue().get(0),
          sum.getValue().get(1));
      upsert.addBatch();
    }

    @FinishBundle
    public void finishBundle() throws java.sql.SQLException {
      upsert.executeBatch();
      connection.commit();
    }
  }
}

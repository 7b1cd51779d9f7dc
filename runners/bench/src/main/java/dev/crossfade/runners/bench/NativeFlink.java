package dev.crossfade.runners.bench;

import dev.crossfade.launcher.runners.EmbeddedRunner;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.api.common.serialization.AbstractDeserializationSchema;
import org.apache.flink.api.java.tuple.Tuple4;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.connector.file.src.FileSource;
import org.apache.flink.connector.file.src.reader.TextLineInputFormat;
import org.apache.flink.connector.jdbc.JdbcConnectionOptions;
import org.apache.flink.connector.jdbc.JdbcExecutionOptions;
import org.apache.flink.connector.jdbc.JdbcSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;

/**
 * The same on Flink's own DataStream API: decoded in the source, objects reused, state on the heap,
 * a checkpoint each 5 s, rows upserted in batches.
 */
final class NativeFlink {
  private static final int PARALLELISM = 2;

  private NativeFlink() {}

  static void stream(Properties kafka, String topic, Target target, boolean each) throws Exception {
    FlinkPipelineOptions secluded = PipelineOptionsFactory.as(FlinkPipelineOptions.class);
    EmbeddedRunner.Seclusion seclusion = EmbeddedRunner.seclude("FlinkRunner", secluded);
    try (seclusion) {
      stream(environment(secluded), kafka, topic, target, each);
    }
  }

  private static void stream(
      StreamExecutionEnvironment flink, Properties kafka, String topic, Target target, boolean each)
      throws Exception {
    flink.enableCheckpointing(5_000);
    KafkaSource<ParsedOrder> source =
        KafkaSource.<ParsedOrder>builder()
            .setProperties(kafka)
            .setTopics(topic)
            .setGroupId("bench-native")
            .setStartingOffsets(OffsetsInitializer.earliest())
            .setBounded(OffsetsInitializer.latest())
            .setValueOnlyDeserializer(new Decoder(each))
            .build();
    compute(
        flink.fromSource(
            source,
            WatermarkStrategy.<ParsedOrder>forBoundedOutOfOrderness(Duration.ofSeconds(30))
                .withTimestampAssigner((order, recorded) -> order.placedAt),
            "orders"),
        target,
        each);
    flink.execute("native stream");
  }

  static void batch(Path files, Target target, boolean each) throws Exception {
    FlinkPipelineOptions secluded = PipelineOptionsFactory.as(FlinkPipelineOptions.class);
    EmbeddedRunner.Seclusion seclusion = EmbeddedRunner.seclude("FlinkRunner", secluded);
    try (seclusion) {
      batch(environment(secluded), files, target, each);
    }
  }

  private static void batch(
      StreamExecutionEnvironment flink, Path files, Target target, boolean each) throws Exception {
    flink.setRuntimeMode(RuntimeExecutionMode.BATCH);
    FileSource<String> source =
        FileSource.forRecordStreamFormat(
                new TextLineInputFormat(), new org.apache.flink.core.fs.Path(files.toUri()))
            .build();
    DataStream<ParsedOrder> orders =
        flink
            .fromSource(source, WatermarkStrategy.noWatermarks(), "lines")
            .flatMap(
                (String line, Collector<ParsedOrder> out) -> {
                  byte[] bytes = line.getBytes(java.nio.charset.StandardCharsets.UTF_8);
                  ParsedOrder order = ParsedOrder.of(bytes, 0, bytes.length, each);
                  if (order != null) {
                    out.collect(order);
                  }
                })
            .returns(ParsedOrder.class)
            .assignTimestampsAndWatermarks(
                WatermarkStrategy.<ParsedOrder>forMonotonousTimestamps()
                    .withTimestampAssigner((order, recorded) -> order.placedAt));
    compute(orders, target, each);
    flink.execute("native batch");
  }

  /** As Crossfade has it, so that the opponent opens as little to others. */
  private static StreamExecutionEnvironment environment(FlinkPipelineOptions secluded) {
    Configuration configuration = GlobalConfiguration.loadConfiguration(secluded.getFlinkConfDir());
    configuration.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(128));
    configuration.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(128));
    StreamExecutionEnvironment flink =
        StreamExecutionEnvironment.createLocalEnvironment(PARALLELISM, configuration);
    flink.getConfig().enableObjectReuse();
    return flink;
  }

  private static void compute(DataStream<ParsedOrder> orders, Target target, boolean each) {
    orders
        .filter(order -> order != null)
        .keyBy(order -> order.shop)
        .window(TumblingEventTimeWindows.of(Duration.ofMinutes(1)))
        .aggregate(new Sum(each), new Row())
        .addSink(
            JdbcSink.sink(
                target.upsert(),
                (statement, row) -> Target.bind(statement, row.f0, row.f1, row.f2, row.f3),
                JdbcExecutionOptions.builder()
                    .withBatchSize(Target.BATCH)
                    .withBatchIntervalMs(500)
                    .build(),
                new JdbcConnectionOptions.JdbcConnectionOptionsBuilder()
                    .withUrl(target.url())
                    .withUsername(target.user())
                    .withPassword(target.password())
                    .withDriverName("org.postgresql.Driver")
                    .build()));
  }

  private static final class Decoder extends AbstractDeserializationSchema<ParsedOrder> {
    private static final long serialVersionUID = 1L;
    private final boolean validated;

    Decoder(boolean validated) {
      super(ParsedOrder.class);
      this.validated = validated;
    }

    @Override
    public ParsedOrder deserialize(byte[] record) {
      return record == null ? null : ParsedOrder.of(record, 0, record.length, validated);
    }
  }

  private static final class Sum implements AggregateFunction<ParsedOrder, Takings, Takings> {
    private static final long serialVersionUID = 1L;
    private final boolean each;

    Sum(boolean each) {
      this.each = each;
    }

    @Override
    public Takings createAccumulator() {
      return Takings.nothing(each);
    }

    @Override
    public Takings add(ParsedOrder order, Takings sum) {
      sum.add(order);
      return sum;
    }

    @Override
    public Takings getResult(Takings sum) {
      return sum;
    }

    @Override
    public Takings merge(Takings left, Takings right) {
      throw new UnsupportedOperationException("tumbling windows are not merged");
    }
  }

  private static final class Row
      extends ProcessWindowFunction<Takings, Tuple4<String, Long, Long, Long>, String, TimeWindow> {
    private static final long serialVersionUID = 1L;

    @Override
    public void process(
        String shop,
        Context context,
        Iterable<Takings> sums,
        Collector<Tuple4<String, Long, Long, Long>> out) {
      Takings sum = sums.iterator().next();
      out.collect(Tuple4.of(shop, context.window().getStart(), sum.orders, sum.cents));
    }
  }
}

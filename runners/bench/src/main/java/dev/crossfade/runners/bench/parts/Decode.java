package dev.crossfade.runners.bench.parts;

import dev.crossfade.runners.bench.BenchOrder;
import dev.crossfade.transforms.records.Block;
import dev.crossfade.transforms.records.RecordDecoder;
import dev.crossfade.transforms.records.UndecodableException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Decodes the records of a block, each with its event time. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Decode {
  /** How the records are written. */
  @Param public Layout layout;

  private Block block;
  private RecordDecoder<BenchOrder> decoder;
  private long expected;

  /** Writes the records. */
  @Setup
  public void write() {
    block = Orders.block(layout);
    decoder = new RecordDecoder<>(BenchOrder.class, layout.format(), Orders.TIMES);
    expected =
        Orders.all().stream().mapToLong(order -> sum(order, order.placedAt().toEpochMilli())).sum();
  }

  /** Decodes them. */
  @Benchmark
  @OperationsPerInvocation(Orders.COUNT)
  public long decode() throws UndecodableException {
    long sum = 0;
    for (int i = 0; i < block.size(); i++) {
      BenchOrder order = decoder.decode(block, i);
      sum += sum(order, decoder.eventTime());
    }
    Orders.check("the sum of what was decoded", expected, sum);
    return sum;
  }

  /** Of something of each component, and of the event time. */
  private static long sum(BenchOrder order, long eventTime) {
    return order.id().charAt(order.id().length() - 1)
        + order.placedAt().toEpochMilli()
        + order.shop().charAt(order.shop().length() - 1)
        + order.cents()
        + eventTime;
  }
}

package dev.crossfade.runners.bench.parts;

import dev.crossfade.transforms.records.Block;
import dev.crossfade.transforms.records.EventTimes;
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

/** Reads event times out of records' bytes, as a stream's source does for each record. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class EventTime {
  /** How the records are written. */
  @Param public Layout layout;

  private Block block;
  private EventTimes.Reader reader;
  private long expected;

  /** Writes the records. */
  @Setup
  public void write() {
    block = Orders.block(layout);
    reader = Orders.TIMES.reader(layout.format());
    expected = Orders.all().stream().mapToLong(order -> order.placedAt().toEpochMilli()).sum();
  }

  /** Reads their event times. */
  @Benchmark
  @OperationsPerInvocation(Orders.COUNT)
  public long readEventTime() {
    long sum = 0;
    for (int i = 0; i < block.size(); i++) {
      sum +=
          reader.readOrUnreadable(block.header(), block.bytes(), block.start(i), block.length(i));
    }
    Orders.check("the sum of the event times", expected, sum);
    return sum;
  }
}

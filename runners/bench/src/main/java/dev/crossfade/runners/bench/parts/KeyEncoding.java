package dev.crossfade.runners.bench.parts;

import dev.crossfade.runners.bench.BenchOrder;
import dev.crossfade.transforms.aggregation.Aggregation;
import dev.crossfade.transforms.results.CanonicalBytes;
import dev.crossfade.transforms.results.Result;
import dev.crossfade.transforms.results.TypedRow;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.beam.sdk.coders.Coder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Makes the keys of events, and the bytes that stand for them. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class KeyEncoding {
  /** What {@link CanonicalBytes} writes before a text: that there is one, and its length. */
  private static final int BEFORE_TEXT = 1 + Integer.BYTES;

  private Aggregation<BenchOrder> aggregation;
  private Coder<Result> coder;
  private List<BenchOrder> orders;
  private List<TypedRow> keys;
  private List<Result> results;
  private long lastCharacters;

  /** Makes what the methods work on. */
  @Setup
  public void prepare() {
    OrdersGraph graph = new OrdersGraph();
    aggregation = graph.plan().aggregation();
    coder = graph.resultCoder();
    orders = Orders.all();
    keys = orders.stream().map(aggregation::keyOf).toList();
    results = orders.stream().map(order -> graph.result(order.shop(), order.cents())).toList();
    lastCharacters = orders.stream().mapToLong(order -> last(order.shop())).sum();
  }

  /** The key of an event. */
  @Benchmark
  @OperationsPerInvocation(Orders.COUNT)
  public long keyOf() {
    long sum = 0;
    for (BenchOrder order : orders) {
      sum += last(aggregation.keyOf(order).text(0));
    }
    Orders.check("the sum of the keys' last characters", lastCharacters, sum);
    return sum;
  }

  /** The canonical bytes of a key, by which rows are put in order before they are written. */
  @Benchmark
  @OperationsPerInvocation(Orders.COUNT)
  public long canonicalBytes() {
    long sum = 0;
    long length = 0;
    for (TypedRow key : keys) {
      byte[] bytes = CanonicalBytes.of(aggregation.keySchema(), key);
      sum += bytes[bytes.length - 1];
      length += bytes.length;
    }
    Orders.check("the sum of the keys' last bytes", lastCharacters, sum);
    Orders.check(
        "the length of the keys",
        (long) keys.size() * (BEFORE_TEXT + "shop-0000".length()),
        length);
    return sum;
  }

  /** A result, with its key, there and back through the coder that stands between two steps. */
  @Benchmark
  @OperationsPerInvocation(Orders.COUNT)
  public long codeResult() throws IOException {
    long equal = 0;
    for (Result result : results) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
      coder.encode(result, bytes);
      if (coder.decode(new ByteArrayInputStream(bytes.toByteArray())).equals(result)) {
        equal++;
      }
    }
    Orders.check("results that came back", results.size(), equal);
    return equal;
  }

  private static char last(String text) {
    return text.charAt(text.length() - 1);
  }
}

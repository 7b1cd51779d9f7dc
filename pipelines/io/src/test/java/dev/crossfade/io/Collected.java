package dev.crossfade.io;

import dev.crossfade.transforms.records.Block;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;

/** What a source gives when it is run on the DirectRunner. */
public final class Collected {
  private static final Map<Long, List<Block>> RUNS = new ConcurrentHashMap<>();
  private static final AtomicLong NEXT_RUN = new AtomicLong();

  private Collected() {}

  /** All blocks of a bounded source. */
  public static List<Block> from(PTransform<PBegin, PCollection<Block>> source) {
    long run = NEXT_RUN.incrementAndGet();
    List<Block> blocks = new ArrayList<>();
    RUNS.put(run, blocks);
    try {
      Pipeline pipeline = Pipeline.create();
      pipeline.apply("Source", source).apply("Collect", ParDo.of(new CollectFn(run)));
      pipeline.run().waitUntilFinish();
      return blocks;
    } finally {
      RUNS.remove(run);
    }
  }

  private static final class CollectFn extends DoFn<Block, Void> {
    private static final long serialVersionUID = 1L;

    private final long run;

    CollectFn(long run) {
      this.run = run;
    }

    @ProcessElement
    public void process(@Element Block block) {
      List<Block> blocks = RUNS.get(run);
      synchronized (blocks) {
        blocks.add(block);
      }
    }
  }
}

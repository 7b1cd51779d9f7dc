package dev.crossfade.transforms.graph;

import dev.crossfade.transforms.records.Block;
import dev.crossfade.transforms.records.RecordFormat;
import dev.crossfade.transforms.results.Result;
import dev.crossfade.transforms.windows.Scope;
import java.util.List;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * Computes a flow: decodes and validates the records of each block, folds the events of a bundle by
 * key and window, shuffles the partial results once, many keys in one element, and shows a result
 * per key and window.
 *
 * <p>The input may be bounded or unbounded; in the same windows both give the same last results
 * over the same records. A result appears early, when the watermark passes its window's end, and
 * again for each bundle that brings events after that until the window closes; bounded input shows
 * most of them once. Late records, as the source judged them, and records that cannot be processed
 * go to outputs of their own and fail nothing. Two more outputs count what was read, by source and
 * by window, from which results, dead letters and late records can be checked. The same input gives
 * the same last results however often it is computed.
 *
 * @param <E> the event's type
 */
public final class ComputeFlow<E> extends PTransform<PCollection<Block>, FlowOutputs> {
  private static final long serialVersionUID = 1L;

  private static final TupleTag<KV<Integer, ShardSums>> FOLDED = new TupleTag<>("folded");

  private final FlowPlan<E> plan;
  private final RecordFormat format;
  private final Scope scope;

  private ComputeFlow(FlowPlan<E> plan, RecordFormat format, Scope scope) {
    this.plan = plan;
    this.format = format;
    this.scope = scope;
  }

  /** Computes a flow over records of a format, in every window there is. */
  public static <E> ComputeFlow<E> of(FlowPlan<E> plan, RecordFormat format) {
    return new ComputeFlow<>(plan, format, Scope.EVERYTHING);
  }

  /** The same in some windows only; the events of others are counted as outside, and no more. */
  public ComputeFlow<E> within(Scope windows) {
    return new ComputeFlow<>(plan, format, windows);
  }

  @Override
  public FlowOutputs expand(PCollection<Block> blocks) {
    ShardSumsCoder sums =
        new ShardSumsCoder(
            new RowCoder(plan.table().key()), new PartialCoder(plan.aggregation().layout()));
    PCollectionTuple folded =
        blocks.apply(
            "DecodeAndFold",
            ParDo.of(new FoldBlocksFn<>(plan, format, scope, FOLDED))
                .withOutputTags(
                    FOLDED,
                    TupleTagList.of(
                        List.of(
                            FlowOutputs.DEAD_LETTERS,
                            FlowOutputs.LATE_RECORDS,
                            FlowOutputs.ORIGIN_COUNTS,
                            FlowOutputs.WINDOW_COUNTS))));
    PCollection<Result> results =
        folded
            .get(FOLDED)
            .setCoder(KvCoder.of(VarIntCoder.of(), sums))
            .apply("Window", plan.windowing().into())
            .apply(
                "SumByShard", Combine.perKey(new SumFn<>(ShardSums.NOTHING, ShardSums::plus, sums)))
            .apply("ToResults", ParDo.of(new ToResultFn<>(plan.aggregation())))
            .setCoder(new ResultCoder(plan.table()));
    PCollection<KV<String, OriginCounts>> originCounts =
        folded
            .get(FlowOutputs.ORIGIN_COUNTS)
            .setCoder(KvCoder.of(StringUtf8Coder.of(), new OriginCountsCoder()))
            .apply("AllTime", plan.windowing().intoAllTime())
            .apply(
                "SumByOrigin",
                Combine.perKey(
                    new SumFn<>(
                        OriginCounts.NOTHING, OriginCounts::plus, new OriginCountsCoder())));
    PCollection<KV<Long, WindowCounts>> windowCounts =
        folded
            .get(FlowOutputs.WINDOW_COUNTS)
            .setCoder(KvCoder.of(VarLongCoder.of(), new WindowCountsCoder()))
            .apply("WindowCounts", plan.windowing().into())
            .apply(
                "SumByWindow",
                Combine.perKey(
                    new SumFn<>(
                        WindowCounts.NOTHING, WindowCounts::plus, new WindowCountsCoder())));
    return new FlowOutputs(
        results,
        folded.get(FlowOutputs.DEAD_LETTERS).setCoder(DeadLetterCoder.of()),
        folded.get(FlowOutputs.LATE_RECORDS).setCoder(new LateRecordCoder()),
        originCounts,
        windowCounts);
  }
}

package dev.crossfade.runners.bench.parts;

import dev.crossfade.io.jdbc.Database;
import dev.crossfade.io.jdbc.RunTarget;
import dev.crossfade.io.jdbc.WriteToStore;
import dev.crossfade.runners.bench.BenchOrder;
import dev.crossfade.runners.bench.BenchOrders;
import dev.crossfade.transforms.FlowContext;
import dev.crossfade.transforms.graph.ComputeFlow;
import dev.crossfade.transforms.graph.FlowOutputs;
import dev.crossfade.transforms.graph.FlowPlan;
import dev.crossfade.transforms.records.BlockCoder;
import dev.crossfade.transforms.records.RecordFormat;
import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.Result;
import dev.crossfade.transforms.results.TypedRow;
import dev.crossfade.transforms.windows.WindowShape;
import dev.crossfade.transforms.windows.Windowing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.runners.TransformHierarchy;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;

/**
 * The graph of the benchmark's flow, which is built and never run: parts that are no one's to call
 * are found in it, as a runner finds them.
 */
final class OrdersGraph {
  private static final EventWindow MINUTE =
      new EventWindow(Instant.parse("2001-01-05T00:00:00Z"), Instant.parse("2001-01-05T00:01:00Z"));

  private final FlowPlan<BenchOrder> plan =
      FlowPlan.of(
          new BenchOrders(),
          FlowContext.empty(),
          Orders.TIMES,
          new Windowing(
              new WindowShape.Fixed(Duration.ofMinutes(1)),
              Duration.ofSeconds(30),
              Duration.ZERO,
              Duration.ofSeconds(1)));
  private final Pipeline pipeline = Pipeline.create();
  private final FlowOutputs outputs =
      pipeline
          .apply(Create.empty(BlockCoder.of()))
          .apply(ComputeFlow.of(plan, new RecordFormat.Json()));

  FlowPlan<BenchOrder> plan() {
    return plan;
  }

  /** A result of a shop in a minute, of so many events. */
  Result result(String shop, long folded) {
    return new Result(
        TypedRow.of(plan.table().key(), shop),
        MINUTE,
        TypedRow.of(plan.table().values(), folded, 100 * folded),
        folded,
        0,
        List.of(),
        false);
  }

  /** What results are coded by between two steps. */
  Coder<Result> resultCoder() {
    return outputs.results().getCoder();
  }

  /** The step that upserts results of a run's first attempt into the store's table of the flow. */
  DoFn<Result, EventWindow> upsert(Database store, String lane, long run) {
    Pipeline.applyTransform(
        outputs,
        WriteToStore.of(
            store,
            plan,
            new RunTarget(lane, run, 1, false, "logic", Duration.ofSeconds(1)),
            Optional.empty()));
    List<DoFn<?, ?>> found = new ArrayList<>();
    pipeline.traverseTopologically(
        new Pipeline.PipelineVisitor.Defaults() {
          @Override
          public void visitPrimitiveTransform(TransformHierarchy.Node node) {
            if (node.getFullName().contains("KeepResults")
                && node.getTransform() instanceof ParDo.MultiOutput<?, ?> step) {
              found.add(step.getFn());
            }
          }
        });
    Orders.check("the steps that keep results", 1, found.size());
    @SuppressWarnings("unchecked") // It takes the results, and gives the windows written to.
    DoFn<Result, EventWindow> upsert = (DoFn<Result, EventWindow>) found.get(0);
    return upsert;
  }
}

package dev.crossfade.runners.bench.parts;

import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.Result;
import java.util.List;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.reflect.DoFnInvoker;
import org.apache.beam.sdk.transforms.reflect.DoFnInvokers;
import org.apache.beam.sdk.transforms.windowing.BoundedWindow;
import org.apache.beam.sdk.values.TupleTag;
import org.joda.time.Instant;

/** Gives results to a step in bundles, as a runner does, and counts the windows it gives. */
final class Bundle implements AutoCloseable {
  private final DoFnInvoker<Result, EventWindow> step;
  private final Arguments arguments = new Arguments();
  private final DoFn<Result, EventWindow>.FinishBundleContext end;
  private long windows;

  Bundle(DoFn<Result, EventWindow> step) {
    this.step = DoFnInvokers.invokerFor(step);
    this.end =
        step.new FinishBundleContext() {
          private final PipelineOptions options = PipelineOptionsFactory.create();

          @Override
          public PipelineOptions getPipelineOptions() {
            return options;
          }

          @Override
          public void output(EventWindow output, Instant timestamp, BoundedWindow window) {
            windows++;
          }

          @Override
          public <T> void output(
              TupleTag<T> tag, T output, Instant timestamp, BoundedWindow window) {
            throw new UnsupportedOperationException("the step has one output");
          }
        };
  }

  /** Processes results in one bundle, to its end. */
  void process(List<Result> results) {
    step.invokeStartBundle(arguments);
    for (Result result : results) {
      arguments.element = result;
      step.invokeProcessElement(arguments);
    }
    step.invokeFinishBundle(arguments);
  }

  /** How many windows the step has given so far. */
  long windows() {
    return windows;
  }

  @Override
  public void close() {
    step.invokeTeardown();
  }

  /** What the step's methods ask for. */
  private final class Arguments extends DoFnInvoker.BaseArgumentProvider<Result, EventWindow> {
    private Result element;

    @Override
    public String getErrorContext() {
      return "benchmark";
    }

    @Override
    public Result element(DoFn<Result, EventWindow> doFn) {
      return element;
    }

    @Override
    public DoFn<Result, EventWindow>.FinishBundleContext finishBundleContext(
        DoFn<Result, EventWindow> doFn) {
      return end;
    }
  }
}

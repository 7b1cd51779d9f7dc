package dev.crossfade.launcher.fingerprints;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.CannotProvideCoderException;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.runners.TransformHierarchy;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.reflect.DoFnSignature;
import org.apache.beam.sdk.transforms.reflect.DoFnSignatures;
import org.apache.beam.sdk.transforms.windowing.WindowFn;
import org.apache.beam.sdk.util.ReleaseInfo;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PValue;
import org.apache.beam.sdk.values.WindowingStrategy;

/**
 * What decides whether a graph can go on from the state that another one left: the names of its
 * steps, what they keep and how it is written, the windows, and Beam's version. What a step
 * computes does not belong to it.
 *
 * @param hash equal if and only if the description is
 * @param description one line for each thing that state depends on
 */
public record StateFingerprint(String hash, String description) {
  /** The fingerprint of a description that was kept. */
  public static StateFingerprint ofDescription(String description) {
    return new StateFingerprint(Checksum.of(description), description);
  }

  /** The fingerprint of a pipeline that was built and not given to a runner yet. */
  public static StateFingerprint of(Pipeline pipeline) {
    List<String> lines = new ArrayList<>();
    lines.add("Beam " + ReleaseInfo.getReleaseInfo().getVersion());
    pipeline.traverseTopologically(new Describer(pipeline, lines));
    return ofDescription(String.join("\n", lines));
  }

  /**
   * How another graph differs from this one: the lines that only one of them has, those of this one
   * with a minus before them and those of the other with a plus.
   */
  public List<String> differenceTo(StateFingerprint other) {
    List<String> mine = List.of(description.split("\n"));
    List<String> theirs = List.of(other.description.split("\n"));
    List<String> difference = new ArrayList<>();
    mine.stream()
        .filter(line -> !theirs.contains(line))
        .map(line -> "- " + line)
        .forEach(difference::add);
    theirs.stream()
        .filter(line -> !mine.contains(line))
        .map(line -> "+ " + line)
        .forEach(difference::add);
    return difference;
  }

  private static final class Describer extends Pipeline.PipelineVisitor.Defaults {
    private final Pipeline pipeline;
    private final List<String> lines;

    Describer(Pipeline pipeline, List<String> lines) {
      this.pipeline = pipeline;
      this.lines = lines;
    }

    @Override
    public CompositeBehavior enterCompositeTransform(TransformHierarchy.Node node) {
      if (node.getTransform() instanceof Combine.PerKey<?, ?, ?> combine) {
        lines.add(node.getFullName() + " keeps " + accumulatorOf(combine, node));
      }
      return CompositeBehavior.ENTER_TRANSFORM;
    }

    private <K, InT> String accumulatorOf(
        Combine.PerKey<K, InT, ?> combine, TransformHierarchy.Node node) {
      PCollection<?> input = (PCollection<?>) node.getInputs().values().iterator().next();
      if (combine.getFn() instanceof Combine.CombineFn<?, ?, ?> fn
          && input.getCoder() instanceof KvCoder<?, ?> coder) {
        return accumulatorOf(fn, coder.getValueCoder());
      }
      return combine.getFn().getClass().getName();
    }

    @SuppressWarnings("unchecked") // The coder of the values that the function is given.
    private <InT> String accumulatorOf(Combine.CombineFn<InT, ?, ?> fn, Coder<?> values) {
      try {
        return fn.getAccumulatorCoder(pipeline.getCoderRegistry(), (Coder<InT>) values).toString();
      } catch (CannotProvideCoderException e) {
        throw new IllegalStateException("the graph has no coder for " + fn, e);
      }
    }

    @Override
    public void visitPrimitiveTransform(TransformHierarchy.Node node) {
      PTransform<?, ?> transform = node.getTransform();
      lines.add(node.getFullName() + " is " + transform.getClass().getSimpleName());
      if (transform instanceof ParDo.MultiOutput<?, ?> parDo) {
        DoFn<?, ?> fn = parDo.getFn();
        DoFnSignature signature = DoFnSignatures.signatureForDoFn(fn);
        signature
            .stateDeclarations()
            .forEach(
                (id, state) ->
                    lines.add(node.getFullName() + " keeps state " + id + " " + state.stateType()));
        signature
            .timerDeclarations()
            .keySet()
            .forEach(id -> lines.add(node.getFullName() + " keeps timer " + id));
      } else if (transform instanceof Read.Unbounded<?> read) {
        lines.add(node.getFullName() + " keeps " + read.getSource().getCheckpointMarkCoder());
      }
    }

    @Override
    public void visitValue(PValue value, TransformHierarchy.Node producer) {
      if (value instanceof PCollection<?> collection) {
        lines.add(
            collection.getName()
                + " holds "
                + collection.getCoder()
                + " in "
                + describe(collection.getWindowingStrategy()));
      }
    }

    /** By what it shows of itself: not every one of them has a text that is the same tomorrow. */
    private static String describe(WindowFn<?, ?> windows) {
      Map<String, Object> shown = new TreeMap<>();
      DisplayData.from(windows)
          .items()
          .forEach(item -> shown.put(item.getKey(), String.valueOf(item.getValue())));
      return windows.getClass().getSimpleName() + shown;
    }

    private static String describe(WindowingStrategy<?, ?> windows) {
      return describe(windows.getWindowFn())
          + ", "
          + windows.getTrigger()
          + ", lateness "
          + windows.getAllowedLateness()
          + ", "
          + windows.getMode()
          + ", "
          + windows.getTimestampCombiner()
          + ", "
          + windows.getOnTimeBehavior()
          + ", "
          + windows.getClosingBehavior();
    }
  }
}

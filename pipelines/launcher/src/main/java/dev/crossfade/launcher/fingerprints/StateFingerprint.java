package dev.crossfade.launcher.fingerprints;

import java.io.ObjectStreamClass;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.CannotProvideCoderException;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.runners.TransformHierarchy;
import org.apache.beam.sdk.state.StateSpec;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.transforms.reflect.DoFnInvokers;
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
    /** How an object without a text of its own ends; another one in every process. */
    private static final Pattern HASH_OF_OBJECT = Pattern.compile("@[0-9a-f]+\\b");

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
      } else if (node.getTransform() instanceof Read.Unbounded<?> read) {
        // A composite, although a runner may run it as one step.
        lines.add(
            node.getFullName()
                + " keeps marks by "
                + describe(read.getSource().getCheckpointMarkCoder()));
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
        return describe(fn.getAccumulatorCoder(pipeline.getCoderRegistry(), (Coder<InT>) values));
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
                    lines.add(
                        node.getFullName()
                            + " keeps state "
                            + id
                            + " "
                            + state.stateType()
                            + coders(DoFnSignatures.getStateSpecOrThrow(state, fn))));
        signature
            .timerDeclarations()
            .keySet()
            .forEach(id -> lines.add(node.getFullName() + " keeps timer " + id));
        if (signature.processElement().isSplittable()) {
          lines.add(node.getFullName() + " keeps restrictions by " + describe(restrictions(fn)));
        }
      }
    }

    private <InT, OutT> Coder<?> restrictions(DoFn<InT, OutT> fn) {
      return DoFnInvokers.invokerFor(fn).invokeGetRestrictionCoder(pipeline.getCoderRegistry());
    }

    /** The coders of a state; nothing for those that follow from its type. */
    private static String coders(StateSpec<?> state) {
      return state.match(
          new StateSpec.Cases<>() {
            @Override
            public String dispatchValue(Coder<?> value) {
              return by(value);
            }

            @Override
            public String dispatchBag(Coder<?> element) {
              return by(element);
            }

            @Override
            public String dispatchOrderedList(Coder<?> element) {
              return by(element);
            }

            @Override
            public String dispatchCombining(Combine.CombineFn<?, ?, ?> fn, Coder<?> accumulator) {
              return by(accumulator);
            }

            @Override
            public String dispatchMap(Coder<?> key, Coder<?> value) {
              return by(key) + by(value);
            }

            @Override
            public String dispatchSet(Coder<?> element) {
              return by(element);
            }

            @Override
            public String dispatchMultimap(Coder<?> key, Coder<?> value) {
              return by(key) + by(value);
            }
          });
    }

    private static String by(Coder<?> coder) {
      return coder == null ? "" : " by " + describe(coder);
    }

    /** By a text that is the same tomorrow, which not every coder has. */
    private static String describe(Coder<?> coder) {
      if (coder instanceof SerializableCoder<?> serializable) {
        Class<?> type = serializable.getRecordType();
        return coder + Arrays.toString(ObjectStreamClass.lookup(type).getFields());
      }
      return HASH_OF_OBJECT.matcher(coder.toString()).replaceAll("");
    }

    @Override
    public void visitValue(PValue value, TransformHierarchy.Node producer) {
      if (value instanceof PCollection<?> collection) {
        lines.add(
            collection.getName()
                + " holds "
                + describe(collection.getCoder())
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

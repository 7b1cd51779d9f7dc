package dev.crossfade.launcher.lanes;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import dev.crossfade.io.jdbc.RunTarget;
import dev.crossfade.launcher.settings.Settings;
import dev.crossfade.transforms.windows.Scope;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.Read;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.runners.TransformHierarchy;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PValue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * No password is part of a pipeline, nor shows where it shows itself: runners serialize steps and
 * sources, print options and transforms, and show display data in their user interfaces.
 */
class SecretsTest {
  private static final Path SETTINGS = Path.of("src/test/resources/flows/payments.yaml");
  private static final String SECRET = "hunter2";

  @ParameterizedTest
  @CsvSource({
    "BATCH, sink.type=postgres, sink.type=postgres",
    "STREAM, sink.type=postgres, sink.type=postgres",
    "BATCH, sink.type=kafka, sink.properties.sasl.jaas.config=x required password='hunter2';",
    "STREAM, sink.type=kafka, sink.properties.ssl.keystore.password=hunter2"
  })
  void noSecretShowsInAPipeline(Lane lane, String sink, String more) throws Exception {
    List<String> overrides = new ArrayList<>(List.of(sink, more));
    if (sink.endsWith("kafka")) {
      overrides.add("sink.bootstrapServers=localhost:1");
      overrides.add("sink.topic=results");
    }
    PlannedFlow flow =
        PlannedFlow.of(
            Settings.load(SETTINGS, overrides, Map.of()),
            new FlowCatalog(List.of(new PaymentsFlow())));
    PipelineOptions options = RunnerOptions.parse(List.of());
    Connections connections = Connections.of(flow.settings());
    Pipeline pipeline =
        new LaneGraph(
                flow,
                connections,
                lane == Lane.BATCH ? Input.BATCH : Input.STREAM,
                new RunTarget(lane.laneName(), 1, 1, false, "logic", Duration.ZERO),
                Scope.EVERYTHING,
                List.of(),
                List.of(),
                Optional.empty())
            .build(options);

    List<String> shown = shown(pipeline);
    assertThat(shown.size() > 20, is(true));
    assertThat(String.join("\n", shown), not(containsString(SECRET)));
    assertThat(options.toString(), not(containsString(SECRET)));
    List<String> serialized = serialized(pipeline);
    assertThat("steps", serialized.size() > 10, is(true));
    assertThat(String.join("\n", serialized), not(containsString(SECRET)));
    assertThat(
        "where its credentials are to be found",
        String.join("\n", serialized),
        containsString("password"));
    connections.close();
    assertThat(flow.toString(), not(containsString(SECRET)));
  }

  /** The steps and sources of a pipeline, serialized and not compressed. */
  private static List<String> serialized(Pipeline pipeline) {
    List<String> serialized = new ArrayList<>();
    pipeline.traverseTopologically(
        new Pipeline.PipelineVisitor.Defaults() {
          @Override
          public CompositeBehavior enterCompositeTransform(TransformHierarchy.Node node) {
            keep(node);
            return CompositeBehavior.ENTER_TRANSFORM;
          }

          @Override
          public void visitPrimitiveTransform(TransformHierarchy.Node node) {
            keep(node);
          }

          private void keep(TransformHierarchy.Node node) {
            if (node.getTransform() instanceof ParDo.MultiOutput<?, ?> step) {
              serialized.add(serialized(step.getFn()));
            } else if (node.getTransform() instanceof Read.Unbounded<?> read) {
              serialized.add(serialized(read.getSource()));
            }
          }
        });
    return serialized;
  }

  private static String serialized(Serializable object) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(object);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toString(StandardCharsets.ISO_8859_1);
  }

  /** All that the transforms of a pipeline say of themselves. */
  private static List<String> shown(Pipeline pipeline) {
    List<String> shown = new ArrayList<>();
    pipeline.traverseTopologically(
        new Pipeline.PipelineVisitor.Defaults() {
          @Override
          public CompositeBehavior enterCompositeTransform(TransformHierarchy.Node node) {
            show(node);
            return CompositeBehavior.ENTER_TRANSFORM;
          }

          @Override
          public void visitPrimitiveTransform(TransformHierarchy.Node node) {
            show(node);
          }

          @Override
          public void visitValue(PValue value, TransformHierarchy.Node producer) {
            shown.add(value.toString());
          }

          private void show(TransformHierarchy.Node node) {
            shown.add(node.getFullName());
            if (node.getTransform() != null) {
              shown.add(node.getTransform().toString());
              DisplayData.from(node.getTransform()).items().forEach(i -> shown.add(i.toString()));
            }
          }
        });
    return shown;
  }
}

package dev.crossfade.launcher.lanes;

import dev.crossfade.io.files.FileSelection;
import dev.crossfade.io.kafka.KafkaTopic;
import dev.crossfade.io.kafka.TopicCheck;
import dev.crossfade.io.kafka.WriteToTopic;
import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.exit.VerbException;
import dev.crossfade.launcher.settings.BatchSource;
import dev.crossfade.launcher.settings.Sink;
import java.util.List;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * Looks whether what a run needs is there, before a runner is started: what is missing then is one
 * line, and not the end of a stack trace out of a worker.
 */
final class Preflight {
  private Preflight() {}

  static void of(PlannedFlow flow, Connections connections, Input input, PipelineOptions options) {
    if (input != Input.BATCH) {
      require(connections.stream(), List.of(""));
    } else if (flow.settings().sources().batch().orElseThrow() instanceof BatchSource.Files files) {
      FileSystems.setDefaultPipelineOptions(options);
      FileSelection unused = InputRanges.choose(files);
    }
    if (flow.settings().sink() instanceof Sink.Kafka sink) {
      require(
          connections.sink(sink),
          List.of("", WriteToTopic.DEAD_LETTERS, WriteToTopic.LATE_RECORDS));
    }
  }

  private static void require(KafkaTopic topic, List<String> suffixes) {
    List<String> names = suffixes.stream().map(suffix -> topic.name() + suffix).toList();
    TopicCheck.whatIsWrong(topic, names)
        .ifPresent(
            message -> {
              throw new VerbException(ExitCode.UNAVAILABLE, message);
            });
  }
}

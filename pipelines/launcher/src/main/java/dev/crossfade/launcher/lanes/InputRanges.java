package dev.crossfade.launcher.lanes;

import dev.crossfade.io.files.FileInputs;
import dev.crossfade.io.jdbc.Database;
import dev.crossfade.io.jdbc.TableInputs;
import dev.crossfade.io.kafka.PartitionRange;
import dev.crossfade.io.kafka.TopicRanges;
import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.exit.VerbException;
import dev.crossfade.launcher.settings.BatchSource;
import dev.crossfade.launcher.settings.KafkaStreamSource;
import dev.crossfade.launcher.settings.Settings;
import dev.crossfade.migration.InputRange;
import dev.crossfade.transforms.records.SourceRange;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;

/**
 * What there is to read, by the word of who keeps it. It is asked before a run begins, and apart
 * from the graph, which has to account for it.
 *
 * @param ledger what is entered in the ledger
 * @param partitions the ranges of the topic; empty if the input is no topic
 */
record InputRanges(List<InputRange> ledger, List<PartitionRange> partitions) {
  static InputRanges of(Settings settings, Input input) {
    return input == Input.BATCH
        ? new InputRanges(bounded(ofBatch(settings)), List.of())
        : ofTopic(settings.sources().stream().orElseThrow(), input);
  }

  private static List<InputRange> bounded(List<SourceRange> sources) {
    return sources.stream()
        .map(
            source ->
                new InputRange(
                    source.source(),
                    source.identity(),
                    source.first(),
                    OptionalLong.of(source.end())))
        .toList();
  }

  private static List<SourceRange> ofBatch(Settings settings) {
    BatchSource batch = settings.sources().batch().orElseThrow();
    try {
      if (batch instanceof BatchSource.Files files) {
        return FileInputs.matching(files.path().value(), files.format());
      }
      BatchSource.Jdbc jdbc = (BatchSource.Jdbc) batch;
      return TableInputs.of(
          new Database(jdbc.url().value(), jdbc.user(), jdbc.password().reveal()),
          jdbc.table(),
          jdbc.partitionColumn());
    } catch (IOException | SQLException e) {
      throw new VerbException(
          ExitCode.UNAVAILABLE, "cannot tell what sources.batch holds: " + e.getMessage(), e);
    }
  }

  private static InputRanges ofTopic(KafkaStreamSource kafka, Input input) {
    try {
      TopicRanges ranges = TopicRanges.of(LaneGraph.topic(kafka));
      List<InputRange> ledger =
          input == Input.RETAINED
              ? bounded(ranges.sources(kafka.topic()))
              : ranges.sources(kafka.topic()).stream()
                  .map(
                      source ->
                          new InputRange(
                              source.source(),
                              source.identity(),
                              source.first(),
                              OptionalLong.empty()))
                  .toList();
      return new InputRanges(ledger, ranges.partitions());
    } catch (ExecutionException e) {
      throw new VerbException(
          ExitCode.UNAVAILABLE,
          "cannot tell what the topic " + kafka.topic() + " holds: " + e.getCause().getMessage(),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new VerbException(ExitCode.INTERRUPTED, "interrupted while asking the broker", e);
    }
  }
}

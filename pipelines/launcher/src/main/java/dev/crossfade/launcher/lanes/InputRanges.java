package dev.crossfade.launcher.lanes;

import dev.crossfade.io.files.FileInputs;
import dev.crossfade.io.jdbc.TableInputs;
import dev.crossfade.io.kafka.KafkaTopic;
import dev.crossfade.io.kafka.PartitionRange;
import dev.crossfade.io.kafka.TopicRanges;
import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.exit.VerbException;
import dev.crossfade.launcher.settings.BatchSource;
import dev.crossfade.launcher.settings.Settings;
import dev.crossfade.migration.InputRange;
import dev.crossfade.transforms.records.SourceRange;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * What there is to read, by the word of who keeps it, and apart from the graph, which has to
 * account for it. A topic and a table are asked before a run begins; the lines of files, which stay
 * as they are, are counted while it runs.
 */
final class InputRanges {
  private final CompletableFuture<List<InputRange>> ledger;
  private final List<PartitionRange> partitions;

  private InputRanges(CompletableFuture<List<InputRange>> ledger, List<PartitionRange> partitions) {
    this.ledger = ledger;
    this.partitions = partitions;
  }

  static InputRanges of(Settings settings, Connections connections, Input input) {
    if (input != Input.BATCH) {
      return ofTopic(connections.stream(), input);
    }
    BatchSource batch = settings.sources().batch().orElseThrow();
    return new InputRanges(
        batch instanceof BatchSource.Files
            ? CompletableFuture.supplyAsync(() -> bounded(ofBatch(batch, connections)))
            : CompletableFuture.completedFuture(bounded(ofBatch(batch, connections))),
        List.of());
  }

  /**
   * What is entered in the ledger; waits until it is known.
   *
   * @throws VerbException if nobody can tell
   */
  List<InputRange> ledger() {
    try {
      return ledger.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof VerbException why) {
        throw why;
      }
      throw e;
    }
  }

  /** The ranges of the topic; empty if the input is no topic. */
  List<PartitionRange> partitions() {
    return partitions;
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

  private static List<SourceRange> ofBatch(BatchSource batch, Connections connections) {
    try {
      if (batch instanceof BatchSource.Files files) {
        return FileInputs.matching(files.path().value(), files.format());
      }
      BatchSource.Jdbc jdbc = (BatchSource.Jdbc) batch;
      return TableInputs.of(connections.batch(jdbc), jdbc.table(), jdbc.partitionColumn());
    } catch (IOException | SQLException e) {
      throw new VerbException(
          ExitCode.UNAVAILABLE, "cannot tell what sources.batch holds: " + e.getMessage(), e);
    }
  }

  private static InputRanges ofTopic(KafkaTopic topic, Input input) {
    try {
      TopicRanges ranges = TopicRanges.of(topic);
      List<InputRange> ledger =
          input == Input.RETAINED
              ? bounded(ranges.sources(topic.name()))
              : ranges.sources(topic.name()).stream()
                  .map(
                      source ->
                          new InputRange(
                              source.source(),
                              source.identity(),
                              source.first(),
                              OptionalLong.empty()))
                  .toList();
      return new InputRanges(CompletableFuture.completedFuture(ledger), ranges.partitions());
    } catch (ExecutionException e) {
      throw new VerbException(
          ExitCode.UNAVAILABLE,
          "cannot tell what the topic " + topic.name() + " holds: " + e.getCause().getMessage(),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new VerbException(ExitCode.INTERRUPTED, "interrupted while asking the broker", e);
    }
  }
}

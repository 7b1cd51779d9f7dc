package dev.crossfade.launcher.lanes;

import dev.crossfade.io.files.FileInputs;
import dev.crossfade.io.files.FileSelection;
import dev.crossfade.io.files.InputFile;
import dev.crossfade.io.jdbc.TableSnapshot;
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
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What there is to read, as the source system says, and apart from the graph, which has to account
 * for it. A topic and a table are asked before a run begins; the lines of files, which stay as they
 * are, are counted while it runs. The instant at which a table is read is held until this is
 * closed.
 */
final class InputRanges implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(InputRanges.class);

  private final CompletableFuture<List<InputRange>> ledger;
  private final List<PartitionRange> partitions;
  private final Optional<FileSelection> files;
  private final CompletableFuture<List<String>> damaged;
  private final Optional<TableSnapshot> table;

  private InputRanges(
      CompletableFuture<List<InputRange>> ledger,
      List<PartitionRange> partitions,
      Optional<TableSnapshot> table) {
    this(ledger, partitions, Optional.empty(), CompletableFuture.completedFuture(List.of()), table);
  }

  private InputRanges(
      CompletableFuture<List<InputRange>> ledger,
      List<PartitionRange> partitions,
      Optional<FileSelection> files,
      CompletableFuture<List<String>> damaged,
      Optional<TableSnapshot> table) {
    this.table = table;
    this.ledger = ledger;
    this.partitions = partitions;
    this.files = files;
    this.damaged = damaged;
  }

  static InputRanges of(Settings settings, Connections connections, Input input) {
    if (input != Input.BATCH) {
      return ofTopic(connections.stream(), input);
    }
    BatchSource batch = settings.sources().batch().orElseThrow();
    if (batch instanceof BatchSource.Files files) {
      return ofFiles(files);
    }
    TableSnapshot table = ofTable(connections, (BatchSource.Jdbc) batch);
    return new InputRanges(
        CompletableFuture.completedFuture(bounded(List.of(table.range()))),
        List.of(),
        Optional.of(table));
  }

  private static InputRanges ofFiles(BatchSource.Files files) {
    FileSelection selection = choose(files);
    CompletableFuture<List<FileInputs.Counted>> counted =
        CompletableFuture.supplyAsync(() -> count(selection, files));
    return new InputRanges(
        counted.thenApply(all -> bounded(all.stream().map(FileInputs.Counted::lines).toList())),
        List.of(),
        Optional.of(selection),
        counted.thenApply(InputRanges::damages),
        Optional.empty());
  }

  /**
   * Chooses the files of a source.
   *
   * @throws VerbException if there is none, or one cannot be read
   */
  static FileSelection choose(BatchSource.Files files) {
    try {
      return FileSelection.of(files.path().value());
    } catch (IOException e) {
      throw new VerbException(ExitCode.UNAVAILABLE, "sources.batch.path: " + e.getMessage(), e);
    }
  }

  private static List<String> damages(List<FileInputs.Counted> all) {
    return all.stream()
        .flatMap(file -> file.damage().map(damage -> file.lines().source() + " " + damage).stream())
        .toList();
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

  /** The files to read; empty if the input is something else. */
  List<InputFile> files() {
    return files.map(FileSelection::files).orElse(List.of());
  }

  /** What became of the files, once they were counted; empty if the input is something else. */
  Optional<FilesRead> filesRead() {
    return files.map(
        selection ->
            new FilesRead(
                selection.files().stream().map(InputFile::path).toList(),
                selection.leftOut(),
                damaged.join()));
  }

  /** The ranges of the topic; empty if the input is no topic. */
  List<PartitionRange> partitions() {
    return partitions;
  }

  /** The table that is read, as it is at one instant; empty if the input is no table. */
  Optional<TableSnapshot> table() {
    return table;
  }

  /**
   * Makes sure that the input was there to the end.
   *
   * @throws VerbException if the instant at which the table is read was lost
   */
  void requireHeld() {
    table
        .flatMap(TableSnapshot::loss)
        .ifPresent(
            loss -> {
              throw new VerbException(
                  ExitCode.FAILED, loss + "; the lane is as it was, run it again");
            });
  }

  @Override
  public void close() {
    table.ifPresent(
        snapshot -> {
          try {
            snapshot.close();
          } catch (SQLException e) {
            // It was for reading only, and what was read is there.
            LOG.debug("a connection to {} does not close", snapshot.table().database(), e);
          }
        });
  }

  private static List<InputRange> bounded(List<SourceRange> sources) {
    return sources.stream()
        .map(
            source ->
                new InputRange(
                    source.source(),
                    source.identity(),
                    source.first(),
                    OptionalLong.of(source.end()),
                    source.counted()))
        .toList();
  }

  private static List<FileInputs.Counted> count(FileSelection files, BatchSource.Files source) {
    try {
      return FileInputs.of(files.files(), source.format());
    } catch (IOException e) {
      throw unavailable(e);
    }
  }

  private static TableSnapshot ofTable(Connections connections, BatchSource.Jdbc jdbc) {
    try {
      return TableSnapshot.take(connections.table(jdbc));
    } catch (SQLException e) {
      throw unavailable(e);
    } catch (IllegalArgumentException e) {
      throw new VerbException(ExitCode.USAGE, "sources.batch: " + e.getMessage(), e);
    }
  }

  private static VerbException unavailable(Exception e) {
    return new VerbException(
        ExitCode.UNAVAILABLE, "cannot tell what sources.batch holds: " + e.getMessage(), e);
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
      return new InputRanges(
          CompletableFuture.completedFuture(ledger), ranges.partitions(), Optional.empty());
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

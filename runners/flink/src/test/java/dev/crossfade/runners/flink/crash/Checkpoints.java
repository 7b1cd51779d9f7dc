package dev.crossfade.runners.flink.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Sees when a checkpoint completes, and which transaction of the database comes next then: what
 * later ones write is between a write and its checkpoint. It sees it a little late, so that it
 * counts too few of those rows and not too many.
 */
final class Checkpoints implements AutoCloseable {
  private static final int DEPTH = 6;
  private static final long PERIOD_MILLIS = 50;

  private final Path directory;
  private final Facts facts;
  private final Set<Path> seen = new HashSet<>();
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private volatile long transaction;

  Checkpoints(Path directory, Facts facts) throws SQLException {
    this.transaction = facts.nextTransaction();
    this.directory = directory;
    this.facts = facts;
    ScheduledFuture<?> unused =
        clock.scheduleWithFixedDelay(
            this::look, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
  }

  Path directory() {
    return directory;
  }

  /** Whether there is one to go on from with the newest run. */
  boolean any() throws IOException, SQLException {
    Path ofRun = Path.of("run-" + facts.newest());
    return complete().stream()
        .anyMatch(complete -> directory.relativize(complete).getName(1).equals(ofRun));
  }

  /** The transaction that came next when the newest one was seen, or at the begin of it all. */
  long transaction() {
    return transaction;
  }

  private void look() {
    try {
      Set<Path> now = complete();
      if (!seen.containsAll(now)) {
        transaction = facts.nextTransaction();
        seen.addAll(now);
      }
    } catch (SQLException e) {
      // The database is away, since it was killed; it is asked again.
      transaction = Long.MAX_VALUE;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Set<Path> complete() throws IOException {
    if (!Files.isDirectory(directory)) {
      return Set.of();
    }
    try (Stream<Path> files =
        Files.find(directory, DEPTH, (path, attributes) -> path.endsWith("_metadata"))) {
      return files.collect(Collectors.toSet());
    } catch (UncheckedIOException e) {
      // Flink deletes an old one while it is being listed.
      return Set.copyOf(seen);
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}

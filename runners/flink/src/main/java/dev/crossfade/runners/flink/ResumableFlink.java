package dev.crossfade.runners.flink;

import dev.crossfade.launcher.runners.ResumableJob;
import dev.crossfade.launcher.runners.ResumableRunner;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.jobgraph.SavepointConfigOptions;
import org.apache.flink.util.FileUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Streams on the FlinkRunner, embedded or on a cluster. */
public final class ResumableFlink implements ResumableRunner {
  private static final Logger LOG = LoggerFactory.getLogger(ResumableFlink.class);

  /** How much of a stream is read again after a kill, at most. */
  private static final long CHECKPOINT_INTERVAL_MILLIS = 10_000;

  /** How often the job is tried again from its last checkpoint before the run fails. */
  private static final int RETRIES = 3;

  private static final long RETRY_DELAY_MILLIS = 1_000;

  /** A savepoint waits until what is under way was written, and a store may be away for minutes. */
  private static final long STOP_MINUTES = 15;

  private static final int RETAINED = 3;

  /** More than what fits into a file system's own entries of a full disk. */
  private static final int PROBE_BYTES = 64 << 10;

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  /** Flink writes this file last. */
  private static final String COMPLETE = "_metadata";

  @Override
  public String name() {
    return "FlinkRunner";
  }

  @Override
  public ResumableJob prepare(PipelineOptions all, Path directory, Optional<String> from)
      throws IOException {
    FlinkPipelineOptions options = all.as(FlinkPipelineOptions.class);
    createForOwnerOnly(directory);
    if (options.getCheckpointingInterval() <= 0) {
      options.setCheckpointingInterval(CHECKPOINT_INTERVAL_MILLIS);
    }
    options.setExternalizedCheckpointsEnabled(true);
    options.setRetainExternalizedCheckpointsOnCancellation(true);
    // A store that is away makes checkpoints late. That is no reason to give the stream up.
    options.setFailOnCheckpointingErrors(false);
    // Else a checkpoint keeps aside what a bundle still gives, and the watermark can pass it: it
    // comes late, and the runner drops it.
    options.setFinishBundleBeforeCheckpointing(true);
    if (options.getNumberOfExecutionRetries() < 0) {
      options.setNumberOfExecutionRetries(RETRIES);
      options.setExecutionRetryDelay(RETRY_DELAY_MILLIS);
    }
    if (options.getStateBackend() == null) {
      options.setStateBackend("filesystem");
    }
    options.setStateBackendStoragePath(directory.toUri().toString());
    // On a cluster it is this option that counts, embedded it is the configuration.
    from.ifPresent(options::setSavepointPath);
    FlinkConfiguration flink = FlinkConfiguration.of(options);
    try {
      List<String> listeners =
          new ArrayList<>(
              flink.configuration().getOptional(DeploymentOptions.JOB_LISTENERS).orElse(List.of()));
      listeners.add(SubmittedJob.class.getName());
      flink.configuration().set(DeploymentOptions.JOB_LISTENERS, listeners);
      // A process that has lost its run may complete one more before it knows; the one that the
      // next
      // process has begun from has to be there all the same.
      if (!flink.configuration().contains(CheckpointingOptions.MAX_RETAINED_CHECKPOINTS)) {
        flink.configuration().set(CheckpointingOptions.MAX_RETAINED_CHECKPOINTS, RETAINED);
      }
      from.ifPresent(
          path -> flink.configuration().set(SavepointConfigOptions.SAVEPOINT_PATH, path));
      flink.use();
      return new Job(
          SubmittedJob.ofThisThread(),
          directory,
          Duration.ofMillis(options.getCheckpointingInterval()),
          flink);
    } catch (IOException | RuntimeException e) {
      try (flink) {
        throw e;
      }
    }
  }

  /**
   * A checkpoint holds records, and who could change one would have code of his run when it is
   * resumed. Flink gives its files the rights of the umask; nobody else gets as far as to them.
   */
  private static void createForOwnerOnly(Path directory) throws IOException {
    try {
      Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
      if (!Files.getPosixFilePermissions(directory).equals(OWNER_ONLY)) {
        Files.setPosixFilePermissions(directory, OWNER_ONLY);
      }
    } catch (UnsupportedOperationException e) {
      throw new IOException(
          "the file system of " + directory + " knows no directories for their owner only", e);
    }
  }

  @Override
  public Optional<String> newest(Path directory) throws IOException {
    return newestIn(directory);
  }

  private static Optional<String> newestIn(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return Optional.empty();
    }
    // directory/savepoint-…/_metadata and directory/JOB/chk-…/_metadata
    try (Stream<Path> files = Files.find(directory, 3, (path, is) -> path.endsWith(COMPLETE))) {
      return files
          .max(Comparator.comparing(ResumableFlink::writtenAt))
          .map(complete -> complete.getParent().toUri().toString());
    }
  }

  private static FileTime writtenAt(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (NoSuchFileException e) {
      // Flink has put a newer one in its place since it was listed.
      return FileTime.fromMillis(0);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private record Job(
      CompletableFuture<JobClient> submitted,
      Path directory,
      Duration checkpointInterval,
      FlinkConfiguration configuration)
      implements ResumableJob {
    /**
     * A stop whose savepoint cannot be written takes the job down with it, and one that has no
     * checkpoint yet begins anew. So one is written first that stops nothing; it fails and leaves
     * the job as it is.
     */
    @Override
    public String stop(boolean drain) throws IOException {
      requireWritable();
      String target = directory.toUri().toString();
      try {
        JobClient job = submitted.get(1, TimeUnit.MINUTES);
        String tried =
            job.triggerSavepoint(target, SavepointFormatType.CANONICAL)
                .get(STOP_MINUTES, TimeUnit.MINUTES);
        String savepoint =
            job.stopWithSavepoint(drain, target, SavepointFormatType.CANONICAL)
                .get(STOP_MINUTES, TimeUnit.MINUTES);
        deleteTried(Path.of(URI.create(tried)));
        return savepoint;
      } catch (ExecutionException e) {
        throw new IOException("the job does not stop: " + e.getCause(), e.getCause());
      } catch (TimeoutException e) {
        throw new IOException("the job has not stopped in time", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while the job was stopping", e);
      }
    }

    /** It takes room and is of no use; the stream has stopped all the same. */
    private static void deleteTried(Path savepoint) {
      try {
        FileUtils.deleteDirectory(savepoint.toFile());
      } catch (IOException e) {
        LOG.warn("a savepoint that nobody needs is left in {}", savepoint, e);
      }
    }

    @Override
    public Optional<String> newestCheckpoint() throws IOException {
      return newestIn(directory);
    }

    @Override
    public void requireWritable() throws IOException {
      Path probe = Files.createTempFile(directory, ".probe-", "");
      try {
        Files.write(probe, new byte[PROBE_BYTES]);
      } finally {
        Files.delete(probe);
      }
    }

    @Override
    public void cancel() throws IOException {
      try {
        submitted.get(1, TimeUnit.MINUTES).cancel().get(1, TimeUnit.MINUTES);
      } catch (ExecutionException e) {
        throw new IOException("the job is not cancelled: " + e.getCause(), e.getCause());
      } catch (TimeoutException e) {
        throw new IOException("the job was not cancelled in time", e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while the job was being cancelled", e);
      }
    }

    @Override
    public void close() throws IOException {
      configuration.close();
    }
  }
}

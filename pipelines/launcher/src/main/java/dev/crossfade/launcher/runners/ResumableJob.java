package dev.crossfade.launcher.runners;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** A stream that is under way, or about to be. */
public interface ResumableJob extends AutoCloseable {
  /**
   * Stops the stream at a savepoint, after which the pipeline ends as if its input had. May be
   * called by any thread. If no savepoint can be written the stream goes on as if nothing had been.
   *
   * @param drain whether open windows are closed first, as if no record came after those read. What
   *     is drained cannot be resumed
   * @return the savepoint
   * @throws IOException if the job is not under way or does not stop
   */
  String stop(boolean drain) throws IOException;

  /** How often the runner keeps a checkpoint. */
  Duration checkpointInterval();

  /**
   * The newest checkpoint that is complete; empty while there is none. May be called by any thread.
   *
   * @throws IOException if it cannot be looked for
   */
  Optional<String> newestCheckpoint() throws IOException;

  /**
   * Tries whether something can be written where the checkpoints are. May be called by any thread.
   *
   * @throws IOException that says why it cannot
   */
  void requireWritable() throws IOException;

  /**
   * Ends the stream at once, without a savepoint; the pipeline ends as cancelled. Its checkpoints
   * stay. May be called by any thread.
   *
   * @throws IOException if the job is not under way or does not end
   */
  void cancel() throws IOException;

  /** Gives up what {@link ResumableRunner#prepare} has made; the checkpoints stay. */
  @Override
  void close() throws IOException;
}

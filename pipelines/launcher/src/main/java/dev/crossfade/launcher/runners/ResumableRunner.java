package dev.crossfade.launcher.runners;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.ServiceLoader;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * A runner whose streams can be stopped, killed and resumed. Implementations are found with {@link
 * ServiceLoader}; the jar of a runner brings that of its own.
 */
public interface ResumableRunner {
  /** The simple name of the runner's class. */
  String name();

  /**
   * Sets a stream up to keep checkpoints, and to begin from one. To be called by the thread that
   * will run the pipeline, right before it does.
   *
   * @param options the options of the run, which are changed; what a person has chosen is kept
   * @param directory where the checkpoints of the run are kept, and nothing else
   * @param from what {@link #newest} gave, or nothing to begin anew
   */
  ResumableJob prepare(PipelineOptions options, Path directory, Optional<String> from)
      throws IOException;

  /**
   * The newest complete checkpoint or savepoint of a run; empty if there is none. One that was
   * being written when the process was killed is none.
   */
  Optional<String> newest(Path directory) throws IOException;

  /** The resumable runner of a name; empty if the runner's streams cannot be resumed. */
  static Optional<ResumableRunner> of(String runner) {
    for (ResumableRunner resumable : ServiceLoader.load(ResumableRunner.class)) {
      if (resumable.name().equals(runner)) {
        return Optional.of(resumable);
      }
    }
    return Optional.empty();
  }
}

package dev.crossfade.launcher.runners;

import java.io.IOException;
import java.util.ServiceLoader;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * A runner that can run a pipeline in this process, and opens sockets for it. Implementations are
 * found with {@link ServiceLoader}; the jar of a runner brings that of its own.
 */
public interface EmbeddedRunner {
  /** The simple name of the runner's class. */
  String name();

  /**
   * Sees to it that nobody else reaches what the runner opens in this process. Does nothing for a
   * pipeline that will run elsewhere.
   *
   * @param options the options of the run, which are changed until the result is closed
   * @throws IOException if what the runner needs for it cannot be written
   */
  Seclusion seclude(PipelineOptions options) throws IOException;

  /** What was done for a run, to be closed when the run is over. */
  interface Seclusion extends AutoCloseable {
    @Override
    void close() throws IOException;
  }

  /** Secludes a run on the runner of a name; nothing has to be done for one that is not listed. */
  static Seclusion seclude(String runner, PipelineOptions options) throws IOException {
    for (EmbeddedRunner embedded : ServiceLoader.load(EmbeddedRunner.class)) {
      if (embedded.name().equals(runner)) {
        return embedded.seclude(options);
      }
    }
    return () -> {};
  }
}

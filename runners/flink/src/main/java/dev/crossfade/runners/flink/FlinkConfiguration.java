package dev.crossfade.runners.flink;

import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.exit.VerbException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ConfigurationUtils;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.IllegalConfigurationException;

/**
 * Flink's configuration for one run: what a person has configured, and behind it, so that it
 * counts, what the run needs. Beam's runner takes a configuration from a directory only.
 */
final class FlinkConfiguration implements AutoCloseable {
  private final FlinkPipelineOptions options;
  private final String before;
  private final Path directory;
  private final Configuration configuration;

  private FlinkConfiguration(
      FlinkPipelineOptions options, Path directory, Configuration configuration) {
    this.options = options;
    this.before = options.getFlinkConfDir();
    this.directory = directory;
    this.configuration = configuration;
  }

  /**
   * That of a person: the directory that the options name, or the one that the environment names,
   * or none. The options stay as they are until it is used.
   *
   * @throws VerbException if there is no configuration where it should be
   */
  static FlinkConfiguration of(FlinkPipelineOptions options) throws IOException {
    String named = options.getFlinkConfDir();
    Configuration configuration;
    try {
      configuration =
          named == null || named.isEmpty()
              ? GlobalConfiguration.loadConfiguration()
              : GlobalConfiguration.loadConfiguration(named);
    } catch (IllegalConfigurationException e) {
      throw new VerbException(ExitCode.USAGE, "--flinkConfDir: " + e.getMessage(), e);
    }
    // The name of the directory counts when it is made, so it is asked for each time.
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    return new FlinkConfiguration(
        options, Files.createTempDirectory(temporary, "flink-conf-"), configuration);
  }

  /** What is configured so far, to be added to. */
  Configuration configuration() {
    return configuration;
  }

  /** A place for files that the configuration names; they are gone once this is closed. */
  Path file(String name) {
    return directory.resolve(name);
  }

  /** Makes the options name it. */
  void use() throws IOException {
    Files.write(
        directory.resolve(GlobalConfiguration.getFlinkConfFilename()),
        ConfigurationUtils.convertConfigToWritableLines(configuration, false));
    options.setFlinkConfDir(directory.toString());
  }

  /** Makes the options name what they named before, and deletes its files. */
  @Override
  public void close() throws IOException {
    options.setFlinkConfDir(before);
    List<Path> all = new ArrayList<>();
    File[] files = directory.toFile().listFiles();
    if (files != null) {
      for (File file : files) {
        all.add(file.toPath());
      }
    }
    all.add(directory);
    for (Path path : all) {
      Files.deleteIfExists(path);
    }
  }
}

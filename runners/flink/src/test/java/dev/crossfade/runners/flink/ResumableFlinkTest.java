package dev.crossfade.runners.flink;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import dev.crossfade.launcher.runners.ResumableJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.jobgraph.SavepointConfigOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResumableFlinkTest {
  private final ResumableFlink flink = new ResumableFlink();

  @TempDir private Path scratch;

  /** Each of them was found to lose something, or a stream, when it is not set. */
  @Test
  void aStreamIsNeverRunWithoutWhatItNeedsToLoseNothing() throws Exception {
    FlinkPipelineOptions options = options();
    prepared(options);
    assertThat("or events come late of it", options.getFinishBundleBeforeCheckpointing(), is(true));
    assertThat(
        "or there is nothing to go on from", options.getCheckpointingInterval(), is(10_000L));
    assertThat(options.isExternalizedCheckpointsEnabled(), is(true));
    assertThat(options.getRetainExternalizedCheckpointsOnCancellation(), is(true));
    assertThat(
        "or a store that is away ends it", options.getFailOnCheckpointingErrors(), is(false));
    assertThat("or it is tried for ever", options.getNumberOfExecutionRetries(), is(3));
  }

  @Test
  void whatAPersonHasChosenStays() throws Exception {
    FlinkPipelineOptions options = options();
    options.setCheckpointingInterval(500L);
    options.setNumberOfExecutionRetries(0);
    options.setStateBackend("rocksdb");
    prepared(options);
    assertThat(options.getCheckpointingInterval(), is(500L));
    assertThat(options.getNumberOfExecutionRetries(), is(0));
    assertThat(options.getStateBackend(), is("rocksdb"));
  }

  @Test
  void aConfigurationOfAPersonIsKeptAndItsCopyIsDeleted() throws Exception {
    Path own = Files.createDirectories(scratch.resolve("own"));
    Files.writeString(own.resolve("flink-conf.yaml"), "taskmanager.numberOfTaskSlots: 3");
    FlinkPipelineOptions options = options();
    options.setFlinkConfDir(own.toString());
    ResumableJob job = flink.prepare(options, scratch, Optional.of("file:/a/chk-7"));
    Path copy = Path.of(options.getFlinkConfDir());
    Configuration flink = GlobalConfiguration.loadConfiguration(copy.toString());
    assertThat(flink.get(TaskManagerOptions.NUM_TASK_SLOTS), is(3));
    assertThat(flink.get(SavepointConfigOptions.SAVEPOINT_PATH), is("file:/a/chk-7"));
    job.close();
    assertThat(Files.exists(copy), is(false));
    assertThat(Files.exists(own), is(true));
    assertThat(options.getFlinkConfDir(), is(own.toString()));
  }

  @Test
  void nobodyElseReachesCheckpoints() throws Exception {
    Path fresh = scratch.resolve("checkpoints/flights/run-1");
    flink.prepare(options(), fresh, Optional.empty()).close();
    for (Path path = fresh; !path.equals(scratch); path = path.getParent()) {
      assertThat(path.toString(), rights(path), is("rwx------"));
    }
    Path open = Files.createDirectories(scratch.resolve("old/run-1"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xrwx"));
    flink.prepare(options(), open, Optional.empty()).close();
    assertThat("one of an earlier version", rights(open), is("rwx------"));
  }

  private static String rights(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  /** A directory without this file is what a kill left of a checkpoint. */
  @Test
  void theNewestCheckpointThatIsCompleteIsTheOneToGoOnFrom() throws Exception {
    assertThat(flink.newest(scratch.resolve("none")), is(Optional.empty()));
    complete("job-1/chk-9", 1_000);
    String newest = complete("job-2/chk-1", 3_000);
    complete("savepoint-1", 2_000);
    Files.createDirectories(scratch.resolve("job-2/chk-2"));

    String found = flink.newest(scratch).orElseThrow();

    assertThat(found, containsString(newest));
    assertThat(found, not(containsString("chk-2")));
  }

  private String complete(String directory, long writtenAt) throws IOException {
    Path file = scratch.resolve(directory).resolve("_metadata");
    Files.createDirectories(file.getParent());
    Files.setLastModifiedTime(Files.createFile(file), FileTime.fromMillis(writtenAt));
    return directory;
  }

  private void prepared(FlinkPipelineOptions options) throws IOException {
    flink.prepare(options, scratch, Optional.empty()).close();
  }

  private static FlinkPipelineOptions options() {
    return PipelineOptionsFactory.as(FlinkPipelineOptions.class);
  }
}

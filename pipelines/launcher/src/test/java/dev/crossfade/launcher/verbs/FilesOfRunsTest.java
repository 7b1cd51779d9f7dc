package dev.crossfade.launcher.verbs;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import dev.crossfade.io.kafka.TopicEnd;
import dev.crossfade.launcher.testing.Call;
import dev.crossfade.launcher.testing.OpenSandbox;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What runs make of files that hold nothing, are damaged, hidden or of odd names. */
class FilesOfRunsTest {
  private static final Path SETTINGS = Path.of("src/test/resources/flows/takings.yaml");
  private static final String HEADER = "sold_at,shop,net,tax,total\n";
  private static final String ROWS =
      "SELECT count(*) FROM crossfade.takings WHERE lane = 'batch' AND NOT tombstone";
  private static final String TEXT =
      HEADER
          + "2001-03-05T09:10:00Z,north,100,19,119\n"
          + "2001-03-05T09:20:00Z,south,100,19,119\n"
          + "2001-03-05T10:20:00Z,south,100,19,119\n";

  private static Map<String, String> environment;

  @TempDir private Path directory;
  private Path settings;

  @BeforeAll
  static void createDatabase() throws Exception {
    environment = OpenSandbox.emptyDatabase("files_of_runs");
  }

  @BeforeEach
  void fillTheLane() throws Exception {
    // Rules are for results in the store alone.
    settings = Files.createDirectory(directory.resolve("settings")).resolve("takings.yaml");
    Files.writeString(settings, Files.readString(SETTINGS).replaceFirst("(?s)\nquality:.*", "\n"));
    write("sales.csv", TEXT);
    Call call = run();
    assertThat(call.toString(), call.exitCode(), is(0));
    assertThat(rows(), is(3L));
  }

  @Test
  void anInputWithoutARecordReplacesNothingUnlessTheCommandSaysSo() throws Exception {
    for (String nothing : List.of(HEADER, "", HEADER + "\n \n", "\uFEFF" + HEADER)) {
      write("sales.csv", nothing);

      Call call = run();

      boolean isDeadLetter = nothing.isEmpty();
      assertThat(call.toString(), call.exitCode(), is(isDeadLetter ? 4 : 3));
      assertThat(
          call.err(),
          allOf(
              containsString("the lane batch of takings would lose its 3 rows in 2 windows"),
              containsString("--allow-empty")));
      assertThat(rows(), is(3L));
    }
    write("sales.csv", HEADER);
    Call span = run("--from=2001-03-05T09:00:00Z", "--to=2001-03-05T10:00:00Z");
    assertThat(span.err(), containsString("would lose its 2 rows in 1 windows"));
    Call again =
        call(
            "restate",
            "--lane=batch",
            "--reason=test",
            "--windows=2001-03-05T09:00:00Z/2001-03-05T11:00:00Z");
    assertThat(again.toString(), again.exitCode(), is(3));
    assertThat(rows(), is(3L));

    Call allowed = run("--allow-empty");
    assertThat(allowed.toString(), allowed.exitCode(), is(0));
    assertThat(rows(), is(0L));
    Call nothingToLose = run();
    assertThat(nothingToLose.toString(), nothingToLose.exitCode(), is(0));
  }

  @Test
  void anInputOfDeadLettersAloneReplacesNothing() throws Exception {
    write("sales.csv", TEXT.replace(',', ';'));

    Call call = run();

    assertThat(call.toString(), call.exitCode(), is(4));
    assertThat(
        call.err(),
        allOf(
            containsString("none of the 3 records of the input can be processed"),
            containsString("would lose its 3 rows in 2 windows")));
    assertThat(rows(), is(3L));
  }

  @Test
  void recordsOfOtherWindowsAreSomethingSoThatAWindowMayBecomeEmpty() throws Exception {
    write("sales.csv", HEADER + "2001-03-05T12:10:00Z,north,100,19,119\n");

    Call call = run("--from=2001-03-05T09:00:00Z", "--to=2001-03-05T10:00:00Z");

    assertThat(call.toString(), call.exitCode(), is(0));
    assertThat(rows(), is(1L));
  }

  @Test
  void aStreamOverATopicWithoutARecordLeavesTheRowsBefore() throws Exception {
    OpenSandbox.number(
        environment,
        "WITH moved AS (UPDATE crossfade.takings SET lane = 'stream' RETURNING 1)"
            + " SELECT count(*) FROM moved");
    Properties client = OpenSandbox.kafkaClient();
    try (Admin admin = Admin.create(client)) {
      admin.createTopics(List.of(new NewTopic("nothing-taken", 1, (short) 1))).all().get();
    }
    TopicEnd.declare(client, "nothing-taken");

    Call call =
        call(
            "run",
            "--source=stream",
            "--set=sources.stream.topic=nothing-taken",
            "--checkpoints=" + directory);

    assertThat(call.toString(), call.exitCode(), is(3));
    assertThat(call.err(), containsString("the lane stream of takings would lose its 3 rows"));
    assertThat(OpenSandbox.number(environment, ROWS.replace("batch", "stream")), is(3L));
  }

  @Test
  void whatIsDamagedAndWhatIsLeftOutStandsInTheSummary() throws Exception {
    Files.delete(directory.resolve("sales.csv"));
    byte[] archive = gzip(TEXT.repeat(50).replace("\n" + HEADER, "\n"));
    Files.write(directory.resolve("a.csv.gz"), Arrays.copyOf(archive, archive.length - 9));
    write("b.csv", TEXT);
    write("_SUCCESS.csv", "not to be read");

    Call call = run("--json");

    assertThat(call.toString(), call.exitCode(), is(0));
    JsonNode files = call.json().get("files");
    assertThat(files.get("read").size(), is(2));
    assertThat(files.get("leftOut").get(0).asText(), containsString("_SUCCESS.csv (hidden)"));
    assertThat(
        files.get("damaged").get(0).asText(),
        allOf(containsString("a.csv.gz cannot be decompressed"), containsString("not read")));
    assertThat(call.json().get("counts").get("deadLettered").asLong(), is(1L));
    Call ledger = call("ledger", "--lane=batch");
    assertThat(ledger.toString(), ledger.exitCode(), is(0));
    Call text = run();
    assertThat(text.out(), containsString("\nDAMAGED: " + directory + "/a.csv.gz cannot be"));
    assertThat(text.out(), containsString("files: read " + directory + "/a.csv.gz, "));
  }

  @Test
  void filesGoToTheVeryDirectoryThatIsNamedAndAreNotEmptiedByNothing() throws Exception {
    String sink = "--set=sink.type=files";
    String into = "--set=sink.directory=" + directory + "/out[1] {a,b}*";
    Path results = directory.resolve("out[1] {a,b}*/takings/batch/results-00000-of-00004.jsonl");

    Call call = run(sink, into);
    assertThat(call.toString(), call.exitCode(), is(0));
    assertThat(Files.exists(results), is(true));
    long before = size(results.getParent());

    write("sales.csv", HEADER);
    Call nothing = run(sink, into);

    assertThat(nothing.toString(), nothing.exitCode(), is(3));
    assertThat(nothing.err(), containsString("the results in " + directory + "/out[1]"));
    assertThat(size(results.getParent()), is(before));
    assertThat(before, is(not(0L)));
  }

  private static long size(Path lane) throws IOException {
    long size = 0;
    try (var files = Files.newDirectoryStream(lane, "results-*.jsonl")) {
      for (Path file : files) {
        size += Files.size(file);
      }
    }
    return size;
  }

  private static long rows() throws Exception {
    return OpenSandbox.number(environment, ROWS);
  }

  private Call run(String... options) {
    List<String> all = new ArrayList<>(List.of("run", "--source=batch"));
    all.addAll(List.of(options));
    return call(all.toArray(String[]::new));
  }

  private Call call(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--flow=" + settings);
    all.add("--set=sources.batch.path=" + directory + "/*.csv*");
    all.add("--set=sources.batch.format=csv");
    return Call.of(environment, all.toArray(String[]::new));
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(directory.resolve(name), text);
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return zipped.toByteArray();
  }
}

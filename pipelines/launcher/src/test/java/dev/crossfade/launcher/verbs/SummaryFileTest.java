package dev.crossfade.launcher.verbs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.crossfade.launcher.exit.ExitCode;
import dev.crossfade.launcher.exit.VerbException;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SummaryFileTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("summary.json");
  }

  @Test
  void aFileIsReplacedWithTheRightsThatItHasOrThatAnyNewFileHas() throws Exception {
    Path other = Files.createFile(directory.resolve("other"));
    write(file, "first");
    assertThat(Files.getPosixFilePermissions(file), is(Files.getPosixFilePermissions(other)));

    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
    write(file, "second");

    assertThat(Files.readString(file), is("second"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)), is("rw-rw-rw-"));
    assertThat("nothing beside it", names(), contains("other", "summary.json"));
  }

  @Test
  void aLinkStaysALinkAndWhatItLeadsToIsWritten() throws Exception {
    Path target = directory.resolve("a").resolve("target.json");
    Files.createSymbolicLink(file, Path.of("a/target.json"));
    for (String text : List.of("made by the link", "and again")) {
      write(file, text);

      assertThat(Files.isSymbolicLink(file), is(true));
      assertThat(Files.isRegularFile(target), is(true));
      assertThat(Files.readString(target), is(text));
    }
  }

  @Test
  void aPipeIsWrittenInto() throws Exception {
    assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor(), is(0));
    CompletableFuture<String> read =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return Files.readString(file);
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });

    write(file, "through");

    assertThat(read.get(30, TimeUnit.SECONDS), is("through"));
    assertThat(Files.isRegularFile(file), is(false));
  }

  @Test
  void standardOutputTakesItAsAllElseThatIsPrinted() {
    for (String name : List.of("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1")) {
      out.reset();
      write(Path.of(name), "printed\n");
      assertThat(out.toString(UTF_8), is("printed\n"));
    }
  }

  @Test
  void whatCannotBeWrittenIsFoundBeforeAnythingRuns() throws Exception {
    assertThat(refused(directory), containsString("it is a directory"));
    assertThat(refused(Path.of("/dev/fd/9999")), containsString("no such device or descriptor"));
    Files.writeString(file, "a file");
    assertThat(
        refused(file.resolve("x")), containsString("--summary: cannot write " + file + "/x"));
    Files.createSymbolicLink(directory.resolve("loop"), directory.resolve("loop"));
    assertThat(refused(directory.resolve("loop")), containsString("leads to no file"));
  }

  @Test
  void aFullDeviceFailsWhenItIsWritten() {
    SummaryFile full = SummaryFile.at(Path.of("/dev/full"), console());

    VerbException failure = assertThrows(VerbException.class, () -> full.write("text"));

    assertThat(failure.exitCode(), is(ExitCode.UNAVAILABLE));
    assertThat(failure.getMessage(), containsString("--summary: cannot write /dev/full"));
  }

  @Test
  void outputIntoAFullStandardOutputIsAFailure() throws Exception {
    for (List<String> call :
        List.of(List.of("--help"), List.of("--version"), List.of("run", "--help"))) {
      ByteArrayOutputStream err = new ByteArrayOutputStream();
      try (FileOutputStream full = new FileOutputStream("/dev/full")) {
        int exitCode =
            Crossfade.run(
                call.toArray(String[]::new),
                new PrintStream(full, false, UTF_8),
                new PrintStream(err, true, UTF_8),
                Map.of());

        assertThat(call.toString(), exitCode, is(3));
        assertThat(err.toString(UTF_8), containsString("cannot write to standard output"));
      }
    }
  }

  private String refused(Path path) {
    VerbException failure =
        assertThrows(VerbException.class, () -> SummaryFile.at(path, console()));
    assertThat(failure.exitCode(), is(ExitCode.UNAVAILABLE));
    return failure.getMessage();
  }

  private void write(Path path, String text) {
    SummaryFile.at(path, console()).write(text);
  }

  private Console console() {
    PrintStream stream = new PrintStream(out, true, UTF_8);
    return new Console(stream, stream, Map.of());
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }
}

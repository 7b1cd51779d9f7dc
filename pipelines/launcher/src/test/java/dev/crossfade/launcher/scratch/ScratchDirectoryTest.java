package dev.crossfade.launcher.scratch;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchDirectoryTest {
  private static final String TEMPORARY = "java.io.tmpdir";

  @TempDir private Path base;

  private String before;

  @BeforeEach
  void keepTemporaryFilesThere() {
    before = System.setProperty(TEMPORARY, base.toString());
  }

  @AfterEach
  void backToWhereTheyWere() {
    System.setProperty(TEMPORARY, before);
    System.clearProperty("crossfade.scratch");
  }

  @Test
  void itIsPrivateAndGoneWithAllThatIsInItOnceItIsClosed() throws Exception {
    Path path;
    try (ScratchDirectory scratch = ScratchDirectory.open()) {
      path = scratch.path();
      assertThat(path.getParent(), is(base));
      assertThat(
          PosixFilePermissions.toString(Files.getPosixFilePermissions(path)), is("rwx------"));
      assertThat(System.getProperty(TEMPORARY), is(path.toString()));
      Files.createDirectories(path.resolve("minicluster_1/blobs"));
      Files.writeString(path.resolve("minicluster_1/blobs/one"), "1");
    }
    assertThat(inBase(), is(List.of()));
    assertThat(System.getProperty(TEMPORARY), is(base.toString()));
  }

  /** The script makes it, since Java asks only once where temporary files are to go. */
  @Test
  void theDirectoryThatTheScriptHasMadeIsTaken() throws Exception {
    Path made = Files.createDirectory(base.resolve("crossfade-run-made"));
    System.setProperty(TEMPORARY, made.toString());
    System.setProperty("crossfade.scratch", made.toString());
    try (ScratchDirectory scratch = ScratchDirectory.open()) {
      assertThat(scratch.path(), is(made));
    }
    assertThat(inBase(), is(List.of()));
  }

  @Test
  void aPersonsOwnPlaceIsTakenInsteadOfTheScripts() throws Exception {
    Path made = Files.createDirectory(base.resolve("crossfade-run-made"));
    Path own = Files.createDirectory(base.resolve("own"));
    System.setProperty(TEMPORARY, own.toString());
    System.setProperty("crossfade.scratch", made.toString());
    try (ScratchDirectory scratch = ScratchDirectory.open()) {
      assertThat(scratch.path().getParent(), is(own));
    }
    assertThat(inBase(), is(List.of("own")));
  }

  @Test
  void twoOfOneProcessLeaveEachOtherAlone() throws Exception {
    try (ScratchDirectory first = ScratchDirectory.open()) {
      System.setProperty(TEMPORARY, base.toString());
      try (ScratchDirectory second = ScratchDirectory.open()) {
        assertThat(Files.isDirectory(first.path()), is(true));
        assertThat(Files.isDirectory(second.path()), is(true));
      }
      assertThat(Files.isDirectory(first.path()), is(true));
    }
  }

  @Test
  void thatOfAKilledProcessIsLeftWhileItLivesAndSweptByTheNextOne() throws Exception {
    Process other = other();
    try {
      Path theirs =
          await()
              .atMost(Duration.ofSeconds(30))
              .until(this::locked, Optional::isPresent)
              .orElseThrow();
      ScratchDirectory.open().close();
      assertThat("it lives", Files.isDirectory(theirs), is(true));

      other.destroyForcibly().onExit().join();
      assertThat("a kill cleans nothing", Files.isDirectory(theirs), is(true));
      ScratchDirectory.open().close();
      assertThat(inBase(), is(List.of()));
    } finally {
      other.destroyForcibly();
    }
  }

  @Test
  void thatOfAProcessThatIsToldToEndIsGoneWithIt() throws Exception {
    Process other = other();
    try {
      await().atMost(Duration.ofSeconds(30)).until(this::locked, Optional::isPresent);
      other.destroy();
      other.onExit().join();
      assertThat(inBase(), is(List.of()));
    } finally {
      other.destroyForcibly();
    }
  }

  @Test
  void linksAreDeletedAndNotWhatTheyName() throws Exception {
    Path precious = Files.createDirectory(base.resolve("precious"));
    Files.writeString(precious.resolve("data"), "kept");
    Files.createFile(precious.resolve("lock"));
    Path dead = dead("crossfade-run-dead");
    Files.createSymbolicLink(dead.resolve("link"), precious);
    Files.createSymbolicLink(dead.resolve("to-file"), precious.resolve("data"));
    // One that is itself a link is nobody's directory.
    Files.createSymbolicLink(base.resolve("crossfade-run-link"), precious);

    ScratchDirectory.open().close();

    assertThat(inBase(), is(List.of("crossfade-run-link", "precious")));
    assertThat(Files.readString(precious.resolve("data")), is("kept"));
  }

  @Test
  void aLockThatIsALinkIsNotFollowed() throws Exception {
    Path precious = Files.writeString(base.resolve("precious"), "kept");
    Path odd = Files.createDirectory(base.resolve("crossfade-run-odd"));
    Files.createSymbolicLink(odd.resolve("lock"), precious);
    ScratchDirectory.open().close();
    assertThat(Files.readString(precious), is("kept"));
  }

  /** Between the making of a directory and its lock there is a moment. */
  @Test
  void oneWithoutALockIsLeftUntilItIsOld() throws Exception {
    Path made = Files.createDirectory(base.resolve("crossfade-run-made"));
    ScratchDirectory.open().close();
    assertThat(Files.isDirectory(made), is(true));

    Files.setLastModifiedTime(made, FileTime.from(Instant.now().minus(Duration.ofMinutes(3))));
    ScratchDirectory.open().close();
    assertThat(inBase(), is(List.of()));
  }

  @Test
  void whatHasAnotherNameIsLeft() throws Exception {
    dead("crossfade-bench1");
    dead("run-crossfade-run-1");
    ScratchDirectory.open().close();
    assertThat(inBase(), is(List.of("crossfade-bench1", "run-crossfade-run-1")));
  }

  private Path dead(String name) throws IOException {
    Path dead = Files.createDirectories(base.resolve(name));
    Files.createDirectory(dead.resolve("minicluster_2"));
    Files.createFile(dead.resolve("flink-rpc-akka1.jar"));
    Files.createFile(dead.resolve("lock"));
    return dead;
  }

  private List<String> inBase() throws IOException {
    try (Stream<Path> all = Files.list(base)) {
      return all.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private Optional<Path> locked() throws IOException {
    try (Stream<Path> all = Files.list(base)) {
      return all.filter(path -> Files.exists(path.resolve("lock"))).findAny();
    }
  }

  private Process other() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Djava.io.tmpdir=" + base,
            "-cp",
            System.getProperty("java.class.path"),
            Holder.class.getName())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  /** Opens one, fills it, and stays until it is told to end, or is killed. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] args) throws Exception {
      Path path = ScratchDirectory.open().path();
      assertThat(path.getFileName().toString(), startsWith("crossfade-run-"));
      Files.createDirectory(path.resolve("minicluster_3"));
      Files.createFile(path.resolve("minicluster_3/spilled"));
      new java.util.concurrent.CountDownLatch(1).await();
    }
  }
}

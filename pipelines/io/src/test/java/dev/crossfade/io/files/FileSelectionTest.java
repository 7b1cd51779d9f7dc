package dev.crossfade.io.files;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.crossfade.transforms.records.RecordFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSelectionTest {
  @TempDir Path directory;

  @Test
  void aGlobLeavesOutHiddenFilesAndDirectoriesAndSaysSo() throws Exception {
    for (String name : List.of("b.csv", "a.csv", ".a.csv", "._a.csv", "_SUCCESS.csv", "a.txt")) {
      write(name);
    }
    write("d.csv/x.csv");

    FileSelection selection = select("*.csv");

    assertThat(names(selection), contains("a.csv", "b.csv"));
    assertThat(
        selection.leftOut(),
        containsInAnyOrder(
            directory + "/.a.csv (hidden)",
            directory + "/._a.csv (hidden)",
            directory + "/_SUCCESS.csv (hidden)",
            directory + "/d.csv (a directory)"));
    assertThat("named in full", names(select("_SUCCESS.csv")), contains("_SUCCESS.csv"));
    assertThat("a glob that says so", names(select("_*.csv")), contains("_SUCCESS.csv"));
    assertThat(select("._a.csv").leftOut(), is(empty()));
  }

  @Test
  void aPathThatIsThereIsMeantAsItIsWritten() throws Exception {
    for (String name :
        List.of("a[1].csv", "a1.csv", "a*.csv", "x[1]/b1.csv", "x[1]/b2.csv", "x1/c.csv")) {
      write(name);
    }

    assertThat(names(select("a[1].csv")), contains("a[1].csv"));
    assertThat(names(select("a*.csv")), contains("a*.csv"));
    assertThat(names(select("a?.csv")), contains("a*.csv", "a1.csv"));
    assertThat(names(select("a\\[1].csv")), contains("a[1].csv"));
    assertThat(
        "a directory that is there", names(select("x[1]/*.csv")), contains("b1.csv", "b2.csv"));
    Files.delete(directory.resolve("a[1].csv"));
    assertThat("and if it is not", names(select("a[1].csv")), contains("a1.csv"));
  }

  @Test
  void aGlobMayStandForDirectoriesOnEachLevelAndOnAll() throws Exception {
    for (String name :
        List.of(
            "2026/01/a.csv", "2026/02/b.csv", "2026/c.csv", "2026/_tmp/d.csv", "2026/01/x/e.csv")) {
      write(name);
    }

    assertThat(names(select("*/*/*.csv")), contains("a.csv", "b.csv"));
    assertThat(names(select("2026/{01,02}/*.csv")), contains("a.csv", "b.csv"));
    assertThat(names(select("**/*.csv")), contains("a.csv", "e.csv", "b.csv", "c.csv"));
    assertThat(select("**.csv").leftOut(), contains(directory + "/2026/_tmp (hidden)"));
    assertThat(names(select("2026/_tmp/*.csv")), contains("d.csv"));
  }

  @Test
  void whatCannotBeReadFailsAndIsNamed() throws Exception {
    write("a.csv");
    Files.createSymbolicLink(directory.resolve("dangling.csv"), directory.resolve("nothing"));

    assertThat(
        fails("*.csv"), containsString(directory + "/dangling.csv is a link to what is not there"));
    assertThat(
        fails("dangling.csv"), containsString("dangling.csv is a link to what is not there"));
    assertThat(
        fails(""),
        is(directory + " is a directory; name the files in it, such as " + directory + "/*.csv"));
    assertThat(
        assertThrows(IOException.class, () -> FileSelection.of("/dev/null")).getMessage(),
        containsString("/dev/null is a pipe or a device"));
  }

  @Test
  void aFileOfSeveralNamesIsReadOnce() throws Exception {
    write("z.csv");
    Files.createSymbolicLink(directory.resolve("a.csv"), directory.resolve("z.csv"));
    Files.createLink(directory.resolve("zz.csv"), directory.resolve("z.csv"));
    Files.createSymbolicLink(directory.resolve("loop"), directory);

    FileSelection selection = select("*.csv");

    assertThat(names(selection), contains("z.csv"));
    assertThat(
        selection.leftOut(),
        contains(
            directory + "/zz.csv (the same file as " + directory + "/z.csv)",
            directory + "/a.csv (the same file as " + directory + "/z.csv)"));
    assertThat(names(select("a.csv")), contains("a.csv"));
    assertThat("a link back to where it stands", names(select("**.csv")), hasSize(1));
  }

  @Test
  void nothingThatMatchesFailsAndNamesWhatIsHidden() throws Exception {
    write(".a.csv");

    assertThat(
        fails("*.csv"),
        allOf(
            containsString("no file matches " + directory + "/*.csv"),
            containsString(".a.csv (hidden); name a file in full")));
    assertThat(fails("*.json"), is("no file matches " + directory + "/*.json"));
    assertThat(
        fails("sub/a.csv"),
        is("no file " + directory + "/sub/a.csv: " + directory + " has no sub in it"));
    assertThat(fails("[a.csv"), containsString("nor is that a glob"));
  }

  @Test
  void aFileThatChangesOrVanishesBetweenChoosingAndReadingFails() throws Exception {
    RecordFormat csv = new RecordFormat.Csv(',');
    write("a.csv");
    List<InputFile> files = select("*.csv").files();
    FileInputs.of(files, csv);

    Files.setLastModifiedTime(
        directory.resolve("a.csv"), FileTime.from(Instant.parse("2001-02-03T04:05:06Z")));
    for (long rangeBytes : new long[] {1, Long.MAX_VALUE}) {
      IOException changed =
          assertThrows(IOException.class, () -> Ranges.blocks(files.get(0), csv, rangeBytes));
      assertThat(changed.getMessage(), containsString("a.csv has changed since the run began"));
    }
    assertThat(
        assertThrows(IOException.class, () -> FileInputs.of(files, csv)).getMessage(),
        containsString("now 6 bytes of 2001-02-03T04:05:06Z"));
    Files.delete(directory.resolve("a.csv"));
    assertThat(
        assertThrows(IOException.class, () -> Ranges.blocks(files.get(0), csv, 1)).getMessage(),
        containsString("a.csv is gone"));
  }

  private FileSelection select(String pattern) throws IOException {
    return FileSelection.of(directory + "/" + pattern);
  }

  private String fails(String pattern) {
    String path = pattern.isEmpty() ? directory.toString() : directory + "/" + pattern;
    return assertThrows(IOException.class, () -> FileSelection.of(path)).getMessage();
  }

  private static List<String> names(FileSelection selection) {
    return selection.files().stream()
        .map(file -> Path.of(file.path()).getFileName().toString())
        .toList();
  }

  private void write(String name) throws IOException {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "x,y\n1\n");
  }
}

package dev.crossfade.io.credentials;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WithheldTest {
  private static final String SECRET = "'\"\\ ${}:@ü€ hunter2";

  @TempDir private Path scratch;

  @Test
  void aCopyFindsItsValuesWhileTheRunGoesOnAndHoldsNoneOfThem() throws Exception {
    Withheld copy;
    try (Credentials credentials = Credentials.of("sales")) {
      Withheld withheld = credentials.withhold("store", Map.of("password", SECRET));
      assertThat(withheld.values(), is(Map.of("password", SECRET)));
      byte[] used = serialized(withheld);
      assertThat(new String(used, UTF_8), not(containsString("hunter2")));
      copy = deserialized(used);
      assertThat(copy.values(), is(Map.of("password", SECRET)));
      assertThat(copy, is(withheld));
      assertThat("used, and no richer", serialized(copy), is(used));
      assertThat(copy + " " + credentials, not(containsString("hunter2")));
    }

    CredentialsException gone =
        assertThrows(CredentialsException.class, () -> copy.values(Map.of()));
    assertThat(
        gone.getMessage(),
        allOf(
            containsString("no credentials for store of the flow sales"),
            containsString("Set CROSSFADE_CREDENTIALS"),
            containsString("with store.password")));
  }

  @Test
  void runsOfOneFlowInOneProcessDoNotMixUpTheirCredentials() throws Exception {
    try (Credentials first = Credentials.of("sales");
        Credentials second = Credentials.of("sales")) {
      Withheld one = first.withhold("store", Map.of("password", "1"));
      Withheld two = second.withhold("store", Map.of("password", "2"));
      assertThat(deserialized(serialized(one)).values(), is(Map.of("password", "1")));
      assertThat(deserialized(serialized(two)).values(), is(Map.of("password", "2")));
    }
  }

  @Test
  void valuesInHandCannotLeaveTheProcess() throws Exception {
    Withheld inHand = Withheld.inHand(Map.of("password", SECRET));
    assertThat(inHand.values(), is(Map.of("password", SECRET)));

    NotSerializableException refused =
        assertThrows(NotSerializableException.class, () -> serialized(inHand));

    assertThat(
        refused.getMessage(), allOf(containsString("(password)"), not(containsString("hunter2"))));
    assertThat(
        "there is nothing to hide",
        deserialized(serialized(Withheld.inHand(Map.of()))).values(),
        is(Map.of()));
  }

  @Test
  void aWorkerReadsThemFromItsFileEachTime() throws Exception {
    Withheld elsewhere = elsewhere(Map.of("password", "x", "url", "y"));
    Path file =
        write(
            """
            # Crossfade
            other.store.password=no
            store.url = u
            store.password='"\\\\ ${}:@ü€ hunter2
            """);
    assertThat(values(elsewhere, file), is(Map.of("password", SECRET, "url", "u")));

    Files.writeString(file, "store.url=\nstore.password=all\nsales.store.password=\\ mine\\ \n");
    assertThat(
        "that of the flow goes first, and what is empty is given",
        values(elsewhere, file),
        is(Map.of("password", " mine ", "url", "")));
  }

  @Test
  void aFileThatLacksSomethingIsNamedWithTheKey() throws Exception {
    Path file = write("store.passwort=hunter2\nsink.password=hunter2\n");
    assertThat(
        failure(elsewhere(Map.of("password", "x", "url", "y")), file),
        allOf(
            containsString(file + ", which CROSSFADE_CREDENTIALS names, lacks store.password,"),
            containsString("store.url"),
            containsString("after 'sales.'"),
            not(containsString("hunter2"))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r--r--", "rw----r--", "rw-rw----", "rw-----w-"})
  void aFileThatOthersCanReadOrWriteIsRefused(String rights) throws Exception {
    Path file = write("store.password=hunter2\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
    String failure = failure(elsewhere(Map.of("password", "x")), file);
    assertThat(
        failure,
        allOf(
            containsString("has the rights " + rights),
            containsString("chmod 600"),
            not(containsString("hunter2"))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"r--------", "r--r-----", "rw-------"})
  void whatKubernetesGivesIsTaken(String rights) throws Exception {
    Path file = write("store.password=hunter2\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
    Path link = Files.createSymbolicLink(scratch.resolve("link"), file);
    assertThat(values(elsewhere(Map.of("password", "x")), link), is(Map.of("password", "hunter2")));
  }

  @Test
  void aFileThatCannotBeReadIsNamed() throws Exception {
    Withheld elsewhere = elsewhere(Map.of("password", "x"));
    Path none = scratch.resolve("none");
    assertThat(failure(elsewhere, none), containsString(none + ", which"));
    Path directory = Files.createDirectory(scratch.resolve("directory"));
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    assertThat(failure(elsewhere, directory), containsString("cannot be read"));
    assertThat(
        failure(elsewhere, write("store.password=hunter2\\u12\n")),
        allOf(containsString("no four hexadecimal digits"), not(containsString("hunter2"))));
    Path latin = write("");
    Files.write(
        latin,
        "store.password=hunter2\u00e9".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
    assertThat(
        failure(elsewhere, latin),
        allOf(containsString("is not text in UTF-8"), not(containsString("hunter2"))));
  }

  /** As it is where the run was not started. */
  private static Withheld elsewhere(Map<String, String> values) throws Exception {
    byte[] bytes;
    try (Credentials credentials = Credentials.of("sales")) {
      bytes = serialized(credentials.withhold("store", values));
    }
    return deserialized(bytes);
  }

  private Path write(String text) throws IOException {
    Path file = scratch.resolve("credentials.properties");
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    return file;
  }

  private static Map<String, String> values(Withheld withheld, Path file) {
    return withheld.values(Map.of("CROSSFADE_CREDENTIALS", file.toString()));
  }

  private static String failure(Withheld withheld, Path file) {
    CredentialsException failure =
        assertThrows(CredentialsException.class, () -> values(withheld, file));
    return dev.crossfade.io.Failures.textOf(failure);
  }

  private static byte[] serialized(Withheld withheld) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(withheld);
    }
    return bytes.toByteArray();
  }

  private static Withheld deserialized(byte[] bytes) throws IOException, ClassNotFoundException {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
      return (Withheld) in.readObject();
    }
  }
}

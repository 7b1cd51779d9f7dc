package dev.crossfade.launcher.fingerprints;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogicFingerprintTest {
  private static final String FLOW =
      "package tariffs; public class Flow { int of(int miles) { return new Tariff().of(miles); } }";

  @TempDir private Path scratch;

  @Test
  void theSameClassesAndSettingsHaveTheSame() throws Exception {
    assertThat(fingerprint("one", 15, "late: 15"), is(fingerprint("two", 15, "late: 15")));
  }

  @Test
  void aChangedConstantChangesIt() throws Exception {
    assertThat(fingerprint("one", 15, ""), is(not(fingerprint("two", 16, ""))));
  }

  @Test
  void changedSettingsChangeIt() throws Exception {
    assertThat(fingerprint("one", 15, "late: 15"), is(not(fingerprint("two", 15, "late: 16"))));
  }

  @Test
  void whatIsReachableBelongsToItAndTheJdkDoesNot() throws Exception {
    try (URLClassLoader loader = compiled("one", 15)) {
      Set<String> reachable =
          LogicFingerprint.reachable(List.of(loader.loadClass("tariffs.Flow"))).keySet();
      assertThat(reachable, is(Set.of("tariffs/Flow", "tariffs/Tariff")));
    }
    assertThat(
        LogicFingerprint.reachable(List.of(LogicFingerprint.class)).keySet(),
        hasItems("dev/crossfade/launcher/fingerprints/Checksum"));
  }

  private String fingerprint(String directory, int constant, String settings) throws Exception {
    try (URLClassLoader loader = compiled(directory, constant)) {
      return LogicFingerprint.of(List.of(loader.loadClass("tariffs.Flow")), settings);
    }
  }

  /** A flow whose constant is in another class. */
  private URLClassLoader compiled(String directory, int constant) throws IOException {
    Path sources = Files.createDirectories(scratch.resolve(directory));
    Path flow = Files.writeString(sources.resolve("Flow.java"), FLOW);
    Path tariff =
        Files.writeString(
            sources.resolve("Tariff.java"),
            "package tariffs; class Tariff { int of(int miles) { return miles * "
                + constant
                + "; } }");
    int failures =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-d", sources.toString(), flow.toString(), tariff.toString());
    assertThat(failures, is(0));
    return new URLClassLoader(new URL[] {sources.toUri().toURL()});
  }
}

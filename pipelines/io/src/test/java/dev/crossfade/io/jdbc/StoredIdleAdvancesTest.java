package dev.crossfade.io.jdbc;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.crossfade.io.ReadingsFlow;
import dev.crossfade.io.Servers;
import dev.crossfade.io.Sql;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import org.apache.beam.sdk.util.SerializableUtils;
import org.junit.jupiter.api.Test;

class StoredIdleAdvancesTest {
  @Test
  void ofEachPositionTheGreatestWatermarkIsKeptForTheRunAndTheSource() throws Exception {
    Sql.createStore(ReadingsFlow.plan().table());
    StoredIdleAdvances advances = SerializableUtils.ensureSerializable(of(Servers.postgres(), 1));
    advances.record("t[0]", 5, 100);
    advances.record("t[0]", 5, 200);
    advances.record("t[0]", 5, 200);
    advances.record("t[0]", 5, 150);
    advances.record("t[0]", 9, -7);
    advances.record("t[1]", 6, 300);
    of(Servers.postgres(), 2).record("t[0]", 7, 400);

    assertThat(advances.recorded("t[0]"), is(Map.of(5L, 200L, 9L, -7L)));
    assertThat(advances.recorded("t[1]"), is(Map.of(6L, 300L)));
    assertThat(advances.recorded("t[2]"), is(Map.of()));
  }

  @Test
  void nothingIsRecordedByAnAttemptThatIsOver() throws Exception {
    Sql.createStore(ReadingsFlow.plan().table());
    Sql.execute("UPDATE crossfade.runs SET attempts = 2 WHERE run = 1");

    IOException gone =
        assertThrows(IOException.class, () -> of(Servers.postgres(), 1).record("t[0]", 5, 100));

    assertThat(gone.getMessage(), containsString("run 1 is gone"));
    assertThat(of(Servers.postgres(), 1).recorded("t[0]"), is(Map.of()));
  }

  @Test
  void aServerThatSaysNothingHoldsNobodyUpForLongAndNoPasswordIsShown() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Database database =
          new Database(
              "jdbc:postgresql://127.0.0.1:" + silent.getLocalPort() + "/x", "u", "hunter2");
      long started = System.nanoTime();

      IOException failure =
          assertThrows(IOException.class, () -> of(database, 1).record("t[0]", 1, 2));

      assertThat(
          Duration.ofNanos(System.nanoTime() - started), is(lessThan(Duration.ofSeconds(10))));
      assertThat(
          failure.toString(),
          allOf(containsString("cannot record an idle advance"), not(containsString("hunter2"))));
    }
  }

  private static StoredIdleAdvances of(Database database, long run) {
    return StoredIdleAdvances.of(
        database,
        "readings",
        new RunTarget("stream", run, 1, false, "logic", Duration.ofMinutes(1)));
  }
}

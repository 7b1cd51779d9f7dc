package dev.crossfade.launcher.verbs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.JsonNode;
import dev.crossfade.launcher.lanes.FlowCatalog;
import dev.crossfade.launcher.lanes.PlannedFlow;
import dev.crossfade.launcher.lanes.Stores;
import dev.crossfade.launcher.settings.Settings;
import dev.crossfade.launcher.testing.Call;
import dev.crossfade.launcher.testing.OpenPostgres;
import dev.crossfade.migration.Store;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A record is shown to a terminal, and does not speak to it. */
class DlqTerminalTest {
  /** Clears the screen, by either form of the control, sets the title, and turns text around. */
  private static final String HOSTILE =
      "a\u001b[2J\u009b2J\u001b]0;title\u0007\rb\nstatus         REPLAYED\u202e\udb40\udc01 \u00fc\ud83d\ude00";

  private static final Path FLOW = Path.of("src/test/resources/flows/takings.yaml");

  @TempDir private static Path scratch;
  private static OpenPostgres postgres;

  @BeforeAll
  static void keepALetter() throws Exception {
    postgres = OpenPostgres.in(scratch);
    PlannedFlow flow =
        PlannedFlow.of(Settings.load(FLOW, List.of(), postgres.environment()), FlowCatalog.load());
    try (Store store = Stores.open(flow.settings())) {
      store.prepare(flow.plan().table());
    }
    try (PreparedStatement letter =
        postgres
            .connection()
            .prepareStatement(
                "INSERT INTO crossfade.dead_letters (flow, lane, run, origin, step, cause, message,"
                    + " bytes, retryable, first_run, last_seen)"
                    + " VALUES ('takings', 'stream', 1, ?, 'DECODE', ?, ?, ?, false, 1, now())")) {
      letter.setString(1, HOSTILE + ":1");
      letter.setString(2, HOSTILE);
      letter.setString(3, HOSTILE);
      letter.setBytes(4, HOSTILE.getBytes(UTF_8));
      letter.executeUpdate();
    }
  }

  @AfterAll
  static void stop() throws Exception {
    postgres.close();
  }

  @Test
  void nothingThatATerminalObeysIsPrinted() {
    for (Call call : new Call[] {dlq("list"), dlq("show"), dlq("list", "--json")}) {
      assertThat(call.err(), call.exitCode(), is(0));
      call.out()
          .codePoints()
          .filter(character -> character != '\n')
          .forEach(
              character ->
                  assertThat(
                      Integer.toHexString(character),
                      Character.isISOControl(character)
                          || Character.getType(character) == Character.FORMAT,
                      is(false)));
    }
  }

  @Test
  void whatIsShownIsTheRecordOnOneLine() {
    assertThat(
        dlq("show").out(),
        allOf(
            containsString(
                "\na\\u001b[2J\\u009b2J\\u001b]0;title\\u0007\\u000db\\u000astatus         REPLAYED"
                    + "\\u202e\\udb40\\udc01 \u00fc\ud83d\ude00\n"),
            not(containsString("\nstatus         REPLAYED"))));
  }

  @Test
  void programsGetTheVeryRecord() throws Exception {
    JsonNode letter = dlq("list", "--json").json().get(0);
    assertThat(letter.get("message").asText(), is(HOSTILE));
    assertThat(
        new String(Base64.getDecoder().decode(letter.get("bytes").asText()), UTF_8), is(HOSTILE));
  }

  private static Call dlq(String verb, String... more) {
    String[] all = new String[more.length + 3];
    all[0] = "dlq";
    all[1] = verb;
    all[2] = "--flow=" + FLOW;
    System.arraycopy(more, 0, all, 3, more.length);
    return Call.of(postgres.environment(), all);
  }
}

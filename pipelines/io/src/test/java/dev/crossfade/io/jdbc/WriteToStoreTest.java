package dev.crossfade.io.jdbc;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.crossfade.io.Failures;
import dev.crossfade.io.Outputs;
import dev.crossfade.io.ReadingsFlow;
import dev.crossfade.io.Servers;
import dev.crossfade.io.Sql;
import dev.crossfade.transforms.graph.DeadLetter;
import dev.crossfade.transforms.graph.FlowOutputs;
import dev.crossfade.transforms.graph.LateRecord;
import dev.crossfade.transforms.graph.OriginCounts;
import dev.crossfade.transforms.graph.WindowCounts;
import dev.crossfade.transforms.records.Origin;
import dev.crossfade.transforms.records.RecordBytes;
import dev.crossfade.transforms.results.Conflict;
import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import org.apache.beam.sdk.Pipeline;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WriteToStoreTest {
  private static final List<String> TABLES =
      List.of(
          "readings",
          "conflicts",
          "dead_letters",
          "late_records",
          "origin_ledger",
          "window_ledger",
          "closed_windows");

  private static final String ROWS =
      "SELECT lane, \"user\", \"group\", \"order\", \"select\", \"end\", folded,"
          + " duplicates, tombstone, run FROM crossfade.readings ORDER BY lane, \"user\", window_start";

  @BeforeEach
  void createTables() throws Exception {
    Sql.createStore(ReadingsFlow.plan().table());
  }

  @Test
  void aRepeatedWriteLeavesTheSameTable() throws Exception {
    String odd = "it's \"\\ \u00e9\u4e2d\uD83D\uDE00\n";
    List<Result> results =
        List.of(Outputs.result(odd, 0, 2, false), Outputs.result("gone", 0, 2, true));
    write("batch", 1, results);
    List<String> once = Sql.query(ROWS);
    assertThat(
        once,
        contains(
            "batch|gone|about gone|2|20|2.00|2|0|t|1",
            "batch|" + odd + "|about " + odd + "|2|20|2.00|2|0|f|1"));

    write("batch", 1, results);
    write("stream", 1, results.subList(0, 1));

    assertThat(Sql.query(ROWS).subList(0, 2), is(once));
    assertThat("lanes do not meet", Sql.query(ROWS), hasSize(3));
  }

  @Test
  void anOlderVersionChangesNothingInWhateverOrderItComes() throws Exception {
    Result older = Outputs.result("a", 0, 2, false);
    Result newer = Outputs.result("a", 0, 3, true);
    List<String> expected = List.of("batch|a|about a|3|30|3.00|3|0|t|1");

    UpsertBundle.write(ReadingsFlow.plan().table(), "batch", 1, List.of(older, newer));
    assertThat("in one batch", Sql.query(ROWS), is(expected));
    Sql.createStore(ReadingsFlow.plan().table());
    UpsertBundle.write(ReadingsFlow.plan().table(), "batch", 1, List.of(newer, older));
    assertThat("in one batch", Sql.query(ROWS), is(expected));
    write("batch", 1, List.of(older));
    assertThat("in a later batch", Sql.query(ROWS), is(expected));

    write("batch", 2, List.of(older));
    List<String> ofLaterRun = List.of("batch|a|about a|2|20|2.00|2|0|f|2");
    assertThat("a later run replaces", Sql.query(ROWS), is(ofLaterRun));
    write("batch", 1, List.of(Outputs.result("a", 0, 9, false)));
    assertThat("an earlier one does not", Sql.query(ROWS), is(ofLaterRun));
  }

  /** A repetition that takes nothing's place leaves the count of events folded as it was. */
  @Test
  void theVersionThatHasSeenMoreDuplicatesIsTheNewer() throws Exception {
    Result older = Outputs.result("a", 0, 3, false);
    Result newer = Outputs.result("a", 0, 2, List.of(new Conflict("x", 1, 2)), 4, false);
    List<String> expected = List.of("batch|a|about a|2|20|2.00|2|5|f|1");

    UpsertBundle.write(ReadingsFlow.plan().table(), "batch", 1, List.of(newer, older));
    assertThat("in one batch", Sql.query(ROWS), is(expected));
    write("batch", 1, List.of(older));
    assertThat("in a later batch", Sql.query(ROWS), is(expected));
    Sql.createStore(ReadingsFlow.plan().table());
    write("batch", 1, List.of(older));
    write("batch", 1, List.of(newer));
    assertThat(Sql.query(ROWS), is(expected));
  }

  /** Characters of three bytes that do not repeat, so that PostgreSQL cannot shrink them. */
  @Test
  void theLongestKeyThatAFlowMayGiveFitsIntoTheIndex() throws Exception {
    StringBuilder longest = new StringBuilder();
    new Random(7).ints(600, 0x4E00, 0x9FFF).forEach(longest::appendCodePoint);

    write("stream", 1, List.of(Outputs.result(longest.toString(), 0, 1, false)));

    assertThat(Sql.query("SELECT count(*) FROM crossfade.readings"), contains("1"));
  }

  @Test
  void moreRowsThanABatchAreAllThere() throws Exception {
    List<Result> results = new ArrayList<>();
    for (int i = 0; i < 2_500; i++) {
      results.add(Outputs.result("u" + i % 1_300, i / 1_300, 1 + i % 3, false));
      results.add(Outputs.result("u" + i % 1_300, i / 1_300, 4, false));
    }
    Collections.shuffle(results, new Random(1));

    // One bundle of all, so that it takes several batches.
    UpsertBundle.write(ReadingsFlow.plan().table(), "batch", 1, results);

    assertThat(
        Sql.query("SELECT count(*), sum(folded), min(folded) FROM crossfade.readings"),
        contains("2500|10000|4"));
  }

  @Test
  void onlyWindowsThatTheInputCoversAreClosed() throws Exception {
    List<Result> results =
        List.of(
            Outputs.result("a", 0, 1, false),
            Outputs.result("a", 1, 1, false),
            Outputs.result("b", 1, 1, false),
            Outputs.result("a", 2, 1, false));
    EventWindow covered =
        new EventWindow(Outputs.window(1).start(), Outputs.window(2).end().minusMillis(1));
    write("batch", 1, results, List.of(), List.of(), Optional.of(covered));
    String closings =
        "SELECT flow, lane, extract(epoch FROM window_start)::bigint, run"
            + " FROM crossfade.closed_windows ORDER BY window_start";

    long second = Outputs.window(1).start().getEpochSecond();
    assertThat(Sql.query(closings), contains("readings|batch|" + second + "|1"));

    write("batch", 2, results);
    write("batch", 1, results);
    assertThat(Sql.query(closings), hasSize(3));
    assertThat(Sql.query("SELECT DISTINCT run FROM crossfade.closed_windows"), contains("2"));
  }

  @Test
  void aWindowIsNotClosedBeforeItsRowsAreThere() throws Exception {
    // The database itself looks: a closing without a row is refused.
    Sql.execute(
        "CREATE FUNCTION crossfade.rows_first() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            + " IF (SELECT count(*) FROM crossfade.readings r WHERE r.window_start ="
            + " NEW.window_start) <> 40 THEN RAISE 'closed before its rows'; END IF; RETURN NEW;"
            + " END $$",
        "CREATE TRIGGER rows_first BEFORE INSERT ON crossfade.closed_windows FOR EACH ROW EXECUTE"
            + " FUNCTION crossfade.rows_first()");
    List<Result> results = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      results.add(Outputs.result("u" + i / 3, i % 3, 1, false));
    }

    write("batch", 1, results);

    assertThat(Sql.query("SELECT count(*) FROM crossfade.closed_windows"), contains("3"));
  }

  @Test
  void aRowThatIsNotWrittenFailsTheRunAndClosesNothing() throws Exception {
    Sql.execute("ALTER TABLE crossfade.readings ADD CHECK (\"user\" <> 'b')");

    String failure =
        failure(
            "batch",
            Servers.postgres(),
            List.of(Outputs.result("a", 0, 1, false), Outputs.result("b", 0, 77777, false)));

    assertThat(failure, containsString("violates check constraint"));
    assertThat("the values are nobody's business", failure, not(containsString("77777")));
    assertThat(Sql.query("SELECT * FROM crossfade.closed_windows"), is(empty()));
  }

  @Test
  void deadLettersAndLateRecordsAreKeptOnceAndWhole() throws Exception {
    RecordBytes bytes = RecordBytes.copyOf(new byte[] {0, 1, (byte) 0xFF, '\'', 0});
    Instant time = Instant.parse("2001-02-03T04:05:06.007Z");
    DeadLetter first =
        new DeadLetter(
            new Origin("a\0b", 7),
            DeadLetter.Step.DECODE,
            "UndecodableException",
            "has \0 and \uD800 and 'x'",
            bytes,
            null,
            null,
            false);
    DeadLetter second =
        new DeadLetter(
            new Origin("t[0]", 8),
            DeadLetter.Step.VALIDATE,
            "X",
            "m",
            bytes,
            time,
            Outputs.window(0),
            false);
    LateRecord late =
        new LateRecord(
            new Origin("t[0]", 9), time, Outputs.window(0), Duration.ofMillis(1_234), bytes);
    String letters =
        "SELECT origin, step, cause, message, encode(bytes, 'hex'), event_time AT TIME ZONE 'UTC',"
            + " window_start AT TIME ZONE 'UTC', retryable, logic, run, attempts, first_run,"
            + " first_seen <= last_seen, status FROM crossfade.dead_letters ORDER BY origin";
    String lates =
        "SELECT origin, event_time AT TIME ZONE 'UTC', behind_millis, encode(bytes, 'hex'), run"
            + " FROM crossfade.late_records";

    for (int run = 1; run <= 2; run++) {
      write(
          "stream",
          run,
          List.of(),
          List.of(first, second, first),
          List.of(late, late),
          Optional.empty());
      write("stream", run, List.of(), List.of(second), List.of(late), Optional.empty());

      String told = "|f|logic%d|%d|%d|1|t|OPEN".formatted(run, run, run);
      assertThat(
          Sql.query(letters),
          contains(
              "a\\u0000b:7|DECODE|UndecodableException|has \\u0000 and ? and 'x'|0001ff2700"
                  + "|null|null"
                  + told,
              "t[0]:8|VALIDATE|X|m|0001ff2700|2001-02-03 04:05:06.007|2001-02-03 04:00:00" + told));
      assertThat(
          Sql.query(lates), contains("t[0]:9|2001-02-03 04:05:06.007|1234|0001ff2700|" + run));
    }
    List<String> lettersOfTwo = Sql.query(letters);
    write("stream", 1, List.of(), List.of(first), List.of(late), Optional.empty());
    assertThat("an earlier run changes nothing", Sql.query(letters), is(lettersOfTwo));
    assertThat(Sql.query("SELECT run FROM crossfade.late_records"), contains("2"));
  }

  @Test
  void aLaterRunOpensWhatWasReplayedAndNotWhatWasDiscarded() throws Exception {
    List<DeadLetter> letters = new ArrayList<>();
    List<LateRecord> late = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Origin origin = new Origin("t", i);
      RecordBytes bytes = RecordBytes.copyOf(new byte[0]);
      letters.add(
          new DeadLetter(origin, DeadLetter.Step.READ, "X", "m", bytes, null, null, i == 1));
      late.add(
          new LateRecord(
              origin, Outputs.window(0).start(), Outputs.window(0), Duration.ZERO, bytes));
    }
    write("stream", 1, List.of(), letters, late, Optional.empty());
    Sql.execute(
        "UPDATE crossfade.dead_letters SET status = 'DISCARDED', resolved_reason = 'known'"
            + " WHERE origin = 't:1'",
        "UPDATE crossfade.dead_letters SET status = 'REPLAYED', resolved_by = 3,"
            + " resolved_reason = 'mended', resolved_at = now() WHERE origin = 't:2'",
        "UPDATE crossfade.late_records SET restated_by = 3 WHERE origin = 't:2'");
    String states =
        "SELECT origin, status, resolved_by, resolved_reason, resolved_at IS NULL, attempts,"
            + " retryable FROM crossfade.dead_letters ORDER BY origin";
    String restated =
        "SELECT origin FROM crossfade.late_records WHERE restated_by = 3 ORDER BY origin";

    // The same run goes on, and another that began before the replay.
    write("stream", 1, List.of(), letters, late, Optional.empty());
    write("stream", 2, List.of(), letters, late, Optional.empty());
    assertThat(
        Sql.query(states),
        contains(
            "t:0|OPEN|null|null|t|2|f",
            "t:1|DISCARDED|null|known|t|2|t",
            "t:2|REPLAYED|3|mended|f|2|f"));
    assertThat(Sql.query(restated), contains("t:2"));

    write("stream", 4, List.of(), letters, late, Optional.empty());
    assertThat(
        Sql.query(states),
        contains(
            "t:0|OPEN|null|null|t|3|f",
            "t:1|DISCARDED|null|known|t|3|t",
            "t:2|OPEN|null|null|t|3|f"));
    assertThat(Sql.query(restated), is(empty()));
  }

  @Test
  void theGreatestCountsOfARunStandAndRunsDoNotMeet() throws Exception {
    Map<String, OriginCounts> origins =
        Map.of(
            "t[0]",
            new OriginCounts(7, 1, 2, 3, 12),
            "empty[0]",
            new OriginCounts(0, 0, 0, 0, 40),
            "spare[-1]",
            OriginCounts.NOTHING);
    Map<Integer, WindowCounts> windows =
        Map.of(0, new WindowCounts(5, 2), 3, new WindowCounts(1, 1));
    Map<String, OriginCounts> olderOrigins = Map.of("t[0]", new OriginCounts(8, 0, 1, 2, 11));
    Map<Integer, WindowCounts> olderWindows = Map.of(0, new WindowCounts(4, 3));

    for (boolean olderFirst : new boolean[] {true, false}) {
      createTables();
      for (boolean older : new boolean[] {olderFirst, !olderFirst, olderFirst}) {
        writeCounts(
            target("stream", 4, false),
            older ? olderOrigins : origins,
            older ? olderWindows : windows);
      }
      writeCounts(target("stream", 3, false), olderOrigins, olderWindows);

      assertThat(
          Sql.query("SELECT * FROM crossfade.origin_ledger ORDER BY run, source"),
          contains(
              "readings|stream|3|t[0]|8|0|1|2|11",
              "readings|stream|4|empty[0]|0|0|0|0|40",
              "readings|stream|4|t[0]|7|1|2|3|12"));
      assertThat(
          Sql.query(
              "SELECT flow, lane, run, window_start AT TIME ZONE 'UTC', window_end - window_start,"
                  + " decoded, filtered FROM crossfade.window_ledger ORDER BY run, window_start"),
          contains(
              "readings|stream|3|2001-02-03 04:00:00|00:10:00|4|3",
              "readings|stream|4|2001-02-03 04:00:00|00:10:00|5|2",
              "readings|stream|4|2001-02-03 04:30:00|00:10:00|1|1"));
      assertThat(
          "a window of filtered events alone closes as well",
          Sql.query("SELECT count(*), min(run) FROM crossfade.closed_windows"),
          contains("2|4"));
    }
  }

  @Test
  void conflictsAreListedOnceWhateverTheyHold() throws Exception {
    List<Conflict> conflicts =
        List.of(
            new Conflict("a\0b", 1, 2),
            new Conflict("long" + "\u4e2d".repeat(20_000) + "1", 3, 4),
            new Conflict("long" + "\u4e2d".repeat(20_000) + "2", 3, 4));
    Result result = Outputs.result("s3", 0, 2, conflicts, 1, false);

    write("stream", 1, List.of(result));
    write("stream", 1, List.of(result, Outputs.result("s3", 0, 1, false)));

    assertThat(
        Sql.query(
            "SELECT lane, run, window_start AT TIME ZONE 'UTC', key, left(id, 7), length(id),"
                + " content FROM crossfade.conflicts ORDER BY id"),
        contains(
            "stream|1|2001-02-03 04:00:00|{\"user\":\"s3\"}|a\\u0000|8"
                + "|00000000000000010000000000000002",
            "stream|1|2001-02-03 04:00:00|{\"user\":\"s3\"}|long\u4e2d\u4e2d\u4e2d|265"
                + "|00000000000000030000000000000004",
            "stream|1|2001-02-03 04:00:00|{\"user\":\"s3\"}|long\u4e2d\u4e2d\u4e2d|265"
                + "|00000000000000030000000000000004"));
  }

  @Test
  void conflictsAndTheirResultAreWrittenTogetherOrNotAtAll() throws Exception {
    Sql.execute("ALTER TABLE crossfade.conflicts ADD CHECK (id <> 'refused')");
    Result refused = Outputs.result("a", 0, 2, List.of(new Conflict("refused", 1, 1)), 0, false);

    assertThat(
        failure("batch", Servers.postgres(), List.of(refused)),
        containsString("violates check constraint"));

    assertThat(Sql.query(ROWS), is(empty()));
  }

  @Test
  void aStagedRunKeepsItsResultsAndClosingsAside() throws Exception {
    Origin origin = new Origin("t", 1);
    RecordBytes bytes = RecordBytes.copyOf(new byte[0]);
    DeadLetter dead =
        new DeadLetter(
            origin, DeadLetter.Step.COMPUTE, "X", "m", bytes, null, Outputs.window(1), false);
    Result result = Outputs.result("a", 0, 1, List.of(new Conflict("x", 1, 1)), 0, false);
    Pipeline pipeline = Pipeline.create();
    Pipeline.applyTransform(
        "Write",
        Outputs.of(
            pipeline,
            List.of(result),
            List.of(dead),
            List.of(),
            Map.of("t", new OriginCounts(2, 0, 0, 0, 3)),
            Map.of(0, new WindowCounts(2, 0))),
        WriteToStore.of(
            Servers.postgres(), ReadingsFlow.plan(), target("batch", 17, true), Optional.empty()));
    pipeline.run().waitUntilFinish();

    assertThat(Sql.query("SELECT lane, run FROM crossfade.readings"), contains("batch~17|17"));
    assertThat(
        Sql.query("SELECT lane, run FROM crossfade.closed_windows"),
        contains("batch~17|17", "batch~17|17"));
    for (String table : List.of("dead_letters", "conflicts", "origin_ledger", "window_ledger")) {
      assertThat(
          table, Sql.query("SELECT lane, run FROM crossfade." + table), contains("batch|17"));
    }
  }

  /** Every kind of row of a run, and each as another process has started the run again. */
  @Test
  void nothingIsWrittenByAnAttemptThatIsOver() throws Exception {
    Sql.execute("UPDATE crossfade.runs SET attempts = 2 WHERE run = 1");
    Result conflicting = Outputs.result("a", 0, 2, List.of(new Conflict("x", 1, 2)), 0, false);
    DeadLetter dead =
        new DeadLetter(
            new Origin("t", 1),
            DeadLetter.Step.VALIDATE,
            "X",
            "m",
            RecordBytes.copyOf(new byte[0]),
            null,
            Outputs.window(0),
            false);
    LateRecord late =
        new LateRecord(
            new Origin("t", 2),
            Outputs.window(0).start(),
            Outputs.window(0),
            Duration.ofMillis(1),
            RecordBytes.copyOf(new byte[0]));
    Map<String, OriginCounts> origins = Map.of("t", new OriginCounts(2, 0, 0, 0, 3));
    Map<Integer, WindowCounts> windows = Map.of(0, new WindowCounts(2, 0));
    Map<String, Function<Pipeline, FlowOutputs>> writes = new LinkedHashMap<>();
    writes.put("results", p -> Outputs.of(p, List.of(conflicting), List.of(), List.of()));
    writes.put("dead letters", p -> Outputs.of(p, List.of(), List.of(dead), List.of()));
    writes.put("late records", p -> Outputs.of(p, List.of(), List.of(), List.of(late)));
    writes.put("origins", p -> Outputs.of(p, List.of(), List.of(), List.of(), origins, Map.of()));
    writes.put("windows", p -> Outputs.of(p, List.of(), List.of(), List.of(), Map.of(), windows));

    for (boolean staged : List.of(false, true)) {
      writes.forEach(
          (name, outputs) -> {
            RuntimeException gone =
                assertThrows(
                    RuntimeException.class, () -> write(outputs, target("stream", 1, staged)));
            assertThat(name, Failures.textOf(gone), containsString("run 1 is gone"));
          });
    }

    for (String table : TABLES) {
      assertThat(table, Sql.query("SELECT * FROM crossfade." + table), is(empty()));
    }
    Sql.execute("UPDATE crossfade.runs SET attempts = 1 WHERE run = 1");
    writes.values().forEach(outputs -> write(outputs, target("stream", 1, false)));
    for (String table : TABLES) {
      assertThat(table, Sql.query("SELECT * FROM crossfade." + table), is(not(empty())));
    }
  }

  private static void write(Function<Pipeline, FlowOutputs> outputs, RunTarget target) {
    Pipeline pipeline = Pipeline.create();
    Pipeline.applyTransform(
        "Write",
        outputs.apply(pipeline),
        WriteToStore.of(Servers.postgres(), ReadingsFlow.plan(), target, Optional.empty()));
    pipeline.run().waitUntilFinish();
  }

  /** A drain lets event time end, and with it windows that records may come for yet. */
  @Test
  void aRunThatIsDrainedClosesNoWindow() throws Exception {
    Sql.execute(
        "UPDATE crossfade.runs SET stop_requested = CASE run WHEN 1 THEN 'DRAIN' WHEN 2 THEN 'SAVEPOINT' END");
    for (int run = 1; run <= 3; run++) {
      write("lane" + run, run, List.of(Outputs.result("a", 0, 1, false)));
    }

    assertThat(
        Sql.query("SELECT lane FROM crossfade.closed_windows ORDER BY lane"),
        contains("lane2", "lane3"));
  }

  @Test
  void aWindowIsNotClosedBeforeItsCountsAndDeadLettersAreThere() throws Exception {
    Sql.execute(
        "CREATE FUNCTION crossfade.all_first() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            + " IF (SELECT decoded FROM crossfade.window_ledger w WHERE w.window_start ="
            + " NEW.window_start) IS DISTINCT FROM (SELECT count(*) FROM crossfade.dead_letters d"
            + " WHERE d.window_start = NEW.window_start) THEN RAISE 'closed before its ledger';"
            + " END IF; RETURN NEW; END $$",
        "CREATE TRIGGER all_first BEFORE INSERT ON crossfade.closed_windows FOR EACH ROW EXECUTE"
            + " FUNCTION crossfade.all_first()");
    List<DeadLetter> letters = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      letters.add(
          new DeadLetter(
              new Origin("t", i),
              DeadLetter.Step.VALIDATE,
              "X",
              "m",
              RecordBytes.copyOf(new byte[0]),
              null,
              Outputs.window(i % 3),
              false));
    }
    Map<Integer, WindowCounts> counts = new HashMap<>();
    for (int i = 0; i < 3; i++) {
      counts.put(i, new WindowCounts(40, 0));
    }
    Pipeline pipeline = Pipeline.create();
    Pipeline.applyTransform(
        "Write",
        Outputs.of(pipeline, List.of(), letters, List.of(), Map.of(), counts),
        WriteToStore.of(
            Servers.postgres(), ReadingsFlow.plan(), target("batch", 1, false), Optional.empty()));
    pipeline.run().waitUntilFinish();

    assertThat(Sql.query("SELECT count(*) FROM crossfade.closed_windows"), contains("3"));
  }

  @Test
  void whatIsWrongIsSaidWithoutValuesOrPassword() throws Exception {
    Database right = Servers.postgres();
    List<Result> secret = List.of(Outputs.result("s3cr3t", 0, 1, false));
    Database wrong = Servers.database(right.url(), right.user(), "hunter2");
    assertThat(failure("batch", wrong, secret), containsString("password authentication failed"));

    Sql.execute("ALTER TABLE crossfade.readings ADD COLUMN more text NOT NULL");
    assertThat(failure("batch", right, secret), containsString("column \"more\""));
    Sql.execute(
        "ALTER TABLE crossfade.readings DROP COLUMN more, ALTER COLUMN \"order\" TYPE boolean"
            + " USING false");
    assertThat(
        failure("batch", right, secret),
        allOf(containsString("\"order\""), containsString("is of type boolean")));
    Sql.execute("ALTER TABLE crossfade.readings DROP COLUMN \"order\"");
    assertThat(failure("batch", right, secret), containsString("\"order\""));
    Sql.execute("DROP TABLE crossfade.readings");
    assertThat(
        failure("batch", right, secret), containsString("\"crossfade.readings\" does not exist"));
  }

  private static String failure(String lane, Database database, List<Result> results) {
    RuntimeException failure =
        assertThrows(
            RuntimeException.class,
            () -> write(database, lane, 1, results, List.of(), List.of(), Optional.empty()));
    String all = Failures.textOf(failure);
    assertThat(all, not(containsString(Servers.password())));
    assertThat(all, not(containsString("hunter2")));
    assertThat(all, not(containsString("s3cr3t")));
    return all;
  }

  private static void write(String lane, long run, List<Result> results) {
    write(lane, run, results, List.of(), List.of(), Optional.empty());
  }

  private static void write(
      String lane,
      long run,
      List<Result> results,
      List<DeadLetter> dead,
      List<LateRecord> late,
      Optional<EventWindow> covered) {
    write(Servers.postgres(), lane, run, results, dead, late, covered);
  }

  private static void write(
      Database database,
      String lane,
      long run,
      List<Result> results,
      List<DeadLetter> dead,
      List<LateRecord> late,
      Optional<EventWindow> covered) {
    Pipeline pipeline = Pipeline.create();
    Pipeline.applyTransform(
        "Write",
        Outputs.of(pipeline, results, dead, late),
        WriteToStore.of(database, ReadingsFlow.plan(), target(lane, run, false), covered));
    pipeline.run().waitUntilFinish();
  }

  private static void writeCounts(
      RunTarget target, Map<String, OriginCounts> origins, Map<Integer, WindowCounts> windows) {
    Pipeline pipeline = Pipeline.create();
    Pipeline.applyTransform(
        "Write",
        Outputs.of(pipeline, List.of(), List.of(), List.of(), origins, windows),
        WriteToStore.of(Servers.postgres(), ReadingsFlow.plan(), target, Optional.empty()));
    pipeline.run().waitUntilFinish();
  }

  private static RunTarget target(String lane, long run, boolean staged) {
    return new RunTarget(lane, run, 1, staged, "logic" + run, Duration.ofSeconds(2));
  }
}

package dev.crossfade.io.jdbc;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.crossfade.io.Failures;
import dev.crossfade.io.Outputs;
import dev.crossfade.io.ReadingsFlow;
import dev.crossfade.io.Servers;
import dev.crossfade.io.Sql;
import dev.crossfade.transforms.graph.FlowOutputs;
import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.testing.TestStream;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.TimestampedValue;
import org.junit.jupiter.api.Test;

class RecordClosingsTest {
  private static final Instant END = Outputs.window(0).end();
  private static final Instant CLOSING = END.plus(ReadingsFlow.WINDOWS.allowedLateness());

  /** The database itself counts the rows that are there when a window closes. */
  @Test
  void aWindowClosesWhenTheLatenessIsOverAndNotWhenItEnds() throws Exception {
    Sql.createStore(ReadingsFlow.plan().table());
    Sql.execute(
        "CREATE TABLE crossfade.seen (window_start timestamptz, rows bigint)",
        "CREATE FUNCTION crossfade.look() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            + " INSERT INTO crossfade.seen SELECT NEW.window_start, count(*)"
            + " FROM crossfade.readings; RETURN NEW; END $$",
        "CREATE TRIGGER look BEFORE INSERT ON crossfade.closed_windows FOR EACH ROW EXECUTE"
            + " FUNCTION crossfade.look()");

    write(
        TestStream.create(SerializableCoder.of(Result.class))
            .addElements(result("first", 0))
            .advanceWatermarkTo(joda(END))
            .addElements(result("the window has ended", 1))
            .advanceWatermarkTo(joda(CLOSING.minusMillis(1)))
            .addElements(result("it is about to close", 1))
            // A timer of the DirectRunner's fires when the watermark is past it.
            .advanceWatermarkTo(joda(CLOSING.plusMillis(1)))
            .addElements(result("it has closed", 1))
            .advanceWatermarkToInfinity());

    assertThat(
        Sql.query("SELECT rows FROM crossfade.seen ORDER BY window_start"), contains("3", "4"));
  }

  /**
   * The database notes each step of the frontier. Nothing is in the second and third window, which
   * the watermark passes before anything of the fourth one can be closed.
   */
  @Test
  void aWindowWithoutAnythingInItIsPassedByTheFrontierWhenItsLatenessIsOver() throws Exception {
    Sql.createStore(ReadingsFlow.plan().table());
    Sql.execute(
        "CREATE TABLE crossfade.seen (rows bigint, closed_to timestamptz)",
        "CREATE FUNCTION crossfade.look() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            + " INSERT INTO crossfade.seen SELECT count(*), NEW.closed_to"
            + " FROM crossfade.readings; RETURN NEW; END $$",
        "CREATE TRIGGER look BEFORE INSERT ON crossfade.frontiers FOR EACH ROW EXECUTE"
            + " FUNCTION crossfade.look()");
    Instant thirdCloses = Outputs.window(2).end().plus(ReadingsFlow.WINDOWS.allowedLateness());

    write(
        TestStream.create(SerializableCoder.of(Result.class))
            .addElements(result("first", 0))
            .addElements(result("fourth", 3))
            .advanceWatermarkTo(joda(thirdCloses.minusMillis(1)))
            .addElements(result("the third is open", 3))
            .advanceWatermarkTo(joda(thirdCloses.plusMillis(1)))
            .addElements(result("the third is closed", 3))
            .advanceWatermarkToInfinity());

    assertThat(
        Sql.query(
            "SELECT rows, extract(epoch FROM closed_to)::bigint FROM crossfade.seen"
                + " ORDER BY closed_to"),
        contains(
            "2|" + Outputs.window(0).end().getEpochSecond(),
            "2|" + Outputs.window(1).end().getEpochSecond(),
            "3|" + Outputs.window(2).end().getEpochSecond(),
            "4|" + Outputs.window(3).end().getEpochSecond()));
  }

  /** Ten thousand windows lie between the two, and the end of time is far away. */
  @Test
  void aWideGapIsCrossedInAFewSteps() throws Exception {
    Sql.createStore(ReadingsFlow.plan().table());
    Sql.execute(
        "CREATE TABLE crossfade.seen (closed_to timestamptz)",
        "CREATE FUNCTION crossfade.look() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            + " INSERT INTO crossfade.seen SELECT NEW.closed_to; RETURN NEW; END $$",
        "CREATE TRIGGER look BEFORE INSERT ON crossfade.frontiers FOR EACH ROW EXECUTE"
            + " FUNCTION crossfade.look()");

    write(
        TestStream.create(SerializableCoder.of(Result.class))
            .addElements(result("first", 0), result("last", 10_000))
            .advanceWatermarkToInfinity());

    assertThat(
        Sql.query(
            "SELECT max(closed_to) = (SELECT max(window_end) FROM crossfade.readings),"
                + " count(*) < 1000 FROM crossfade.seen"),
        contains("t|t"));
  }

  @Test
  void whatADrainPassesIsNotClosed() throws Exception {
    Sql.createStore(ReadingsFlow.plan().table());
    Sql.execute("UPDATE crossfade.runs SET stop_requested = 'DRAIN' WHERE run = 1");

    write(
        TestStream.create(SerializableCoder.of(Result.class))
            .addElements(result("first", 0))
            .advanceWatermarkToInfinity());

    assertThat(Sql.query("SELECT * FROM crossfade.frontiers"), is(empty()));
    assertThat(Sql.query("SELECT * FROM crossfade.closed_windows"), is(empty()));
  }

  /** Its timers fire long after anything was written of the window. */
  @Test
  void anAttemptThatIsOverClosesNothing() throws Exception {
    Sql.createStore(ReadingsFlow.plan().table());
    Sql.execute("UPDATE crossfade.runs SET ended_at = now() WHERE run = 1");
    Pipeline pipeline = Pipeline.create();
    pipeline
        .apply(Create.of(Outputs.window(0)).withCoder(SerializableCoder.of(EventWindow.class)))
        .apply(
            RecordClosings.of(
                Servers.postgres(),
                "readings",
                new RunTarget("stream", 1, 1, false, "logic", Duration.ofSeconds(2)),
                ReadingsFlow.WINDOWS,
                Optional.empty()));

    RuntimeException gone =
        assertThrows(RuntimeException.class, () -> pipeline.run().waitUntilFinish());

    assertThat(Failures.textOf(gone), containsString("run 1 is gone"));
    assertThat(Sql.query("SELECT * FROM crossfade.closed_windows"), is(empty()));
  }

  private static void write(TestStream<Result> results) {
    Pipeline pipeline = Pipeline.create();
    FlowOutputs nothing = Outputs.of(pipeline, List.of(), List.of(), List.of());
    Pipeline.applyTransform(
        "Write",
        new FlowOutputs(
            pipeline.apply("Stream", results).apply("Windows", ReadingsFlow.WINDOWS.into()),
            nothing.deadLetters(),
            nothing.lateRecords(),
            nothing.originCounts(),
            nothing.windowCounts()),
        WriteToStore.of(
            Servers.postgres(),
            ReadingsFlow.plan(),
            new RunTarget("stream", 1, 1, false, "logic", Duration.ofSeconds(2)),
            Optional.empty()));
    pipeline.run().waitUntilFinish();
  }

  /** A result at the last instant of its window, which no watermark of the test has passed. */
  private static TimestampedValue<Result> result(String user, int window) {
    return TimestampedValue.of(
        Outputs.result(user, window, 1, false), joda(Outputs.window(window).end().minusMillis(1)));
  }

  private static org.joda.time.Instant joda(Instant instant) {
    return org.joda.time.Instant.ofEpochMilli(instant.toEpochMilli());
  }
}

package dev.crossfade.runners.flink.crash;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.is;

import dev.crossfade.io.kafka.KafkaTopic;
import dev.crossfade.launcher.testing.Call;
import dev.crossfade.runners.flink.crash.Kill.Step;
import dev.crossfade.runners.flink.crash.Kill.Victim;
import dev.crossfade.runners.flink.crash.OrderStream.Fate;
import dev.crossfade.sandbox.PostgresServer;
import dev.crossfade.sandbox.SandboxException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * A stream whose parts are killed again and again, and whose process is stopped while another one
 * takes its work over; and what must be true of it afterwards.
 *
 * <p>First the stream alone, to its end: its table is that of a batch over the orders less those
 * planted as late and as dead. Then restatements of the late records, which are killed as well and
 * change nothing until one ends: then the table has the late ones. Then a replay with a mended
 * decoder, and the table has all.
 */
final class CrashCampaign implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  private final Path directory;
  private final OrderStream stream;
  private final List<Kill> kills;
  private final BrokerProcess broker;
  private final PostgresServer postgres;
  private final Facts facts;
  private final CrossfadeProcess.Installation orders;
  private final CrossfadeProcess.Installation mended;
  private final OrderPublisher publisher;
  private final Checkpoints checkpoints;
  private final Tally tally = new Tally();

  private CrossfadeProcess running;
  private long accountedBefore;
  private int done;

  CrashCampaign(Path directory, OrderStream stream, List<Kill> kills) throws Exception {
    this.directory = directory;
    this.stream = stream;
    this.kills = kills;
    this.broker = new BrokerProcess(directory.resolve("kafka"));
    broker.start();
    this.postgres = PostgresServer.open(directory.resolve("postgres"), line -> {});
    Map<String, String> environment =
        Map.of(
            "CROSSFADE_KAFKA", broker.bootstrapServers(),
            "CROSSFADE_KAFKA_PROPERTIES", broker.propertiesFile().toString(),
            "CROSSFADE_DB_URL", postgres.jdbcUrl(),
            "CROSSFADE_DB_USER", postgres.user(),
            "CROSSFADE_DB_PASSWORD", postgres.password(),
            "ORDERS", directory.resolve("orders.json").toString());
    this.facts = new Facts(environment);
    this.orders =
        new CrossfadeProcess.Installation(directory.resolve("orders"), Orders.class, environment);
    this.mended =
        new CrossfadeProcess.Installation(
            directory.resolve("mended"), OrdersMended.class, environment);
    KafkaTopic topic =
        new KafkaTopic(broker.bootstrapServers(), "orders", broker.clientProperties());
    try (Admin admin = Admin.create(Map.copyOf(broker.clientProperties()))) {
      admin
          .createTopics(List.of(new NewTopic("orders", OrderStream.PARTITIONS, (short) 1)))
          .all()
          .get();
    }
    this.checkpoints = new Checkpoints(directory.resolve("checkpoints"), facts);
    this.publisher = new OrderPublisher(topic, stream.records());
    // A batch first, so that the tables are there.
    writeOrders(Fate.IN_TIME, Fate.DUPLICATE);
    succeed(batch(orders));
  }

  /** Runs all of it. */
  void run() throws Exception {
    long streamed = kills.stream().filter(kill -> kill.step() != Step.RESTATEMENT).count();
    for (Kill kill : kills) {
      if (kill.step() != Step.RESTATEMENT) {
        ensureRunning();
        killStream(kill, stream.records().size() / (streamed + 1));
      }
    }
    ensureRunning();
    publisher.finish();
    assertThat(running.toString(), running.exitCode(PATIENCE), is(0));
    say("the stream has ended");

    assertThat("late", facts.late(), is(stream.texts(Fate.LATE)));
    assertThat("dead", facts.dead("OPEN"), is(stream.texts(Fate.MENDABLE, Fate.GARBAGE)));
    assertBalanced("stream");
    assertThatStreamIsBatch();
    say("the table is that of a batch over the orders less the late and the dead");

    for (Kill kill : kills) {
      if (kill.step() == Step.RESTATEMENT) {
        killRestatement(kill);
      }
    }
    succeed(orders.call(restate()));
    writeOrders(Fate.IN_TIME, Fate.DUPLICATE, Fate.LATE);
    succeed(batch(orders));
    assertThatStreamIsBatch();
    assertBalanced("stream");
    say("with the late records restated it is that of a batch with them");

    succeed(mended.call("dlq", "replay", "--runner=DirectRunner"));
    writeOrders(Fate.values());
    succeed(batch(mended));
    assertThatStreamIsBatch();
    assertThat("still dead", facts.dead("OPEN"), is(stream.texts(Fate.GARBAGE)));
    assertThat("replayed", facts.dead("REPLAYED"), is(stream.texts(Fate.MENDABLE)));
    assertBalanced("stream");
    assertBalanced("batch");
    say("with the mended letters replayed it is that of a batch over all orders");

    String digest = facts.digest();
    succeed(mended.call("dlq", "replay", "--runner=DirectRunner"));
    assertThat("a second replay changes nothing", facts.digest(), is(digest));
    assertThat("temporary files", orders.leftAfterOneMore(), is(List.of()));
    say(tally.toString());
  }

  Tally tally() {
    return tally;
  }

  /** What was hit. */
  static final class Tally {
    private final Map<Step, Integer> steps = new EnumMap<>(Step.class);
    private final Map<Victim, Integer> victims = new EnumMap<>(Victim.class);
    private int withLag;
    private int afterWrite;

    private void add(Kill kill, Step step, long lag, long rows) {
      steps.merge(step, 1, Integer::sum);
      victims.merge(kill.victim(), 1, Integer::sum);
      withLag += lag > 0 ? 1 : 0;
      afterWrite += rows > 0 ? 1 : 0;
    }

    void require(int all, int lag, int write, int restores, int restatements, int pauses) {
      String what = toString();
      assertThat(
          what, victims.values().stream().mapToInt(i -> i).sum(), is(greaterThanOrEqualTo(all)));
      assertThat(
          what,
          victims.entrySet().stream()
              .filter(entry -> entry.getKey().isPaused())
              .mapToInt(Map.Entry::getValue)
              .sum(),
          is(greaterThanOrEqualTo(pauses)));
      assertThat(what, withLag, is(greaterThanOrEqualTo(lag)));
      assertThat(what, afterWrite, is(greaterThanOrEqualTo(write)));
      assertThat(what, steps.getOrDefault(Step.RESTORE, 0), is(greaterThanOrEqualTo(restores)));
      assertThat(
          what, steps.getOrDefault(Step.RESTATEMENT, 0), is(greaterThanOrEqualTo(restatements)));
    }

    @Override
    public String toString() {
      return "kills by victim "
          + victims
          + ", by step "
          + steps
          + "; with lag above 0: "
          + withLag
          + ", between a write and its checkpoint: "
          + afterWrite;
    }
  }

  /** Starts the stream, or goes on with it, if it does not run. */
  private void ensureRunning() throws IOException, SQLException {
    if (running != null && running.isAlive()) {
      return;
    }
    start(checkpoints.any());
  }

  private void start(boolean restores) throws IOException, SQLException {
    accountedBefore = restores ? facts.accounted() : 0;
    running =
        orders.start(
            Stream.concat(
                    Stream.of(
                        "run",
                        "--source=stream",
                        "--runner=FlinkRunner",
                        "--parallelism=2",
                        "--checkpointingInterval=2000",
                        "--checkpoints=" + checkpoints.directory()),
                    restores ? Stream.of("--resume") : Stream.empty())
                .toArray(String[]::new));
  }

  /**
   * Kills when the step has begun, with a part of the records sent before that and the rest from
   * then on, so that there are always some on their way.
   */
  private void killStream(Kill kill, long records) throws Exception {
    publisher.allow(records * done + records / 3);
    if (kill.step() == Step.RESTORE) {
      await(() -> running.err().contains("resuming run"));
    } else {
      await(() -> facts.accounted() > accountedBefore && (checkpoints.any() || !isBeforeRestore()));
    }
    publisher.allow(records * (done + 1));
    LockSupport.parkNanos(kill.after().toNanos());
    assertThat(running.toString(), running.isAlive(), is(true));
    long accounted = facts.accounted();
    long lag = publisher.acknowledged() - accounted;
    long rows = facts.rowsSince(checkpoints.transaction());
    Step step =
        kill.step() == Step.RESTORE && accounted <= accountedBefore ? Step.RESTORE : Step.STREAM;
    if (kill.victim().isPaused()) {
      pause(kill, running);
    } else {
      kill(kill, running);
    }
    tell(kill, step, lag, rows);
    accountedBefore = facts.accounted();
  }

  /**
   * Stops the process, cuts its connections, lets another one take the stream over, and lets the
   * first one go on: it has to give up, and to leave the other's run alone.
   */
  private void pause(Kill kill, CrossfadeProcess first) throws Exception {
    try (first) {
      first.pause();
      facts.cutConnections();
      long before = facts.newest();
      start(kill.victim() == Victim.CROSSFADE_RESUMED && checkpoints.any());
      String begun = running.isResumption() ? "resuming run" : "running orders";
      await(
          () ->
              running.err().contains(begun)
                  && (running.isResumption() || facts.newest() > before)
                  && checkpoints.any());
      LockSupport.parkNanos(kill.away().toNanos());
      String second = facts.newestRun();
      first.goOn();
      assertGivesUp(first);
      assertThat("the run of the second process", facts.newestRun(), is(second));
      assertThat(running.toString(), running.isAlive(), is(true));
    }
  }

  private static void assertGivesUp(CrossfadeProcess first) throws Exception {
    assertThat(first.toString(), first.exitCode(PATIENCE), is(6));
    assertThat(first.err(), containsString("does not count any more"));
  }

  /** Whether what the next kill is to hit is the restore from a checkpoint. */
  private boolean isBeforeRestore() {
    return done + 1 < kills.size() && kills.get(done + 1).step() == Step.RESTORE;
  }

  /** A restatement that is killed, or that gives up since a server was, has changed nothing. */
  private void killRestatement(Kill kill) throws Exception {
    String digest = facts.digest();
    long last = facts.restating();
    try (CrossfadeProcess restatement = orders.start(restate())) {
      running = restatement;
      await(() -> facts.restating() > last);
      LockSupport.parkNanos(kill.after().toNanos());
      assertThat("it was killed too late: " + restatement, restatement.isAlive(), is(true));
      if (kill.victim().isPaused()) {
        restatement.pause();
        facts.cutConnections();
        succeed(orders.call(restate()));
        digest = facts.digest();
        restatement.goOn();
        assertGivesUp(restatement);
        assertThat("a restatement that was overtaken", facts.digest(), is(digest));
        tell(kill, Step.RESTATEMENT, 0, 0);
        return;
      }
      kill(kill, restatement);
      tell(kill, Step.RESTATEMENT, 0, 0);
      if (kill.victim() == Victim.CROSSFADE) {
        assertThat("a killed restatement changes nothing", facts.digest(), is(digest));
      } else if (restatement.exitCode(PATIENCE) != 0) {
        say("gave up:\n" + restatement);
        assertThat("one that gave up changes nothing", facts.digest(), is(digest));
      }
    }
  }

  /** All windows, since one of the restatements that lose a server may end well. */
  private String[] restate() throws SQLException {
    return new String[] {
      "restate", "--windows=" + facts.closed(), "--reason=late records of the campaign"
    };
  }

  private void kill(Kill kill, CrossfadeProcess crossfade) throws Exception {
    switch (kill.victim()) {
      case CROSSFADE -> crossfade.kill();
      case BROKER -> {
        broker.kill();
        LockSupport.parkNanos(kill.away().toNanos());
        broker.start();
      }
      case POSTGRES -> {
        ProcessHandle server = ProcessHandle.of(postgres.pid().orElseThrow()).orElseThrow();
        server.destroyForcibly();
        server.onExit().get();
        LockSupport.parkNanos(kill.away().toNanos());
        postgres.start();
      }
      default -> throw new IllegalArgumentException(kill + " is no kill");
    }
  }

  private void tell(Kill kill, Step step, long lag, long rows) {
    done++;
    tally.add(kill, step, lag, rows);
    say(
        String.format(
            Locale.ROOT,
            "kill %d of %d: %s in %s, %d ms after its begin, away %d ms; lag %d records, rows since"
                + " the last completed checkpoint %d",
            done,
            kills.size(),
            kill.victim(),
            step,
            kill.after().toMillis(),
            kill.victim() == Victim.CROSSFADE ? 0 : kill.away().toMillis(),
            lag,
            rows));
  }

  private static Call batch(CrossfadeProcess.Installation installation) throws IOException {
    return installation.call("run", "--source=batch");
  }

  private void writeOrders(Fate... fates) throws IOException {
    Set<Fate> wanted = Set.of(fates);
    Files.writeString(
        directory.resolve("orders.json"),
        stream.records().stream()
            .filter(record -> wanted.contains(record.fate()))
            .map(OrderStream.Sent::text)
            .collect(Collectors.joining("\n", "", "\n")),
        StandardCharsets.UTF_8);
  }

  private void assertThatStreamIsBatch() throws IOException {
    succeed(orders.call("reconcile", "--left=batch", "--right=stream"));
  }

  private void assertBalanced(String lane) throws IOException {
    Call call = orders.call("ledger", "--lane=" + lane, "--json");
    succeed(call);
    assertThat(call.out(), call.json().path("balanced").asBoolean(), is(true));
  }

  private static void succeed(Call call) {
    assertThat(call.toString(), call.exitCode(), is(0));
  }

  private void await(Callable<Boolean> condition) {
    org.awaitility.Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptionsInstanceOf(SQLException.class)
        .failFast(() -> assertThat(running.toString(), running.isAlive(), is(true)))
        .until(condition);
  }

  private static void say(String line) {
    System.out.println(line);
  }

  @Override
  public void close() throws SandboxException {
    try (broker;
        postgres) {
      publisher.close();
      checkpoints.close();
      if (running != null) {
        running.kill();
      }
    }
  }
}

package dev.crossfade.sandbox;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.FaultHandlerFactory;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server;
import kafka.server.SharedServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.NotControllerException;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData;
import org.apache.kafka.common.message.AlterUserScramCredentialsRequestData.ScramCredentialUpsertion;
import org.apache.kafka.common.message.AlterUserScramCredentialsResponseData;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.security.plain.PlainLoginModule;
import org.apache.kafka.common.security.scram.ScramLoginModule;
import org.apache.kafka.common.security.scram.internals.ScramFormatter;
import org.apache.kafka.common.security.scram.internals.ScramMechanism;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.controller.ControllerRequestContext;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Features;
import org.apache.kafka.server.common.MetadataVersion;
import org.apache.kafka.server.fault.FaultHandlerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/**
 * A Kafka broker in this JVM, on loopback ports, with its log in a directory; broker and controller
 * in one, as KRaft allows. It keeps records for ever, whatever their timestamps: with the usual
 * retention a broker deletes history while it is being loaded.
 *
 * <p>Who does not know the password is refused, by the broker and by the controller. The password
 * is told to the controller at each start, before a client can come, so a log that was written
 * without one, or with another, is opened as well.
 *
 * <p>The parts are put together here and not by {@link KafkaRaftServer}, which ends the JVM when
 * one of them fails, a taken port included.
 */
public final class KafkaBroker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaBroker.class);

  /** The version of the artifact that the root pom asks for. */
  static final String VERSION = "3.9.1";

  private static final int NODE = 1;
  private static final int BIND_ATTEMPTS = 3;
  private static final String USER = "crossfade";
  private static final ScramMechanism SCRAM = ScramMechanism.SCRAM_SHA_512;
  private static final byte SCRAM_IN_REQUESTS =
      org.apache.kafka.clients.admin.ScramMechanism.SCRAM_SHA_512.type();
  private static final Duration ELECTION_LIMIT = Duration.ofSeconds(30);
  private static final Duration ELECTION_PAUSE = Duration.ofMillis(10);

  /** Those that run, or try to, in this JVM. */
  private static final Set<KafkaBroker> RUNNING = ConcurrentHashMap.newKeySet();

  static {
    // Kafka ends the JVM without a word to anybody else when its log cannot be written any more.
    Exit.setExitProcedure(KafkaBroker::refuseToEnd);
    Exit.setHaltProcedure(KafkaBroker::refuseToEnd);
  }

  private final Path directory;
  private final String password;
  private final AtomicReference<String> failure = new AtomicReference<>();
  private int brokerPort;
  private int controllerPort;
  private BrokerServer broker;
  private ControllerServer controller;

  private KafkaBroker(Path directory, String password) {
    this.directory = directory;
    this.password = password;
  }

  /**
   * Starts a broker whose log lives in the directory: formatted when it is new, opened as it is
   * otherwise, also after a kill. Its password is random, made once for the directory.
   *
   * @param directory a directory that no other broker uses
   * @param progress told what takes long
   */
  public static KafkaBroker open(Path directory, Consumer<String> progress)
      throws SandboxException {
    return open(directory, OptionalInt.empty(), password(directory), progress);
  }

  /**
   * As {@link #open}, where clients that know the broker look for it.
   *
   * @param port the port for clients
   */
  public static KafkaBroker openAt(Path directory, int port, Consumer<String> progress)
      throws SandboxException {
    return open(directory, OptionalInt.of(port), password(directory), progress);
  }

  /** As {@link #open}, with the password of somebody else. */
  static KafkaBroker open(Path directory, String password, Consumer<String> progress)
      throws SandboxException {
    return open(directory, OptionalInt.empty(), password, progress);
  }

  private static String password(Path directory) throws SandboxException {
    return Password.of(PrivateFiles.part(directory));
  }

  private static KafkaBroker open(
      Path directory, OptionalInt port, String password, Consumer<String> progress)
      throws SandboxException {
    Path home = PrivateFiles.part(directory);
    if (home.toString().contains(",")) {
      throw new SandboxException(
          "Kafka takes the comma in " + home + " for the end of the name; choose one without");
    }
    KafkaBroker kafka = new KafkaBroker(home, password);
    for (int attempt = 1; ; attempt++) {
      List<Integer> ports = Loopback.freePorts(2);
      kafka.brokerPort = port.orElse(ports.get(0));
      kafka.controllerPort = ports.get(1);
      if (attempt == 1 && kafka.formatIfNew()) {
        progress.accept("formatted a log for Kafka in " + home);
      }
      try {
        kafka.start();
        return kafka;
      } catch (SandboxException e) {
        if (attempt == BIND_ATTEMPTS || !hasCause(e, BindException.class)) {
          throw e;
        }
        LOG.debug("a port of {} was taken before Kafka had it", ports, e);
      }
    }
  }

  /** Starts the broker again where it was: same port, same log. Does nothing if it runs. */
  public synchronized void start() throws SandboxException {
    if (broker != null) {
      return;
    }
    boolean started = false;
    failure.set(null);
    RUNNING.add(this);
    try {
      KafkaConfig config = new KafkaConfig(settings(), false);
      Tuple2<MetaPropertiesEnsemble, BootstrapMetadata> formatted =
          KafkaRaftServer.initializeLogDirs(config, LOG, "");
      SharedServer shared =
          new SharedServer(
              config,
              formatted._1(),
              Time.SYSTEM,
              Server.initializeMetrics(config, Time.SYSTEM, formatted._1().clusterId().get()),
              CompletableFuture.completedFuture(
                  Map.of(NODE, new InetSocketAddress(Loopback.address(), controllerPort))),
              List.of(),
              logged());
      controller = new ControllerServer(shared, KafkaRaftServer.configSchema(), formatted._2());
      broker = new BrokerServer(shared);
      controller.startup();
      // Before this nobody would be let in, the broker itself included.
      letIn();
      broker.startup();
      writeClientProperties();
      started = true;
    } catch (Exception e) {
      // Scala declares no checked exceptions and throws them all the same.
      throw new SandboxException(
          "Kafka does not start on "
              + bootstrapServers()
              + " (controller on port "
              + controllerPort
              + ") with its log in "
              + directory
              + ": "
              + e.getMessage(),
          e);
    } finally {
      if (!started) {
        stop();
      }
    }
  }

  /** Stops the broker and waits until its log is closed. Does nothing if it does not run. */
  public synchronized void stop() {
    // What fails while it stops has not failed by itself.
    RUNNING.remove(this);
    try {
      // The broker asks the controller for leave to go, so the controller goes last.
      if (broker != null) {
        broker.shutdown();
      }
    } finally {
      broker = null;
      if (controller != null) {
        controller.shutdown();
      }
      controller = null;
    }
  }

  /** What has ended the broker, unless it was told to stop; empty while it runs. */
  Optional<String> whatFailed() {
    return RUNNING.contains(this) ? Optional.ofNullable(failure.get()) : Optional.empty();
  }

  /** Stops the broker; the records stay. */
  @Override
  public void close() {
    stop();
    try {
      Files.deleteIfExists(propertiesFile());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + propertiesFile(), e);
    }
  }

  /** Where clients connect. */
  public String bootstrapServers() {
    return Loopback.ADDRESS + ":" + brokerPort;
  }

  /**
   * All that a client needs: where the broker is, and how it is let in. They hold the password in
   * clear.
   */
  public Map<String, String> clientProperties() {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("bootstrap.servers", bootstrapServers());
    properties.putAll(security());
    return Collections.unmodifiableMap(properties);
  }

  /** The properties of security among {@link #clientProperties}. */
  public Map<String, String> security() {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("security.protocol", SecurityProtocol.SASL_PLAINTEXT.name());
    properties.put("sasl.mechanism", SCRAM.mechanismName());
    properties.put("sasl.jaas.config", jaas());
    return Collections.unmodifiableMap(properties);
  }

  /**
   * The {@link #clientProperties} as a file, which Kafka's own programs read as well. Only its
   * owner may read it. It is there while the broker is open.
   */
  public Path propertiesFile() {
    return directory.resolve("client.properties");
  }

  private String jaas() {
    return ScramLoginModule.class.getName()
        + " required username=\""
        + USER
        + "\" password=\""
        + password
        + "\";";
  }

  private void writeClientProperties() throws IOException {
    StringBuilder text = new StringBuilder();
    // Nothing in them has to be escaped.
    clientProperties()
        .forEach((name, value) -> text.append(name).append('=').append(value).append('\n'));
    PrivateFiles.write(propertiesFile(), text.toString());
  }

  /** Makes the password that of the one user, in the controller, before there is a broker. */
  private void letIn() throws Exception {
    ScramFormatter formatter = new ScramFormatter(SCRAM);
    byte[] salt = formatter.secureRandomBytes();
    AlterUserScramCredentialsRequestData request =
        new AlterUserScramCredentialsRequestData()
            .setUpsertions(
                List.of(
                    new ScramCredentialUpsertion()
                        .setName(USER)
                        .setMechanism(SCRAM_IN_REQUESTS)
                        .setIterations(SCRAM.minIterations())
                        .setSalt(salt)
                        .setSaltedPassword(
                            formatter.saltedPassword(password, salt, SCRAM.minIterations()))));
    long end = System.nanoTime() + ELECTION_LIMIT.toNanos();
    while (true) {
      try {
        AlterUserScramCredentialsResponseData.AlterUserScramCredentialsResult result =
            controller
                .controller()
                .alterUserScramCredentials(
                    new ControllerRequestContext(
                        new RequestHeaderData(), KafkaPrincipal.ANONYMOUS, OptionalLong.empty()),
                    request)
                .get()
                .results()
                .get(0);
        if (result.errorCode() != Errors.NONE.code()) {
          throw new SandboxException(
              "Kafka's controller takes no password: " + result.errorMessage());
        }
        return;
      } catch (ExecutionException e) {
        // The only one there is; it still has to elect itself.
        if (!(e.getCause() instanceof NotControllerException) || System.nanoTime() > end) {
          throw e;
        }
        LockSupport.parkNanos(ELECTION_PAUSE.toNanos());
      }
    }
  }

  private Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    settings.put("process.roles", "broker,controller");
    settings.put("node.id", Integer.toString(NODE));
    settings.put("controller.quorum.voters", NODE + "@" + Loopback.ADDRESS + ":" + controllerPort);
    settings.put("controller.listener.names", "CONTROLLER");
    settings.put("inter.broker.listener.name", "BROKER");
    settings.put(
        "listener.security.protocol.map", "BROKER:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT");
    settings.put("listener.name.broker.sasl.enabled.mechanisms", SCRAM.mechanismName());
    settings.put("sasl.mechanism.inter.broker.protocol", SCRAM.mechanismName());
    settings.put(
        "listener.name.broker."
            + SCRAM.mechanismName().toLowerCase(Locale.ROOT)
            + ".sasl.jaas.config",
        jaas());
    // SCRAM would ask the controller's own log, which its first clients come before. They are in
    // this process, so nobody has to be told this password.
    settings.put("listener.name.controller.sasl.enabled.mechanisms", "PLAIN");
    settings.put("sasl.mechanism.controller.protocol", "PLAIN");
    String inside = Password.random();
    settings.put(
        "listener.name.controller.plain.sasl.jaas.config",
        String.format(
            Locale.ROOT,
            "%s required username=\"%s\" password=\"%s\" user_%s=\"%s\";",
            PlainLoginModule.class.getName(),
            USER,
            inside,
            USER,
            inside));
    settings.put(
        "listeners",
        "BROKER://"
            + bootstrapServers()
            + ",CONTROLLER://"
            + Loopback.ADDRESS
            + ":"
            + controllerPort);
    settings.put("advertised.listeners", "BROKER://" + bootstrapServers());
    settings.put("log.dirs", log().toString());

    settings.put("log.retention.ms", "-1");
    settings.put("log.retention.bytes", "-1");
    settings.put("auto.create.topics.enable", "false");
    settings.put("default.replication.factor", "1");
    settings.put("min.insync.replicas", "1");
    settings.put("offsets.topic.replication.factor", "1");
    settings.put("offsets.topic.num.partitions", "4");
    settings.put("transaction.state.log.replication.factor", "1");
    settings.put("transaction.state.log.min.isr", "1");
    settings.put("transaction.state.log.num.partitions", "4");

    // One team, one machine: waiting for more members or brokers only costs time, and the threads
    // and buffers for a cluster only cost memory.
    settings.put("group.initial.rebalance.delay.ms", "0");
    // After a kill the broker is let in again only when the session of the killed one has run out;
    // with the usual 9 s, and ever longer pauses between attempts, that took 17 s.
    settings.put("broker.session.timeout.ms", "3000");
    settings.put("broker.heartbeat.interval.ms", "500");
    settings.put("num.network.threads", "2");
    settings.put("num.io.threads", "4");
    settings.put("background.threads", "2");
    settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(4 << 20));
    return settings;
  }

  private Path log() {
    return directory.resolve("log");
  }

  private boolean formatIfNew() throws SandboxException {
    // Kafka writes this file last, so a log that was formatted half is formatted again.
    if (Files.exists(log().resolve("meta.properties"))) {
      return false;
    }
    try {
      Files.createDirectories(log());
      new Formatter()
          .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, "UTF-8"))
          .setClusterId(Uuid.randomUuid().toString())
          .setNodeId(NODE)
          .setControllerListenerName("CONTROLLER")
          .addDirectory(log().toString())
          .setMetadataLogDirectory(log().toString())
          .setSupportedFeatures(Features.PRODUCTION_FEATURES)
          .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
          .run();
      return true;
    } catch (IOException e) {
      throw new SandboxException("cannot write Kafka's log in " + directory + ": " + e, e);
    } catch (Exception e) {
      throw new SandboxException("cannot format Kafka's log in " + directory + ": " + e, e);
    }
  }

  /** Throws, since Kafka takes it for granted that nothing comes after this. */
  private static void refuseToEnd(int status, String message) {
    for (KafkaBroker broker : RUNNING) {
      broker.failure.compareAndSet(
          null,
          message == null
              ? "it gives up, as it does when its log in "
                  + broker.log()
                  + " cannot be written, such as on a full disk"
              : message);
    }
    throw new IllegalStateException("Kafka gives up, and wanted to end with status " + status);
  }

  /** A fault is logged and thrown to whoever met it; the JVM goes on. */
  private FaultHandlerFactory logged() {
    return (name, fatal, action) ->
        (message, cause) -> {
          if (fatal) {
            LOG.error("Kafka: {}: {}", name, message, cause);
            failure.compareAndSet(null, name + ": " + message);
          } else {
            LOG.warn("Kafka: {}: {}", name, message, cause);
          }
          action.run();
          return new FaultHandlerException(name + ": " + message, cause);
        };
  }

  private static boolean hasCause(Throwable failure, Class<? extends Throwable> type) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }
}

package dev.crossfade.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A real Kafka broker and a real PostgreSQL server on loopback ports, with their data in one
 * directory: everything that a first try, a demonstration or an end-to-end test needs, without an
 * installation. The data stay when it is closed and are there when it is opened again, also after a
 * kill. One process at a time holds a directory. It closes itself when the JVM ends, on Ctrl-C too.
 */
public final class Sandbox implements AutoCloseable {
  /**
   * Those of this JVM, by directory: a lock on a file does not tell apart two owners in one
   * process.
   */
  private static final Map<Path, Sandbox> OPEN = new ConcurrentHashMap<>();

  private static final Duration LOOK = Duration.ofMillis(200);
  private static final Duration END_LIMIT = Duration.ofMinutes(1);

  private final Path directory;
  private DirectoryLock lock;
  private ShutdownHook hook;
  private PostgresServer postgres;
  private KafkaBroker kafka;

  /** Empty until both parts run. */
  private volatile Map<String, String> environment = Map.of();

  private Sandbox(Path directory) {
    this.directory = directory;
  }

  /**
   * Opens the sandbox whose data live in the directory.
   *
   * @param directory created when missing, reopened with its data otherwise
   * @param progress told, a line at a time, what is started and how long it took; never by two
   *     threads at once
   * @throws SandboxException if a live process holds the directory, or a part does not start; then
   *     nothing is left running
   */
  public static Sandbox open(Path directory, Consumer<String> progress) throws SandboxException {
    Path home = PrivateFiles.directory(directory);
    Sandbox sandbox = new Sandbox(home);
    // Locked before it can be found, so that nobody closes it or asks it while it opens.
    synchronized (sandbox) {
      if (OPEN.putIfAbsent(home, sandbox) != null) {
        throw held(home, Long.toString(ProcessHandle.current().pid()));
      }
      try {
        sandbox.start(progress);
        return sandbox;
      } catch (SandboxException | RuntimeException | Error e) {
        // Whatever was thrown, half a sandbox does not stay.
        try {
          sandbox.close();
        } catch (IllegalStateException second) {
          e.addSuppressed(second);
        }
        throw e;
      }
    }
  }

  /** Where Kafka's clients connect. */
  public String bootstrapServers() {
    return kafka.bootstrapServers();
  }

  /** Where the database is, without user and password. */
  public String jdbcUrl() {
    return postgres.jdbcUrl();
  }

  /** The owner of the database. */
  public String user() {
    return postgres.user();
  }

  /** The owner's password, in Kafka too: random, made once for the directory. */
  public String password() {
    return postgres.password();
  }

  /**
   * All that a client of Kafka needs: where the broker is, and how it is let in. They hold the
   * password in clear.
   */
  public Map<String, String> kafkaProperties() {
    return kafka.clientProperties();
  }

  /**
   * Variables for settings files: CROSSFADE_KAFKA, CROSSFADE_KAFKA_PROPERTIES (a file with all that
   * a client of Kafka needs), CROSSFADE_DB_URL, CROSSFADE_DB_USER and CROSSFADE_DB_PASSWORD.
   */
  public Map<String, String> environment() {
    return environment;
  }

  /** A line for a shell, after which it has the variables of {@link #environment}. */
  public String connecting() {
    return ". " + EnvironmentFile.quoted(EnvironmentFile.in(directory).toString());
  }

  /**
   * The environment of the sandbox that a live process holds open in this directory, if any. What a
   * killed process left behind does not count.
   */
  public static Optional<Map<String, String>> environmentOf(Path directory) {
    try {
      if (!Files.isDirectory(directory)) {
        return Optional.empty();
      }
      Path home = directory.toRealPath();
      Sandbox ours = OPEN.get(home);
      if (ours != null) {
        return Optional.of(ours.environment).filter(variables -> !variables.isEmpty());
      }
      return DirectoryLock.isHeldByAnother(home) ? EnvironmentFile.read(home) : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot tell whether a sandbox is open in " + directory, e);
    }
  }

  /**
   * Waits until one of the servers has ended by itself. Does not return when the sandbox is closed.
   *
   * @return which one, and what is known of it
   */
  public String awaitFailure() throws InterruptedException {
    while (true) {
      Optional<String> failed =
          postgres
              .whatFailed()
              .map(why -> "PostgreSQL does not run any more: " + why)
              .or(() -> kafka.whatFailed().map(why -> "Kafka does not run any more: " + why));
      if (failed.isPresent()) {
        return failed.get();
      }
      TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
    }
  }

  /**
   * Ends the process that holds a sandbox open in the directory, and waits until it is closed.
   *
   * @return the process that held it; empty if there was none
   * @throws SandboxException if it may not be ended, or has not within a minute
   */
  public static Optional<Long> end(Path directory) throws SandboxException, InterruptedException {
    try {
      if (!Files.isDirectory(directory) || !DirectoryLock.isHeldByAnother(directory)) {
        return Optional.empty();
      }
      String pid = DirectoryLock.holder(directory);
      Optional<ProcessHandle> holder =
          pid.isEmpty() ? Optional.empty() : ProcessHandle.of(Long.parseLong(pid));
      String who = "process " + pid + ", which holds the sandbox in " + directory + " open, ";
      if (holder.isPresent() && !holder.get().destroy() && holder.get().isAlive()) {
        throw new SandboxException(
            who + "cannot be ended by user " + System.getProperty("user.name"));
      }
      long end = System.nanoTime() + END_LIMIT.toNanos();
      while (DirectoryLock.isHeldByAnother(directory)) {
        if (System.nanoTime() > end) {
          throw new SandboxException(
              who + "was told to end and has not within " + END_LIMIT.toSeconds() + " s");
        }
        TimeUnit.NANOSECONDS.sleep(LOOK.toNanos());
      }
      return holder.map(ProcessHandle::pid);
    } catch (IOException | NumberFormatException e) {
      throw new SandboxException(
          "cannot tell which process holds the sandbox in " + directory + " open: " + e, e);
    }
  }

  /**
   * Stops both parts and gives the directory free; the data stay. Does nothing the second time.
   *
   * @throws IllegalStateException if a part could not be stopped; the message says what is left
   */
  @Override
  public synchronized void close() {
    IllegalStateException failure = null;
    // PostgreSQL before Kafka: it is the one that would outlive an impatient second kill.
    for (Step step :
        new Step[] {this::deleteEnvironment, this::closePostgres, this::closeKafka, this::unlock}) {
      try {
        step.run();
      } catch (SandboxException | IOException | RuntimeException e) {
        if (failure == null) {
          failure =
              new IllegalStateException("the sandbox in " + directory + " is not closed: " + e, e);
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private interface Step {
    void run() throws SandboxException, IOException;
  }

  private void start(Consumer<String> listener) throws SandboxException {
    try {
      lock = DirectoryLock.take(directory).orElse(null);
      if (lock == null) {
        throw held(directory, DirectoryLock.holder(directory));
      }
      // Of a process that was killed.
      EnvironmentFile.delete(directory);
    } catch (IOException e) {
      throw new SandboxException("cannot take the directory " + directory + ": " + e, e);
    }
    hook = ShutdownHook.register("closing the sandbox in " + directory, this::close);

    Consumer<String> progress = oneAtATime(listener);
    Path database = directory.resolve("postgres");
    // Known before either of them starts: it is the password of both.
    String password = PostgresServer.passwordOf(PrivateFiles.part(database));
    FutureTask<KafkaBroker> starting =
        new FutureTask<>(
            () ->
                timed(
                    "Kafka " + KafkaBroker.VERSION,
                    progress,
                    () -> KafkaBroker.open(directory.resolve("kafka"), password, progress)));
    new Thread(starting, "sandbox-kafka").start();
    try {
      postgres =
          timed(
              "PostgreSQL " + PostgresBinaries.VERSION,
              progress,
              () -> PostgresServer.open(database, progress));
    } finally {
      // Also when PostgreSQL failed: what is starting has to be stopped.
      kafka = await(starting);
    }
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("CROSSFADE_KAFKA", bootstrapServers());
    variables.put("CROSSFADE_KAFKA_PROPERTIES", kafka.propertiesFile().toString());
    variables.put("CROSSFADE_DB_URL", jdbcUrl());
    variables.put("CROSSFADE_DB_USER", user());
    variables.put("CROSSFADE_DB_PASSWORD", password());
    try {
      EnvironmentFile.write(directory, variables);
    } catch (IOException e) {
      throw new SandboxException("cannot write " + EnvironmentFile.in(directory) + ": " + e, e);
    }
    environment = Collections.unmodifiableMap(variables);
  }

  private interface Opening<T> {
    T open() throws SandboxException;
  }

  private static <T> T timed(String part, Consumer<String> progress, Opening<T> opening)
      throws SandboxException {
    progress.accept("starting " + part + " …");
    long start = System.nanoTime();
    T opened = opening.open();
    double seconds = (System.nanoTime() - start) / 1e9;
    progress.accept(String.format(Locale.ROOT, "%s runs (%.1f s)", part, seconds));
    return opened;
  }

  private static Consumer<String> oneAtATime(Consumer<String> listener) {
    Object turn = new Object();
    return line -> {
      synchronized (turn) {
        listener.accept(line);
      }
    };
  }

  /** Waits although the thread is interrupted: a broker that is given up half-way stays running. */
  private static KafkaBroker await(FutureTask<KafkaBroker> starting) throws SandboxException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return starting.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SandboxException cause) {
        throw new SandboxException(cause.getMessage(), cause);
      }
      throw new SandboxException("Kafka does not start: " + e.getCause(), e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void deleteEnvironment() throws IOException {
    // Without the lock it is the file of the process that has it.
    if (lock != null) {
      EnvironmentFile.delete(directory);
    }
  }

  private void closePostgres() throws SandboxException {
    if (postgres != null) {
      postgres.close();
    }
  }

  private void closeKafka() {
    if (kafka != null) {
      kafka.close();
    }
  }

  private void unlock() throws IOException {
    environment = Map.of();
    if (lock != null) {
      lock.close();
      lock = null;
    }
    OPEN.remove(directory, this);
    if (hook != null) {
      hook.cancel();
      hook = null;
    }
  }

  private static SandboxException held(Path directory, String pid) {
    return new SandboxException(
        "the sandbox in "
            + directory
            + " is held open by process "
            + pid
            + ". To connect to it: . "
            + EnvironmentFile.quoted(EnvironmentFile.in(directory).toString())
            + ". To end it: kill "
            + pid
            + ". Or give another directory");
  }
}

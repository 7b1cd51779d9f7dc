package dev.crossfade.runners.flink.crash;

import dev.crossfade.sandbox.KafkaBroker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Reader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** A broker in a process of its own, which can be killed and started again where it was. */
final class BrokerProcess implements AutoCloseable {
  private static final String READY = "ready";

  private final Path directory;
  private final int port;
  private Process process;

  BrokerProcess(Path directory) throws IOException {
    this.directory = directory;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
  }

  /** Runs a broker until standard input ends. */
  public static void main(String[] arguments) throws Exception {
    KafkaBroker broker =
        KafkaBroker.openAt(Path.of(arguments[0]), Integer.parseInt(arguments[1]), line -> {});
    System.out.println(READY);
    System.in.transferTo(OutputStream.nullOutputStream());
    broker.close();
  }

  String bootstrapServers() {
    return InetAddress.getLoopbackAddress().getHostAddress() + ":" + port;
  }

  /** The file of client properties that the broker writes. */
  Path propertiesFile() {
    return directory.resolve("client.properties");
  }

  /** All that a client of the broker needs, once it has started. */
  Map<String, String> clientProperties() throws IOException {
    Properties properties = new Properties();
    try (Reader file = Files.newBufferedReader(propertiesFile(), StandardCharsets.UTF_8)) {
      properties.load(file);
    }
    Map<String, String> client = new HashMap<>();
    properties
        .stringPropertyNames()
        .forEach(name -> client.put(name, properties.getProperty(name)));
    return client;
  }

  /** Starts the broker and waits until it takes connections. */
  void start() throws IOException {
    ProcessBuilder builder =
        Java.process(
            List.of("-Xmx512m"),
            List.of(),
            BrokerProcess.class.getName(),
            List.of(directory.toString(), Integer.toString(port)),
            Map.of());
    builder.redirectError(
        ProcessBuilder.Redirect.appendTo(directory.resolveSibling("broker.log").toFile()));
    process = builder.start();
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    String line = out.readLine();
    while (line != null && !line.equals(READY)) {
      line = out.readLine();
    }
    if (line == null) {
      throw new IOException("the broker does not start; see broker.log beside " + directory);
    }
  }

  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    if (process != null) {
      kill();
    }
  }
}

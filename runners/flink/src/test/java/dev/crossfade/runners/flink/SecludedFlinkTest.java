package dev.crossfade.runners.flink;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.crossfade.launcher.exit.VerbException;
import dev.crossfade.launcher.runners.EmbeddedRunner;
import dev.crossfade.launcher.testing.ListeningSockets;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.runners.flink.FlinkRunner;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecludedFlinkTest {
  /** What a worker saw while the job ran, in this process. */
  private static final Set<InetSocketAddress> LISTENING = ConcurrentHashMap.newKeySet();

  private static final Set<String> ANSWERS = ConcurrentHashMap.newKeySet();

  /** More than Flink sends from thread to thread by default, and more than its messages hold. */
  private static final int LARGE = 12 << 20;

  @TempDir private Path scratch;

  @BeforeEach
  void forget() {
    LISTENING.clear();
    ANSWERS.clear();
  }

  /** Without what is large going another way, the job would wait for the blob server for ever. */
  @Timeout(60)
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void nobodyGetsAnAnswerFromWhatAnEmbeddedClusterOpens(boolean streaming) throws Exception {
    assumeTrue(ListeningSockets.canBeListed());
    Path own = Files.createDirectory(scratch.resolve("own"));
    Files.writeString(
        own.resolve("flink-conf.yaml"),
        "rest.bind-address: 0.0.0.0\njobmanager.bind-host: 0.0.0.0\nweb.submit.enable: true\n");
    FlinkPipelineOptions options = options();
    options.setStreaming(streaming);
    options.setFlinkConfDir(own.toString());

    run(options);

    assertThat("they were looked for", LISTENING, is(not(empty())));
    assertThat(ListeningSockets.beyondLoopback(LISTENING), is(empty()));
    assertThat(ANSWERS, is(empty()));
    assertThat(options.getFlinkConfDir(), is(own.toString()));
  }

  @Test
  void aConfigurationOfAPersonIsKeptWhereItOpensNothing() throws Exception {
    Files.writeString(
        scratch.resolve("config.yaml"),
        "taskmanager: {numberOfTaskSlots: 3, bind-host: 0.0.0.0}\nrest.address: anywhere\n");
    FlinkPipelineOptions options = options();
    options.setFlinkConfDir(scratch.toString());
    Path directory;
    try (EmbeddedRunner.Seclusion seclusion = EmbeddedRunner.seclude("FlinkRunner", options)) {
      assertThat(seclusion, is(not((Object) null)));
      directory = Path.of(options.getFlinkConfDir());
      Configuration flink = GlobalConfiguration.loadConfiguration(directory.toString());
      assertThat(flink.get(TaskManagerOptions.NUM_TASK_SLOTS), is(3));
      assertThat(flink.get(TaskManagerOptions.BIND_HOST), is("127.0.0.1"));
      assertThat(flink.get(RestOptions.ADDRESS), is("127.0.0.1"));
    }
    assertThat(Files.exists(directory), is(false));
  }

  @Test
  void aClusterElsewhereIsReachedAsItsPeopleHaveConfigured() throws Exception {
    FlinkPipelineOptions options = options();
    options.setFlinkMaster("cluster.example:8081");
    options.setFlinkConfDir(scratch.toString());
    try (EmbeddedRunner.Seclusion seclusion = EmbeddedRunner.seclude("FlinkRunner", options)) {
      assertThat(seclusion, is(not((Object) null)));
      assertThat(options.getFlinkConfDir(), is(scratch.toString()));
    }
  }

  @Test
  void aDirectoryWithoutAConfigurationIsRefused() {
    FlinkPipelineOptions options = options();
    options.setFlinkConfDir(scratch.resolve("none").toString());
    assertThrows(VerbException.class, () -> EmbeddedRunner.seclude("FlinkRunner", options));
  }

  private static void run(FlinkPipelineOptions options) throws IOException {
    Pipeline pipeline = Pipeline.create(options);
    pipeline.apply(Create.of(1)).apply(ParDo.of(new StrangerFn(new byte[LARGE])));
    EmbeddedRunner.Seclusion seclusion = EmbeddedRunner.seclude("FlinkRunner", options);
    try (seclusion) {
      pipeline.run().waitUntilFinish();
    }
  }

  private static FlinkPipelineOptions options() {
    FlinkPipelineOptions options = PipelineOptionsFactory.as(FlinkPipelineOptions.class);
    options.setRunner(FlinkRunner.class);
    options.setParallelism(1);
    return options;
  }

  /** Tries every door while the job runs, as somebody else on this machine would. */
  private static final class StrangerFn extends DoFn<Integer, Integer> {
    private static final long serialVersionUID = 1;

    private final byte[] large;

    StrangerFn(byte[] large) {
      this.large = large;
    }

    @ProcessElement
    public void process() throws Exception {
      assertThat(large.length, is(LARGE));
      for (InetSocketAddress socket : ListeningSockets.ofThisProcess()) {
        LISTENING.add(socket);
        knock(socket);
        handshake(socket);
      }
    }

    private static void knock(InetSocketAddress address) throws IOException {
      try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
        socket.setSoTimeout(2_000);
        socket
            .getOutputStream()
            .write("GET /config HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(US_ASCII));
        String answer = new String(socket.getInputStream().readNBytes(12), US_ASCII);
        // It may say that TLS is spoken here, by an alert or by sending people to https.
        if (answer.startsWith("HTTP") && !answer.equals("HTTP/1.1 301")) {
          ANSWERS.add(address + " answers " + answer);
        }
      } catch (java.net.SocketException e) {
        assertThat("it hung up", e.getMessage(), not(is("")));
      }
    }

    private static void handshake(InetSocketAddress address) throws Exception {
      SSLContext trusting = SSLContext.getInstance("TLS");
      trusting.init(null, new TrustManager[] {new Trusting()}, new SecureRandom());
      try (SSLSocket socket =
          (SSLSocket)
              trusting.getSocketFactory().createSocket(address.getAddress(), address.getPort())) {
        socket.setSoTimeout(2_000);
        socket.startHandshake();
        ANSWERS.add(address + " shakes hands");
      } catch (SSLException | java.net.SocketException e) {
        assertThat("it refused", e.getMessage(), not(is("")));
      }
    }
  }

  /** Takes whatever certificate there is. */
  private static final class Trusting implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}

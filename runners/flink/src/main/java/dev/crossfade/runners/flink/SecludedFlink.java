package dev.crossfade.runners.flink;

import dev.crossfade.launcher.runners.EmbeddedRunner;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Set;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.flink.configuration.BlobServerOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.SecurityOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;

/**
 * Keeps a Flink cluster that lives in this process to this process. Flink opens a REST server,
 * which takes jobs and so code from whoever reaches it, and a blob server, both on every address.
 * Nothing here needs either, and neither can be switched off. So they listen on the loopback
 * address, and speak TLS with a key store that holds no key: no handshake succeeds, that of another
 * user of this machine neither.
 */
public final class SecludedFlink implements EmbeddedRunner {
  /** By number, not by name: a name means what the machine's files say. */
  private static final String LOOPBACK = "127.0.0.1";

  /** The masters of Beam's options that mean this process. */
  private static final Set<String> EMBEDDED = Set.of("[auto]", "[local]");

  private static final String KEY_STORE = "no-key";

  /** Key stores have one, although this one keeps nothing. */
  private static final String PASSWORD = "nothing-in-it";

  @Override
  public String name() {
    return "FlinkRunner";
  }

  @Override
  public Seclusion seclude(PipelineOptions all) throws IOException {
    FlinkPipelineOptions options = all.as(FlinkPipelineOptions.class);
    if (!EMBEDDED.contains(options.getFlinkMaster())) {
      return () -> {};
    }
    FlinkConfiguration flink = FlinkConfiguration.of(options);
    try {
      Path keyStore = flink.file(KEY_STORE);
      writeKeyStore(keyStore);
      seclude(flink.configuration(), keyStore.toString());
      flink.use();
      return flink::close;
    } catch (IOException | RuntimeException e) {
      try (flink) {
        throw e;
      }
    }
  }

  private static void seclude(Configuration flink, String keyStore) {
    flink.set(RestOptions.ADDRESS, LOOPBACK);
    flink.set(RestOptions.BIND_ADDRESS, LOOPBACK);
    flink.set(JobManagerOptions.ADDRESS, LOOPBACK);
    // The blob server's too.
    flink.set(JobManagerOptions.BIND_HOST, LOOPBACK);
    flink.set(TaskManagerOptions.HOST, LOOPBACK);
    flink.set(TaskManagerOptions.BIND_HOST, LOOPBACK);
    flink.set(WebOptions.SUBMIT_ENABLE, false);
    flink.set(WebOptions.CANCEL_ENABLE, false);
    // With one, calls and data stay in memory.
    flink.set(TaskManagerOptions.MINI_CLUSTER_NUM_TASK_MANAGERS, 1);

    flink.set(SecurityOptions.SSL_PROVIDER, "JDK");
    flink.set(SecurityOptions.SSL_REST_ENABLED, true);
    flink.set(SecurityOptions.SSL_REST_KEYSTORE, keyStore);
    flink.set(SecurityOptions.SSL_REST_KEYSTORE_PASSWORD, PASSWORD);
    flink.set(SecurityOptions.SSL_REST_KEY_PASSWORD, PASSWORD);
    flink.set(SecurityOptions.SSL_INTERNAL_ENABLED, true);
    flink.set(SecurityOptions.SSL_INTERNAL_KEYSTORE, keyStore);
    flink.set(SecurityOptions.SSL_INTERNAL_KEYSTORE_PASSWORD, PASSWORD);
    flink.set(SecurityOptions.SSL_INTERNAL_KEY_PASSWORD, PASSWORD);
    flink.set(SecurityOptions.SSL_INTERNAL_TRUSTSTORE, keyStore);
    flink.set(SecurityOptions.SSL_INTERNAL_TRUSTSTORE_PASSWORD, PASSWORD);
    flink.set(BlobServerOptions.SSL_ENABLED, true);
    // What is large goes through the blob server otherwise, which answers nobody.
    flink.set(BlobServerOptions.OFFLOAD_MINSIZE, Integer.MAX_VALUE);
  }

  private static void writeKeyStore(Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      KeyStore empty = KeyStore.getInstance(KeyStore.getDefaultType());
      empty.load(null, null);
      empty.store(out, PASSWORD.toCharArray());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java writes no key stores of its own type", e);
    }
  }
}

package dev.crossfade.io.kafka;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks whether brokers answer and topics are there. */
public final class TopicCheck {
  private static final Logger LOG = LoggerFactory.getLogger(TopicCheck.class);

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int CONNECT_MILLIS = 1_000;

  private TopicCheck() {}

  /**
   * Says what is wrong.
   *
   * @param topic how to reach the brokers
   * @param names the topics that should be there
   * @return a message for people, or nothing if all is well
   */
  public static Optional<String> whatIsWrong(KafkaTopic topic, List<String> names) {
    try (Admin admin = topic.admin(PATIENCE)) {
      Set<String> there = admin.listTopics().names().get();
      Set<String> missing = new TreeSet<>(names);
      missing.removeAll(there);
      if (missing.isEmpty()) {
        return Optional.empty();
      }
      return Optional.of(
          "there is no topic "
              + String.join(", ", missing)
              + " at "
              + topic.bootstrapServers()
              + "; Crossfade creates none. There are "
              + new TreeSet<>(there));
    } catch (ExecutionException e) {
      return Optional.of("Kafka at " + topic.bootstrapServers() + ": " + why(topic, e.getCause()));
    } catch (KafkaException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      return Optional.of("Kafka at " + topic.bootstrapServers() + ": " + cause.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of("interrupted while asking " + topic.bootstrapServers());
    }
  }

  private static String why(KafkaTopic topic, Throwable failure) {
    if (failure instanceof AuthenticationException) {
      return "the broker refuses the credentials that it is given: " + failure.getMessage();
    }
    if (!(failure instanceof TimeoutException)) {
      return failure.getMessage();
    }
    String silent = "no broker answers within " + PATIENCE.toSeconds() + " s";
    // A broker that asks for credentials, or for TLS, hangs up on a client that brings none.
    return takesConnections(topic)
        ? silent
            + ", but something takes connections there. A broker that asks for credentials or for"
            + " TLS does so: see security.protocol and what belongs to it, in properties or"
            + " propertiesFile"
        : silent;
  }

  private static boolean takesConnections(KafkaTopic topic) {
    for (String server : topic.bootstrapServers().split(",", -1)) {
      int colon = server.lastIndexOf(':');
      try (Socket socket = new Socket()) {
        socket.connect(
            new InetSocketAddress(
                server.substring(0, colon).strip(),
                Integer.parseInt(server.substring(colon + 1).strip())),
            CONNECT_MILLIS);
        return true;
      } catch (IOException e) {
        LOG.debug("{} takes no connection", server, e);
      }
    }
    return false;
  }
}

package dev.crossfade.io.kafka;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks from beside a stream whether its topic is there, and is the one that it was. A reader finds
 * that out as well, but a runner tries a reader that has failed again and again, and a topic that
 * was deleted does not come back.
 *
 * <p>Nothing is wrong with a topic of which no broker tells anything: that is an outage, and is
 * waited for.
 */
public final class TopicPresence implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TopicPresence.class);

  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(5);

  /** A broker that has just started may not know of a topic yet; it learns of it within seconds. */
  private static final Duration SURE_AFTER = Duration.ofSeconds(5);

  private final KafkaTopic topic;
  private final Duration sureAfter;
  private Admin admin;
  private TopicIdentity known;
  private boolean isMissing;
  private long missingSince;

  /** Looks at a topic, which is there now. */
  public TopicPresence(KafkaTopic topic) {
    this(topic, SURE_AFTER);
  }

  TopicPresence(KafkaTopic topic, Duration sureAfter) {
    this.topic = topic;
    this.sureAfter = sureAfter;
  }

  /**
   * Looks. May take some seconds if no broker answers.
   *
   * @return why the topic is never read any more; empty if it is there, or nobody knows
   */
  public synchronized Optional<String> whatIsWrong() {
    try {
      if (admin == null) {
        admin = topic.admin(LONGEST_ANSWER);
      }
      TopicIdentity now = TopicIdentity.of(topic, admin);
      isMissing = false;
      if (known == null) {
        known = now;
      }
      known.requireSame(topic, now);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(e.getMessage());
    } catch (ExecutionException e) {
      return e.getCause() instanceof UnknownTopicOrPartitionException
          ? missing()
          : Optional.empty();
    } catch (KafkaException e) {
      // No client can be made while the names of the brokers stand for nothing.
      LOG.debug("cannot look at {}", topic, e);
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private Optional<String> missing() {
    long now = System.nanoTime();
    if (!isMissing) {
      isMissing = true;
      missingSince = now;
    }
    return known != null && now - missingSince >= sureAfter.toNanos()
        ? Optional.of(
            "the topic " + topic + " was deleted; what the stream has written of it stays")
        : Optional.empty();
  }

  @Override
  public synchronized void close() {
    if (admin != null) {
      admin.close(Duration.ZERO);
    }
  }
}

package dev.crossfade.io.kafka;

import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Looks now and then whether a topic is still the one that the run began with. */
final class TopicWatch {
  private final KafkaTopic topic;
  private final TopicIdentity known;
  private final Times times;
  private final Outage outage;
  private boolean isMissing;
  private long missingSince;
  private long lookAfter = System.nanoTime();

  TopicWatch(KafkaTopic topic, TopicIdentity known, Times times, Outage outage) {
    this.topic = topic;
    this.known = known;
    this.times = times;
    this.outage = outage;
  }

  /** Looks if that is due; a broker that does not answer is waited for. */
  void lookNowAndThen() throws IOException {
    if (System.nanoTime() - lookAfter < 0) {
      return;
    }
    look();
    long pause = times.every().toNanos();
    long shortPause = PartitionReader.LONGEST_ANSWER.toNanos();
    lookAfter = System.nanoTime() + (isMissing ? Math.min(pause, shortPause) : pause);
  }

  /** Looks at once. */
  void look() throws IOException {
    try {
      known.requireSame(topic, TopicIdentity.of(topic, PartitionReader.LONGEST_ANSWER));
      isMissing = false;
      outage.isOver();
    } catch (UnknownTopicOrPartitionException e) {
      outage.goesOn(e);
      requireNotMissingForLong(e);
    } catch (KafkaException e) {
      isMissing = false;
      if (!Outage.explains(e)) {
        throw new IOException("cannot look at the topic " + topic, e);
      }
      outage.goesOn(e);
    }
  }

  private void requireNotMissingForLong(KafkaException why) throws IOException {
    long now = System.nanoTime();
    if (!isMissing) {
      isMissing = true;
      missingSince = now;
    }
    if (now - missingSince > times.missing().toNanos()) {
      throw new IOException(
          "there is no topic " + topic + " any more: brokers have said so for " + times.missing(),
          why);
    }
  }

  /**
   * The times of a watch.
   *
   * @param every how often it looks
   * @param missing how long brokers may say that there is no such topic; one that has just started
   *     may not know of it yet
   */
  record Times(Duration every, Duration missing) implements Serializable {
    /** Often enough to stop before much is read of another topic, and seldom enough to be cheap. */
    static final Times USUAL = new Times(Duration.ofSeconds(30), Duration.ofSeconds(10));
  }
}

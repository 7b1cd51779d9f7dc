package dev.crossfade.io.kafka;

import java.time.Duration;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * That something which is waited for is away: said once when it begins and once when it is over.
 */
final class Outage {
  private static final Logger LOG = LoggerFactory.getLogger(Outage.class);

  private final String what;
  private boolean isAway;
  private long since;

  /**
   * No outage yet.
   *
   * @param what what is waited for, and for whom
   */
  Outage(String what) {
    this.what = what;
  }

  /** Whether a client fails so because no broker is there, so that waiting may help. */
  static boolean explains(KafkaException e) {
    return e instanceof RetriableException
        // Where names go away with what they stand for, no client can be made meanwhile.
        || (e.getCause() instanceof ConfigException config
            && config.getMessage().contains(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG));
  }

  void goesOn(Exception why) {
    if (!isAway) {
      isAway = true;
      since = System.nanoTime();
      LOG.warn("{} does not answer and is waited for: {}", what, why.toString());
    }
  }

  void isOver() {
    if (isAway) {
      isAway = false;
      LOG.info("{} answers again after {}", what, length());
    }
  }

  private Duration length() {
    return Duration.ofMillis((System.nanoTime() - since) / 1_000_000);
  }
}

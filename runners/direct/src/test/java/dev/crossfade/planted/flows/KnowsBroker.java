package dev.crossfade.planted.flows;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A violation: a flow that knows Kafka. */
final class KnowsBroker {
  private KnowsBroker() {}

  static long offset(ConsumerRecord<?, ?> message) {
    return message.offset();
  }
}

package dev.crossfade.runners.flink.crash;

import dev.crossfade.io.kafka.KafkaTopic;
import dev.crossfade.io.kafka.TopicEnd;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends a stream at a steady pace, but no further than it is told to: so there are records on their
 * way at every kill, however long a restart takes. A broker that is away is waited for; the
 * producer's idempotence sees to it that waiting sends nothing twice.
 */
final class OrderPublisher implements AutoCloseable {
  private static final int PER_SECOND = 2_000;
  private static final long STEP_NANOS = Duration.ofMillis(20).toNanos();

  private final KafkaTopic topic;
  private final List<OrderStream.Sent> records;
  private final AtomicLong allowed = new AtomicLong();
  private final AtomicLong acknowledged = new AtomicLong();
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final Thread thread = new Thread(this::publish, "order-publisher");

  OrderPublisher(KafkaTopic topic, List<OrderStream.Sent> records) {
    this.topic = topic;
    this.records = records;
    thread.start();
  }

  /** Lets the records up to this one be sent. */
  void allow(long upTo) {
    allowed.set(Math.min(upTo, records.size()));
  }

  /** How many records the broker has acknowledged. */
  long acknowledged() {
    return acknowledged.get();
  }

  /** Sends what is left and declares the topic's end. */
  void finish() throws ExecutionException, InterruptedException, TimeoutException {
    allow(records.size());
    done.get(10, TimeUnit.MINUTES);
    TopicEnd.declare(topic);
  }

  private void publish() {
    Map<String, Object> own = new HashMap<>();
    own.put("acks", "all");
    own.put("enable.idempotence", "true");
    own.put("linger.ms", "5");
    own.put("request.timeout.ms", "5000");
    own.put("max.block.ms", "600000");
    own.put("delivery.timeout.ms", "600000");
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            topic.clientProperties(own), new ByteArraySerializer(), new ByteArraySerializer())) {
      int next = 0;
      while (next < records.size()) {
        long until = Math.min(allowed.get(), next + PER_SECOND * STEP_NANOS / 1_000_000_000L);
        while (next < until) {
          OrderStream.Sent record = records.get(next++);
          var unused =
              producer.send(
                  new ProducerRecord<>(
                      topic.name(),
                      record.partition(),
                      null,
                      record.text().getBytes(StandardCharsets.UTF_8)),
                  (sent, e) -> {
                    if (e == null) {
                      acknowledged.incrementAndGet();
                    } else {
                      done.completeExceptionally(e);
                    }
                  });
        }
        LockSupport.parkNanos(STEP_NANOS);
        if (Thread.interrupted()) {
          return;
        }
      }
      producer.flush();
      done.complete(null);
    } catch (RuntimeException e) {
      done.completeExceptionally(e);
    } finally {
      ended.complete(null);
    }
  }

  /** Ends the sending, also in the middle of it. */
  @Override
  public void close() {
    thread.interrupt();
    ended.join();
  }
}

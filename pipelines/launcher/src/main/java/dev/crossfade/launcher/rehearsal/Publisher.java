package dev.crossfade.launcher.rehearsal;

import dev.crossfade.io.kafka.KafkaTopic;
import dev.crossfade.io.kafka.TopicEnd;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Publishes reports to a topic in the order in which they were sent, keyed by origin, at a pace
 * that makes the days of the reports last some seconds.
 */
final class Publisher {
  /** Reports of one step are sent without a pause, and are flushed before the next. */
  private static final Duration STEP = Duration.ofMillis(20);

  private final KafkaTopic topic;
  private final List<FlightReports.Report> reports;
  private final Duration duration;

  Publisher(KafkaTopic topic, FlightReports reports, Duration duration) {
    this.topic = topic;
    this.reports = reports.reports();
    this.duration = duration;
  }

  /** What is done before the last report is sent. */
  interface BeforeLast {
    void run() throws InterruptedException;
  }

  /**
   * What was published.
   *
   * @param lastSent when the last report was handed to the producer
   * @param partitions the partition of each report
   */
  record Published(Instant lastSent, List<Integer> partitions) {}

  /**
   * Publishes all reports and declares the topic's end.
   *
   * @param goOn asked before each step; publishing ends early when it says no
   * @param beforeLast done before the last report is sent
   * @param progress is told how many reports were published so far
   * @return when the last report was sent, and which partition each came to
   */
  Published publish(BooleanSupplier goOn, BeforeLast beforeLast, IntConsumer progress)
      throws ExecutionException, InterruptedException {
    Properties properties =
        topic.clientProperties(
            Map.of("acks", "all", "enable.idempotence", "true", "linger.ms", "5"));
    LocalDateTime first = reports.get(0).arrival();
    Duration span = Duration.between(first, reports.get(reports.size() - 1).arrival());
    AtomicReference<Exception> failure = new AtomicReference<>();
    Instant lastSent = Instant.now();
    AtomicIntegerArray partitions = new AtomicIntegerArray(reports.size());
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer())) {
      long started = System.nanoTime();
      int next = 0;
      while (next < reports.size() && goOn.getAsBoolean()) {
        double elapsed = (double) (System.nanoTime() - started) / duration.toNanos();
        LocalDateTime until = first.plusSeconds((long) (span.toSeconds() * elapsed));
        while (next < reports.size() && !reports.get(next).arrival().isAfter(until)) {
          int index = next++;
          if (next == reports.size()) {
            producer.flush();
            beforeLast.run();
          }
          FlightReports.Report report = reports.get(index);
          lastSent = Instant.now();
          var unused =
              producer.send(
                  new ProducerRecord<>(topic.name(), report.origin(), report.json()),
                  (sent, e) -> {
                    if (e == null) {
                      partitions.set(index, sent.partition());
                    } else {
                      failure.compareAndSet(null, e);
                    }
                  });
        }
        producer.flush();
        if (failure.get() != null) {
          throw new ExecutionException(failure.get());
        }
        progress.accept(next);
        TimeUnit.NANOSECONDS.sleep(STEP.toNanos());
      }
    }
    TopicEnd.declare(topic);
    return new Published(
        lastSent, IntStream.range(0, reports.size()).mapToObj(partitions::get).toList());
  }
}

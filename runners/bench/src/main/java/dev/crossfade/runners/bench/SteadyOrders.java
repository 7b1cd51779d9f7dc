package dev.crossfade.runners.bench;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Orders as they are placed, at a steady rate: by a schedule of the clock, so that a pause is made
 * up for. They come out of order by up to 5 s, and one in a hundred comes again within 5 s. Now and
 * then there is a probe among them: an order of a shop that has no other.
 */
final class SteadyOrders implements AutoCloseable {
  /** Orders a second, without those sent again. */
  static final int RATE = 10_000;

  private static final int SHOPS = 1_000;
  private static final int DISORDER_MILLIS = 5_000;
  private static final int ORDERS_PER_PROBE = RATE / 10;
  private static final long NANOS_PER_ORDER = TimeUnit.SECONDS.toNanos(1) / RATE;
  private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  /** As many orders as come in 5 s. */
  private static final int AGAIN = 5 * RATE;

  private record Group(String shop, long start) {}

  private final String topic;
  private final BiConsumer<String, Long> appendedProbes;
  private final KafkaProducer<String, byte[]> producer;
  private final Map<Group, Takings> expected = new HashMap<>();
  private final Random random = new Random(42);
  private final String[] againShop = new String[AGAIN];
  private final byte[][] again = new byte[AGAIN][];
  private final AtomicReference<Exception> failure = new AtomicReference<>();
  private final AtomicLong sent = new AtomicLong();
  private CompletableFuture<Void> sending = CompletableFuture.completedFuture(null);
  private volatile boolean isOver;

  /**
   * Gets ready to send.
   *
   * @param client what a client of the broker needs
   * @param appendedProbes told the shop of each probe and when the broker appended it, in
   *     milliseconds since 1970
   */
  SteadyOrders(Map<String, Object> client, String topic, BiConsumer<String, Long> appendedProbes) {
    this.topic = topic;
    this.appendedProbes = appendedProbes;
    Map<String, Object> settings = new HashMap<>(client);
    settings.put("linger.ms", 5);
    settings.put("acks", "1");
    this.producer =
        new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
  }

  void start() {
    sending =
        CompletableFuture.runAsync(this::send, work -> new Thread(work, "steady-orders").start());
  }

  /** How many records were sent so far, with those sent again. */
  long sent() {
    return sent.get();
  }

  /** Makes sure that every record so far was taken. */
  void requireHealthy() throws Exception {
    if (failure.get() != null) {
      throw failure.get();
    }
  }

  /** Sends no more, and waits until all is appended. */
  void stop() throws Exception {
    isOver = true;
    sending.join();
    producer.flush();
    requireHealthy();
  }

  /**
   * Sends an order to each partition that is placed so much later that all windows before it close.
   */
  void closeWindows() throws Exception {
    long later = System.currentTimeMillis() + TimeUnit.MINUTES.toMillis(10);
    for (int partition = 0; partition < producer.partitionsFor(topic).size(); partition++) {
      String shop = "later-" + partition;
      byte[] order = Workload.order(shop, later, shop, 0);
      producer.send(new ProducerRecord<>(topic, partition, shop, order)).get();
    }
  }

  /** How many windows there are orders of. */
  long windows() {
    return expected.keySet().stream().mapToLong(Group::start).distinct().count();
  }

  /**
   * Makes sure that a table holds what was sent, but for the orders that closed the windows.
   *
   * @return how many rows there are
   * @throws IllegalStateException if it does not
   */
  long requireAllIn(Connection connection, String table) throws SQLException {
    Map<Group, Takings> missing = new HashMap<>(expected);
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT shop, (extract(epoch FROM window_start) * 1000)::bigint, orders, cents FROM "
                    + table
                    + " WHERE NOT tombstone AND shop NOT LIKE 'later-%'")) {
      while (row.next()) {
        Group group = new Group(row.getString(1), row.getLong(2));
        Takings takings = missing.remove(group);
        if (takings == null
            || takings.orders != row.getLong(3)
            || takings.cents != row.getLong(4)) {
          throw new IllegalStateException("the row of " + group + " is not what was sent");
        }
      }
    }
    if (!missing.isEmpty()) {
      throw new IllegalStateException(missing.size() + " rows are missing");
    }
    return expected.size();
  }

  private void send() {
    long start = System.nanoTime();
    for (long i = 0; !isOver && failure.get() == null; i++) {
      long due = start + i * NANOS_PER_ORDER;
      // Too short a pause costs more than it gives: what is due together is sent together.
      while (System.nanoTime() - due < 0) {
        LockSupport.parkNanos(TICK_NANOS);
      }
      long now = System.currentTimeMillis();
      sendAgain((int) (i % AGAIN));
      if (i % ORDERS_PER_PROBE == 0) {
        sendProbe("probe-" + i / ORDERS_PER_PROBE, now);
      } else {
        sendOrder(i, now - random.nextInt(DISORDER_MILLIS));
      }
    }
  }

  private void sendAgain(int slot) {
    if (again[slot] != null) {
      send(againShop[slot], again[slot], at -> {});
      again[slot] = null;
    }
  }

  private void sendProbe(String shop, long now) {
    int cents = 100;
    byte[] order = Workload.order(shop, now, shop, cents);
    count(shop, now, cents);
    send(shop, order, at -> appendedProbes.accept(shop, at));
  }

  private void sendOrder(long number, long placedAt) {
    String shop = String.format("shop-%04d", random.nextInt(SHOPS));
    int cents = 100 + random.nextInt(90_000);
    byte[] order = Workload.order("o-" + (1_000_000_000 + number), placedAt, shop, cents);
    count(shop, placedAt, cents);
    send(shop, order, at -> {});
    if (random.nextInt(100) == 0) {
      int slot = (int) ((number + 1 + random.nextInt(AGAIN - 1)) % AGAIN);
      again[slot] = order;
      againShop[slot] = shop;
    }
  }

  private void send(String shop, byte[] order, LongConsumer appendedAt) {
    var unused =
        producer.send(
            new ProducerRecord<>(topic, shop, order),
            (appended, e) -> {
              if (e == null) {
                appendedAt.accept(appended.timestamp());
              } else {
                failure.compareAndSet(null, e);
              }
            });
    sent.incrementAndGet();
  }

  private void count(String shop, long placedAt, int cents) {
    Takings takings =
        expected.computeIfAbsent(
            new Group(shop, placedAt - placedAt % Target.MINUTE), group -> new Takings());
    takings.orders++;
    takings.cents += cents;
  }

  @Override
  public void close() {
    isOver = true;
    sending.join();
    producer.close();
  }
}

package dev.crossfade.runners.flink.crash;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * Ten days of orders in the order in which they are sent: out of order by up to five hours, 2 % of
 * them sent twice and some of those with another amount, 1 % later than any schedule waits for, and
 * 1 % that cannot be decoded. The same seed gives the same orders.
 */
final class OrderStream {
  static final int PARTITIONS = 4;

  private static final Instant START = Instant.parse("2001-01-05T00:00:00Z");
  private static final Duration SPAN = Duration.ofDays(10);
  private static final int SHOPS = 25;

  /** How far behind its first sending a duplicate is, in records. */
  private static final int DUPLICATE_WITHIN = 200;

  private final List<Sent> records = new ArrayList<>();
  private final Map<Fate, Integer> planted;

  /** What becomes of a record. */
  enum Fate {
    IN_TIME,
    DUPLICATE,
    /** Nine hours late at least: the stream waits for two and four and the end of a window. */
    LATE,
    /** Cannot be decoded until the decoder is mended. */
    MENDABLE,
    /** Cannot be decoded by anybody. */
    GARBAGE
  }

  /**
   * A record.
   *
   * @param partition where it is sent
   * @param text as it is sent
   * @param fate what becomes of it
   */
  record Sent(int partition, String text, Fate fate) {}

  private record Again(long at, Sent record) {}

  OrderStream(long seed, int orders) {
    Random random = new Random(seed);
    PriorityQueue<Again> again =
        new PriorityQueue<>((left, right) -> Long.compare(left.at(), right.at()));
    for (int i = 0; i < orders; i++) {
      while (!again.isEmpty() && again.peek().at() <= i) {
        records.add(again.poll().record());
      }
      Instant sent = START.plusMillis(SPAN.toMillis() * i / orders);
      int partition = random.nextInt(PARTITIONS);
      String shop = "shop-" + (int) (SHOPS * Math.pow(random.nextDouble(), 2));
      int cents = 100 + random.nextInt(90_000);
      int kind = random.nextInt(1_000);
      if (kind < 2) {
        records.add(new Sent(partition, "garbage " + i + " {", Fate.GARBAGE));
      } else if (kind < 10) {
        String amount = String.format(Locale.ROOT, "\"%d,%02d\"", cents / 100, cents % 100);
        records.add(
            new Sent(
                partition, text(i, sent.minus(disorder(random)), shop, amount), Fate.MENDABLE));
      } else if (kind < 20 && i > orders / 10) {
        Instant long_ago = sent.minus(Duration.ofMinutes(9 * 60 + random.nextInt(11 * 60)));
        records.add(
            new Sent(partition, text(i, long_ago, shop, Integer.toString(cents)), Fate.LATE));
      } else {
        Instant placed = sent.minus(disorder(random));
        String text = text(i, placed, shop, Integer.toString(cents));
        records.add(new Sent(partition, text, Fate.IN_TIME));
        if (random.nextInt(50) == 0) {
          String copy =
              random.nextInt(20) == 0
                  ? text(i, placed, shop, Integer.toString(cents + random.nextInt(9) - 4))
                  : text;
          again.add(
              new Again(
                  i + 1L + random.nextInt(DUPLICATE_WITHIN),
                  new Sent(random.nextInt(PARTITIONS), copy, Fate.DUPLICATE)));
        }
      }
    }
    again.forEach(left -> records.add(left.record()));
    Map<Fate, Integer> counts = new java.util.EnumMap<>(Fate.class);
    records.forEach(record -> counts.merge(record.fate(), 1, Integer::sum));
    planted = Collections.unmodifiableMap(counts);
  }

  private static Duration disorder(Random random) {
    int kind = random.nextInt(100);
    return Duration.ofSeconds(
        kind < 70
            ? random.nextInt(600)
            : kind < 95 ? random.nextInt(2 * 3600) : random.nextInt(5 * 3600));
  }

  private static String text(int id, Instant placedAt, String shop, String cents) {
    return "{\"id\":\"o-"
        + id
        + "\",\"placed_at\":\""
        + placedAt
        + "\",\"shop\":\""
        + shop
        + "\",\"cents\":"
        + cents
        + "}";
  }

  /** All records in the order in which they are sent. */
  List<Sent> records() {
    return Collections.unmodifiableList(records);
  }

  /** How many there are of each fate. */
  Map<Fate, Integer> planted() {
    return planted;
  }

  /** The texts of the records of a fate, sorted. */
  List<String> texts(Fate... fates) {
    List<Fate> wanted = List.of(fates);
    return records.stream()
        .filter(record -> wanted.contains(record.fate()))
        .map(Sent::text)
        .sorted()
        .toList();
  }
}

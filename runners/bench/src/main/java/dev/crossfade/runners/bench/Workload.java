package dev.crossfade.runners.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Random;
import java.util.function.BiConsumer;

/**
 * The records that every contestant reads: an hour of orders of about 150 bytes, out of order by up
 * to 25 s, one in a hundred sent twice within 5 s. So no record is more than 30 s behind another
 * before it, which is what every contestant's watermark waits for: if more were, it would depend on
 * the speed of the machine which of them a contestant without a verdict from the log drops as late.
 * The same workload gives the same bytes.
 *
 * @param events how many orders there are, without those sent again
 * @param shops how many keys
 * @param zipf whether few of the shops have most of the orders
 */
record Workload(int events, int shops, boolean zipf) {
  private static final long START = Instant.parse("2001-01-05T00:00:00Z").toEpochMilli();
  private static final long SPAN = 3_600_000;
  private static final int DISORDER = 25_000;
  private static final int AGAIN_WITHIN = 5_000;
  private static final int FILES = 8;
  private static final long SEED = 42;
  private static final String NOTE = "left at the door, paid by card, no change";

  /** Gives each record with its shop, in the order in which they are sent. */
  void records(BiConsumer<String, byte[]> receiver) {
    Random random = new Random(SEED);
    double[] shares = shares();
    int perAgain = Math.max(1, (int) ((long) events * AGAIN_WITHIN / SPAN));
    // Sent again after so many other records: an order that was drawn is put here once.
    byte[][] again = new byte[perAgain + 1][];
    String[] againShop = new String[perAgain + 1];
    for (int i = 0; i < events; i++) {
      int slot = i % again.length;
      if (again[slot] != null) {
        receiver.accept(againShop[slot], again[slot]);
        again[slot] = null;
      }
      long placedAt = Math.max(START, START + SPAN * i / events - random.nextInt(DISORDER));
      String shop = String.format("shop-%04d", shop(random, shares));
      byte[] record = order("o-" + (100_000_000 + i), placedAt, shop, 100 + random.nextInt(90_000));
      receiver.accept(shop, record);
      if (random.nextInt(100) == 0) {
        int later = (slot + 1 + random.nextInt(perAgain)) % again.length;
        if (again[later] == null && later != slot) {
          again[later] = record;
          againShop[later] = shop;
        }
      }
    }
  }

  /** One order as a record. */
  static byte[] order(String id, long placedAt, String shop, int cents) {
    return ("{\"id\":\""
            + id
            + "\",\"placed_at\":"
            + placedAt
            + ",\"shop\":\""
            + shop
            + "\",\"cents\":"
            + cents
            + ",\"note\":\""
            + NOTE
            + "\"}")
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Writes the records into some files, a part of the hour in each. */
  void write(Path directory) throws IOException {
    Files.createDirectories(directory);
    OutputStream[] files = new OutputStream[FILES];
    for (int i = 0; i < FILES; i++) {
      files[i] =
          new BufferedOutputStream(
              Files.newOutputStream(directory.resolve("orders-" + i + ".json")), 1 << 20);
    }
    int perFile = events / FILES + 1;
    int[] sent = new int[1];
    records(
        (shop, record) -> {
          try {
            OutputStream file = files[Math.min(FILES - 1, sent[0]++ / perFile)];
            file.write(record);
            file.write('\n');
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        });
    for (OutputStream file : files) {
      file.close();
    }
  }

  private double[] shares() {
    double[] sums = new double[shops];
    double sum = 0;
    for (int i = 0; i < shops; i++) {
      sum += zipf ? 1.0 / (i + 1) : 1;
      sums[i] = sum;
    }
    return sums;
  }

  private int shop(Random random, double[] sums) {
    double drawn = random.nextDouble() * sums[shops - 1];
    int low = 0;
    int high = shops - 1;
    while (low < high) {
      int middle = (low + high) / 2;
      if (sums[middle] < drawn) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}

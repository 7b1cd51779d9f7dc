package dev.crossfade.runners.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** One thread, one loop, one map: as fast as it gets without a framework, and without a restart. */
final class PlainJava {
  private record Group(String shop, long start) {}

  private PlainJava() {}

  static void run(Path files, Target target, boolean each) throws IOException, SQLException {
    Map<Group, Takings> groups = new HashMap<>();
    List<Path> all;
    try (Stream<Path> listed = Files.list(files)) {
      all = listed.sorted().toList();
    }
    for (Path file : all) {
      read(file, each, groups);
    }
    try (Connection connection = target.connect()) {
      connection.setAutoCommit(false);
      try (PreparedStatement upsert = connection.prepareStatement(target.upsert())) {
        int pending = 0;
        for (Map.Entry<Group, Takings> entry : groups.entrySet()) {
          Takings sum = entry.getValue();
          Target.bind(upsert, entry.getKey().shop(), entry.getKey().start(), sum.orders, sum.cents);
          upsert.addBatch();
          if (++pending % Target.BATCH == 0) {
            upsert.executeBatch();
          }
        }
        upsert.executeBatch();
      }
      connection.commit();
    }
  }

  private static void read(Path file, boolean each, Map<Group, Takings> groups) throws IOException {
    byte[] buffer = new byte[1 << 20];
    int kept = 0;
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
      while (true) {
        int read = in.read(buffer, kept, buffer.length - kept);
        if (read < 0) {
          break;
        }
        int end = kept + read;
        int begin = 0;
        for (int i = kept; i < end; i++) {
          if (buffer[i] == '\n') {
            ParsedOrder order = ParsedOrder.of(buffer, begin, i - begin, each);
            if (order != null) {
              groups
                  .computeIfAbsent(
                      new Group(order.shop, order.placedAt - order.placedAt % Target.MINUTE),
                      group -> Takings.nothing(each))
                  .add(order);
            }
            begin = i + 1;
          }
        }
        kept = end - begin;
        System.arraycopy(buffer, begin, buffer, 0, kept);
      }
    }
  }
}

package dev.crossfade.transforms.graph;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.crossfade.transforms.records.Block;
import dev.crossfade.transforms.records.BlockCoder;
import dev.crossfade.transforms.records.Origin;
import dev.crossfade.transforms.records.RecordBytes;
import dev.crossfade.transforms.results.Column;
import dev.crossfade.transforms.results.ColumnType;
import dev.crossfade.transforms.results.Conflict;
import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.results.Result;
import dev.crossfade.transforms.results.ResultTable;
import dev.crossfade.transforms.results.RowSchema;
import dev.crossfade.transforms.results.TypedRow;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.testing.CoderProperties;
import org.junit.jupiter.api.Test;

final class CodersTest {
  private static final EventWindow WINDOW =
      new EventWindow(Instant.parse("2001-01-01T00:00:00Z"), Instant.parse("2001-01-01T01:00:00Z"));
  private static final Origin ORIGIN = new Origin("flights[2]", 17);
  private static final RecordBytes BYTES = RecordBytes.copyOf(new byte[] {0, -1, 65});

  @Test
  void resultsSurviveWithEveryTypeAndNull() throws Exception {
    RowSchema values =
        RowSchema.of(
            Column.of("b", ColumnType.BIGINT),
            Column.decimal("d", 3),
            Column.of("t", ColumnType.TEXT),
            Column.of("f", ColumnType.BOOLEAN),
            Column.of("day", ColumnType.DATE),
            Column.of("at", ColumnType.TIMESTAMP));
    RowSchema key = RowSchema.of(Column.of("k", ColumnType.TEXT));
    ResultCoder coder = new ResultCoder(new ResultTable("test", key, values));
    for (Object[] row :
        List.of(
            new Object[] {
              Long.MIN_VALUE,
              new BigDecimal("-1.500"),
              "\u00e9\uD83D\uDE00",
              true,
              LocalDate.of(2000, 2, 29),
              Instant.parse("1969-12-31T23:59:59.000001Z")
            },
            new Object[6])) {
      Result result =
          new Result(
              TypedRow.of(key, ""),
              WINDOW,
              TypedRow.of(values, row),
              3,
              2,
              row[0] == null ? List.of() : List.of(new Conflict("id", -1, 1)),
              row[0] == null);
      CoderProperties.coderDecodeEncodeEqual(coder, result);
      CoderProperties.coderDeterministic(coder, result, result);
      CoderProperties.coderSerializable(coder);
    }
  }

  @Test
  void blocksSurviveWithFaultsAndLateRecords() throws Exception {
    Block.Builder block = new Block.Builder("s", "a,b");
    block.add(7, 12L, Block.IN_TIME, new byte[] {1, 2, 3}, 1, 2);
    block.addFault(3, "why", new byte[] {9}, 0, 1);
    block.add(900, Block.UNREADABLE, Block.IN_TIME, new byte[0], 0, 0);
    block.add(901, -5L, 44L, new byte[200], 0, 200);
    block.addWithoutContent(902);
    CoderProperties.coderDecodeEncodeEqual(BlockCoder.of(), block.build());
    CoderProperties.coderDecodeEncodeEqual(BlockCoder.of(), Block.empty("x"));
    Block.Builder keyed = new Block.Builder("table", "");
    for (int i = 0; i < 130; i++) {
      keyed.addKeyed("(0," + i + ")", Block.UNREAD, new byte[] {1, 2}, 1, 1);
    }
    CoderProperties.coderDecodeEncodeEqual(BlockCoder.of(), keyed.build());
    assertThat(keyed.build().nextPosition(), is(0L));
    assertThat(keyed.build().withoutContent(), is(0L));
    assertThat(keyed.build().origin(129).toString(), is("table:(0,129)"));
    Block.Builder hollow = new Block.Builder("x", "");
    hollow.addWithoutContentTo(10, 14);
    CoderProperties.coderDecodeEncodeEqual(BlockCoder.of(), hollow.build());
  }

  @Test
  void deadLettersAndLateRecordsSurvive() throws Exception {
    for (Instant time : new Instant[] {null, Instant.EPOCH}) {
      CoderProperties.coderDecodeEncodeEqual(
          DeadLetterCoder.of(),
          new DeadLetter(
              ORIGIN, DeadLetter.Step.COMPUTE, "Cause", "message", BYTES, time, null, false));
      CoderProperties.coderDecodeEncodeEqual(
          DeadLetterCoder.of(),
          new DeadLetter(
              ORIGIN, DeadLetter.Step.COMPUTE, "Cause", "message", BYTES, time, WINDOW, true));
    }
    CoderProperties.coderDecodeEncodeEqual(
        DeadLetterCoder.of(),
        new DeadLetter(
            Origin.ofKey("table", "7,a%3Ab"),
            DeadLetter.Step.DECODE,
            "Cause",
            "message",
            BYTES,
            null,
            null,
            false));
    assertThrows(IllegalArgumentException.class, () -> Origin.ofKey("table", "a:b"));
    CoderProperties.coderDecodeEncodeEqual(
        new LateRecordCoder(),
        new LateRecord(ORIGIN, Instant.EPOCH, WINDOW, Duration.ofMillis(5), BYTES));
  }

  @Test
  void countsSurvive() throws Exception {
    CoderProperties.coderDecodeEncodeEqual(
        new OriginCountsCoder(), new OriginCounts(1, 2, 3, 4, Long.MAX_VALUE));
    CoderProperties.coderDecodeEncodeEqual(new WindowCountsCoder(), new WindowCounts(4, 5));
    CoderProperties.coderDecodeEncodeEqual(
        new WindowCountsCoder(),
        new WindowCounts(
            4, 5, Map.of("t[0]", new SourceSpan(1, 9, 3), "t[1]", new SourceSpan(-7, 2, 1))));
  }
}

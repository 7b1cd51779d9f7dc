package dev.crossfade.io.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThan;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.crossfade.io.Outputs;
import dev.crossfade.io.ReadingsFlow;
import dev.crossfade.io.Servers;
import dev.crossfade.io.json.JoinedParts;
import dev.crossfade.io.json.JsonRecords;
import dev.crossfade.transforms.graph.DeadLetter;
import dev.crossfade.transforms.graph.LateRecord;
import dev.crossfade.transforms.records.Origin;
import dev.crossfade.transforms.records.RecordBytes;
import dev.crossfade.transforms.results.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.beam.sdk.Pipeline;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** Letters that are larger than what a topic or a producer takes. */
class LargeLettersTest {
  private static final String FACES = "x" + "\ud83d\ude00".repeat(300_000);

  @Test
  void aLargeLetterIsWrittenInPartsThatAreThereOnceHoweverOftenItIsWritten() throws Exception {
    KafkaTopic topic = topics("large", Map.of());
    DeadLetter large = letter(8, FACES, bytes(3_000_000));
    DeadLetter small = letter(9, "m", bytes(500_000));
    LateRecord late =
        new LateRecord(
            new Origin("t[0]", 10),
            Instant.parse("2001-02-03T04:05:06Z"),
            Outputs.window(0),
            Duration.ofMillis(5),
            bytes(3_000_000));

    write(topic, List.of(), List.of(large, small), List.of(late));
    write(topic, List.of(), List.of(large, small), List.of(late));

    List<ConsumerRecord<String, String>> letters = Topics.read(topic.named("large.dead-letters"));
    Map<String, String> compacted = compacted(letters);
    assertThat("as before", compacted.remove("t[0]:9"), is(json(small)));
    assertJoined(compacted, "t[0]:8", json(large));
    List<ConsumerRecord<String, String>> ofLarge =
        letters.stream().filter(letter -> letter.key().startsWith("t[0]:8")).toList();
    assertThat(ofLarge, hasSize(2 * compacted.size()));
    assertThat(
        "one partition",
        ofLarge.stream().map(ConsumerRecord::partition).distinct().toList(),
        hasSize(1));
    List<String> inOrder = ofLarge.stream().map(ConsumerRecord::value).toList();
    assertThat(
        JoinedParts.of(inOrder.subList(0, compacted.size())), is(JoinedParts.fields(json(large))));

    Map<String, String> lates = compacted(Topics.read(topic.named("large.late-records")));
    assertJoined(lates, "t[0]:10", JsonRecords.of(late, "readings", "stream", 1));
  }

  @Test
  void aTopicOrAProducerThatTakesLessGetsSmallerParts() throws Exception {
    DeadLetter large = letter(8, "m", bytes(200_000));
    KafkaTopic narrow = topics("narrow", Map.of("max.message.bytes", "40000"));
    write(narrow, List.of(), List.of(large), List.of());
    KafkaTopic usual = topics("usual", Map.of());
    write(
        Servers.topic(usual.name(), Map.of("max.request.size", "20000")),
        List.of(),
        List.of(large),
        List.of());
    KafkaTopic wide = topics("wide", Map.of("max.message.bytes", "40000"));
    write(
        Servers.topic(wide.name(), Map.of("max.request.size", "2000000")),
        List.of(),
        List.of(large),
        List.of());

    for (String name : List.of("narrow", "usual", "wide")) {
      List<ConsumerRecord<String, String>> parts =
          Topics.read(narrow.named(name + WriteToTopic.DEAD_LETTERS));
      assertThat(
          parts.stream().map(ConsumerRecord::serializedValueSize).toList(),
          everyItem(is(lessThan(name.equals("usual") ? 20_000 : 40_000))));
      assertJoined(compacted(parts), "t[0]:8", json(large));
    }
  }

  @Test
  void whoLetsBothTakeMoreGetsTheLetterWhole() throws Exception {
    KafkaTopic topic = topics("roomy", Map.of("max.message.bytes", "8000000"));
    DeadLetter large = letter(8, "m", bytes(3_000_000));
    write(
        Servers.topic(topic.name(), Map.of("max.request.size", "8000000")),
        List.of(),
        List.of(large),
        List.of());

    assertThat(
        compacted(Topics.read(topic.named("roomy.dead-letters"))),
        is(Map.of("t[0]:8", json(large))));
  }

  @Test
  void aResultThatIsTooLargeFailsTheRunAndSaysWhatToRaise() throws Exception {
    KafkaTopic topic = topics("rows", Map.of("max.message.bytes", "30000"));
    // What can be pressed together may be small enough.
    StringBuilder user = new StringBuilder();
    new Random(20010203).ints(60_000, '0', 'z').forEach(user::appendCodePoint);
    Result large = Outputs.result(user.toString(), 0, 1, false);

    RuntimeException e =
        assertThrows(
            RuntimeException.class, () -> write(topic, List.of(large), List.of(), List.of()));

    assertThat(
        e.getMessage(),
        containsString(
            "cannot write to "
                + topic
                + ": a record is larger than the topic's max.message.bytes"));
  }

  private static void assertJoined(Map<String, String> records, String origin, String whole)
      throws Exception {
    assertThat(records.size(), is(greaterThan(1)));
    List<String> parts = new ArrayList<>();
    for (int number = 1; number <= records.size(); number++) {
      parts.add(records.get(number == 1 ? origin : origin + "#" + number));
      assertThat(JoinedParts.numbers(parts).get(number - 1), is(number + "/" + records.size()));
    }
    assertThat(JoinedParts.of(parts), is(JoinedParts.fields(whole)));
  }

  /** What a compacted topic keeps: one value a key; here all of them are the same. */
  private static Map<String, String> compacted(List<ConsumerRecord<String, String>> records) {
    Map<String, String> last = new TreeMap<>();
    for (ConsumerRecord<String, String> record : records) {
      String before = last.put(record.key(), record.value());
      assertThat(before == null || before.equals(record.value()), is(true));
    }
    return last;
  }

  private static KafkaTopic topics(String name, Map<String, String> settings) throws Exception {
    Topics.create(name + WriteToTopic.DEAD_LETTERS, 3, settings);
    Topics.create(name + WriteToTopic.LATE_RECORDS, 3, settings);
    return Topics.create(name, 1, settings);
  }

  private static void write(
      KafkaTopic topic, List<Result> results, List<DeadLetter> dead, List<LateRecord> late) {
    Pipeline pipeline = Pipeline.create();
    Pipeline.applyTransform(
        "Write",
        Outputs.of(pipeline, results, dead, late),
        WriteToTopic.of(topic, ReadingsFlow.plan().table(), "stream", 1, "logic7"));
    pipeline.run().waitUntilFinish();
  }

  private static String json(DeadLetter letter) {
    return JsonRecords.of(letter, "readings", "stream", 1, "logic7");
  }

  private static DeadLetter letter(long position, String message, RecordBytes bytes) {
    return new DeadLetter(
        new Origin("t[0]", position),
        DeadLetter.Step.DECODE,
        "UndecodableException",
        message,
        bytes,
        null,
        null,
        false);
  }

  /** Bytes of which no compression makes less; the last are a part of a character. */
  private static RecordBytes bytes(int count) {
    byte[] bytes = new byte[count];
    new Random(count).nextBytes(bytes);
    byte[] half = "\ud83d\ude00".getBytes(UTF_8);
    System.arraycopy(half, 0, bytes, count - 2, 2);
    return RecordBytes.copyOf(bytes);
  }
}

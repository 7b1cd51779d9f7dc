package dev.crossfade.io.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasEntry;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import dev.crossfade.io.Outputs;
import dev.crossfade.io.ReadingsFlow;
import dev.crossfade.io.Servers;
import dev.crossfade.io.json.JsonRecords;
import dev.crossfade.transforms.graph.DeadLetter;
import dev.crossfade.transforms.graph.LateRecord;
import dev.crossfade.transforms.records.Origin;
import dev.crossfade.transforms.records.RecordBytes;
import dev.crossfade.transforms.results.Result;
import dev.crossfade.transforms.results.ResultTable;
import dev.crossfade.transforms.results.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.beam.sdk.Pipeline;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

class WriteToTopicTest {
  private static final ResultTable TABLE = ReadingsFlow.plan().table();

  @Test
  void whoKeepsTheGreatestVersionHasTheTableHoweverItWasPublished() throws Exception {
    Map<String, String> expected = new TreeMap<>();
    List<Result> all = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      for (int folded = 1; folded <= 1 + i % 4; folded++) {
        Result result = Outputs.result("\u00e9\"" + i % 20, i / 20, folded, i % 7 == folded);
        all.add(result);
        expected.put(
            JsonRecords.addressOf(result, TABLE, "stream"),
            JsonRecords.of(result, TABLE, "stream", 10));
      }
    }
    KafkaTopic topic = topics("published");
    // An earlier run had more folded into one address; it does not win.
    write(topic, 9, List.of(Outputs.result("\u00e9\"0", 0, 99, false)), List.of(), List.of());
    for (long seed : new long[] {1, 2}) {
      Collections.shuffle(all, new Random(seed));
      write(topic, 10, all, List.of(), List.of());
    }

    Map<String, Version> versions = new HashMap<>();
    Map<String, String> table = new TreeMap<>();
    for (ConsumerRecord<String, String> record : Topics.read(topic)) {
      String[] parts =
          new String(record.headers().lastHeader("crossfade.version").value(), UTF_8).split(":", 2);
      Version version = new Version(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
      Version before = versions.get(record.key());
      if (before == null || before.compareTo(version) < 0) {
        versions.put(record.key(), version);
        table.put(record.key(), record.value());
      }
    }
    assertThat(table, is(expected));
  }

  @Test
  void deadLettersAndLateRecordsAreKeyedByOrigin() throws Exception {
    RecordBytes bytes = RecordBytes.copyOf(new byte[] {0, (byte) 0xFF});
    DeadLetter dead =
        new DeadLetter(
            new Origin("t[0]", 8),
            DeadLetter.Step.VALIDATE,
            "X",
            "is \"\0\"",
            bytes,
            null,
            null,
            false);
    LateRecord late =
        new LateRecord(
            new Origin("t[0]", 9),
            Instant.parse("2001-02-03T04:05:06Z"),
            Outputs.window(0),
            Duration.ofMillis(5),
            bytes);
    KafkaTopic topic = topics("companions");

    write(topic, 1, List.of(), List.of(dead), List.of(late));
    write(topic, 1, List.of(), List.of(dead), List.of(late));

    Set<String> letters = new TreeSet<>();
    Topics.read(topic.named("companions.dead-letters"))
        .forEach(record -> letters.add(record.key() + " " + record.value()));
    assertThat(
        letters, is(Set.of("t[0]:8 " + JsonRecords.of(dead, "readings", "stream", 1, "logic7"))));
    Set<String> lates = new TreeSet<>();
    Topics.read(topic.named("companions.late-records"))
        .forEach(record -> lates.add(record.key() + " " + record.value()));
    assertThat(lates, is(Set.of("t[0]:9 " + JsonRecords.of(late, "readings", "stream", 1))));
  }

  @Test
  void aBrokerMayBeAwayForMinutesOrAsLongAsTheUserSaysAndNothingIsDoubled() {
    Properties usual = ProducerFn.properties(KafkaTopic.of("h:1", "t"));
    Properties chosen =
        ProducerFn.properties(
            new KafkaTopic(
                "h:1",
                "t",
                Map.of(
                    "delivery.timeout.ms", "3600000",
                    "enable.idempotence", "false",
                    "acks", "1")));

    assertThat(
        usual,
        allOf(hasEntry("delivery.timeout.ms", "600000"), hasEntry("max.block.ms", "600000")));
    assertThat(
        chosen,
        allOf(hasEntry("delivery.timeout.ms", "3600000"), hasEntry("max.block.ms", "600000")));
    for (Properties each : List.of(usual, chosen)) {
      assertThat(each, allOf(hasEntry("acks", "all"), hasEntry("enable.idempotence", "true")));
    }
  }

  @Test
  void theCheckSaysWhatIsWrong() throws Exception {
    KafkaTopic topic = Topics.create("checked", 1);
    assertThat(TopicCheck.whatIsWrong(topic, List.of("checked")), is(Optional.empty()));

    assertThat(
        TopicCheck.whatIsWrong(topic, List.of("checked", "b-missing", "a-missing")).orElseThrow(),
        allOf(
            containsString("there is no topic a-missing, b-missing at " + Servers.kafka()),
            containsString("checked")));

    KafkaTopic down =
        new KafkaTopic(
            "127.0.0.1:1",
            "checked",
            Map.of(
                "ssl.key.password", "hunter2",
                "reconnect.backoff.ms", "100"));
    assertThat(
        TopicCheck.whatIsWrong(down, List.of("checked")).orElseThrow(),
        allOf(
            is("Kafka at 127.0.0.1:1: no broker answers within 10 s"),
            not(containsString("hunter2"))));
    assertThat(down.toString(), is("checked at 127.0.0.1:1"));

    assertThat(
        "without credentials",
        TopicCheck.whatIsWrong(KafkaTopic.of(Servers.kafka(), "checked"), List.of("checked"))
            .orElseThrow(),
        allOf(
            containsString("Kafka at " + Servers.kafka() + ": no broker answers"),
            containsString("security.protocol"),
            containsString("propertiesFile")));
    assertThat(
        "with others",
        TopicCheck.whatIsWrong(
                Servers.topic(
                    "checked",
                    Map.of(
                        "sasl.jaas.config",
                        "org.apache.kafka.common.security.scram.ScramLoginModule required"
                            + " username=\"root\" password=\"hunter2\";")),
                List.of("checked"))
            .orElseThrow(),
        allOf(containsString("refuses the credentials"), not(containsString("hunter2"))));
    assertThat(
        TopicCheck.whatIsWrong(KafkaTopic.of("no.such.host.invalid:9092", "x"), List.of("x"))
            .orElseThrow(),
        containsString("Kafka at no.such.host.invalid:9092: "));
  }

  private static KafkaTopic topics(String name) throws Exception {
    Topics.create(name + WriteToTopic.DEAD_LETTERS, 1);
    Topics.create(name + WriteToTopic.LATE_RECORDS, 1);
    return Topics.create(name, 2);
  }

  private static void write(
      KafkaTopic topic,
      long run,
      List<Result> results,
      List<DeadLetter> dead,
      List<LateRecord> late) {
    Pipeline pipeline = Pipeline.create();
    Pipeline.applyTransform(
        "Write",
        Outputs.of(pipeline, results, dead, late),
        WriteToTopic.of(topic, TABLE, "stream", run, "logic7"));
    pipeline.run().waitUntilFinish();
  }
}

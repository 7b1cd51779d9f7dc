package dev.crossfade.io.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import dev.crossfade.io.Outputs;
import dev.crossfade.transforms.graph.DeadLetter;
import dev.crossfade.transforms.records.Origin;
import dev.crossfade.transforms.records.RecordBytes;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class JsonPartsTest {
  private static final int MOST = 3_000;

  @Test
  void whatIsNotTooLargeStaysAsItIs() {
    String letter = json("m", 100);
    int length = letter.getBytes(UTF_8).length;
    assertThat(JsonParts.of(letter, length), contains(letter));
    assertThat(JsonParts.of(letter, 10 * length), contains(letter));
    assertThat(JsonParts.of(json("\u4e2d".repeat(MOST / 2), 0), MOST), hasSize(greaterThan(1)));
  }

  @Test
  void charactersAndBytesSurviveACutAtEveryPlace() throws Exception {
    for (int shift = 0; shift < 9; shift++) {
      String message = "x".repeat(shift) + "\ud83d\ude00\u4e2d\"\\\0\u001b".repeat(400);
      String letter = json(message, 5_000 + shift);

      List<String> parts = JsonParts.of(letter, MOST);

      assertThat(
          parts.stream().map(part -> part.getBytes(UTF_8).length).toList(),
          everyItem(is(lessThanOrEqualTo(MOST))));
      assertThat(JoinedParts.of(parts), is(JoinedParts.fields(letter)));
      // As a topic gives it back: half a character would not have come through.
      List<String> read =
          parts.stream().map(part -> new String(part.getBytes(UTF_8), UTF_8)).toList();
      assertThat(JoinedParts.of(read).get("message"), is(message));
      for (String part : parts) {
        byte[] piece =
            Base64.getDecoder().decode(JoinedParts.fields(part).getOrDefault("bytes", ""));
        assertThat(piece.length, is(lessThanOrEqualTo(MOST)));
      }
    }
  }

  @Test
  void everyPartSaysWhoseItIsAndTheFirstTellsTheRest() throws Exception {
    List<String> parts = JsonParts.of(json("m", 5_000), MOST);

    assertThat(JoinedParts.numbers(parts), contains("1/3", "2/3", "3/3"));
    Map<String, String> first = JoinedParts.fields(parts.get(0));
    assertThat(first.keySet(), is(allFieldsAndNumbers()));
    for (String part : parts.subList(1, 3)) {
      assertThat(
          part,
          containsString(
              "{\"flow\":\"f\",\"lane\":\"l\",\"run\":7,\"origin\":\"t[0]:8\",\"part\":"));
      assertThat(
          JoinedParts.fields(part).keySet(),
          is(Set.of("flow", "lane", "run", "origin", "part", "parts", "bytes")));
    }
  }

  @Test
  void aLimitThatTheOtherFieldsExceedStillLeavesParts() throws Exception {
    String letter = json("m", 4_000);
    assertThat(JoinedParts.of(JsonParts.of(letter, 10)), is(JoinedParts.fields(letter)));
  }

  private static Set<String> allFieldsAndNumbers() throws Exception {
    Set<String> names = new TreeSet<>(JoinedParts.fields(json("m", 1)).keySet());
    names.addAll(List.of("part", "parts"));
    return names;
  }

  private static String json(String message, int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return JsonRecords.of(
        new DeadLetter(
            new Origin("t[0]", 8),
            DeadLetter.Step.COMPUTE,
            "X",
            message,
            RecordBytes.copyOf(bytes),
            Instant.parse("2001-02-03T04:05:06Z"),
            Outputs.window(0),
            true),
        "f",
        "l",
        7,
        "g");
  }
}

package dev.crossfade.transforms.records;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.crossfade.transforms.records.RecordFormat.Csv;
import dev.crossfade.transforms.records.RecordFormat.Json;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a record is decoded to, and what is refused rather than taken for something else. */
final class RecordDecoderTest {
  private static final EventTimes TIMES =
      new EventTimes(
          "at", null, Instant.parse("2001-01-01T00:00:00Z"), Instant.parse("2002-01-01T00:00:00Z"));
  private static final String AT = "\"at\":\"2001-01-02T00:00:00Z\"";

  /** Fields that are not named as Java names its own. */
  public record Order(
      @Field("order-id") String orderId,
      @Field("Shop") String shop,
      @Field("shop") String otherShop,
      @Field("net.amount \"€\"") BigDecimal amount,
      int itemCount) {}

  /** Two components of one name. */
  public record Clash(@Field("sold_at") String first, LocalDate soldAt) {}

  /** Two components of one name, without a word about it. */
  public record ClashOfCases(String soldAt, String sold_at) {}

  /** A name that is none. */
  public record Nameless(@Field("") String id) {}

  /** A name that no input has. */
  public record HalfNamed(@Field("\ud83d") String id) {}

  /** A text. */
  public record Text(String id) {}

  /** A text, and the event time as a component. */
  public record Timed(String id, Instant at) {}

  /** A value of each type but text. */
  public record Values(
      @Nullable Integer whole,
      @Nullable Long big,
      @Nullable BigDecimal decimal,
      @Nullable Boolean flag,
      @Nullable LocalDate day,
      @Nullable LocalDateTime local,
      @Nullable Instant instant) {}

  @Test
  void aComponentNamesItsField() throws Exception {
    Order order = new Order("7", "n", "s", new BigDecimal("1.50"), 3);

    assertThat(
        json(Order.class)
            .decode(
                "",
                utf8(
                    "{\"shop\":\"s\",\"order-id\":7,\"Shop\":\"n\",\"order_id\":8,"
                        + "\"net.amount \\\"€\\\"\":1.50,\"item_count\":3}")),
        is(order));
    assertThat(
        csv(Order.class)
            .decode("Shop,shop,order-id,item_count,\"net.amount \"\"€\"\"\"", utf8("n,s,7,3,1.50")),
        is(order));
    assertThat(
        refusal(json(Order.class), "{\"shop\":\"s\",\"order_id\":7,\"Shop\":\"n\"}"),
        is("order-id is missing"));
    assertThat(
        refusal(json(Order.class), "{\"shop\":{},\"order-id\":7}"),
        is("shop is a list or an object"));
  }

  @Test
  void theEventTimeMayStandInAFieldThatAComponentNames() throws Exception {
    record Sold(@Field("Sold At") Instant at) {}
    EventTimes times = new EventTimes("Sold At", TIMES.zone(), TIMES.notBefore(), TIMES.notAfter());
    RecordDecoder<Sold> decoder = new RecordDecoder<>(Sold.class, new Json(), times);
    byte[] record = utf8("{\"Sold At\":\"2001-01-02T00:00:00Z\",\"sold at\":1}");

    decoder.decode("", record);

    assertThat(
        Instant.ofEpochMilli(decoder.eventTime()), is(Instant.parse("2001-01-02T00:00:00Z")));
    assertThat(
        times.reader(new Json()).read("", record, 0, record.length), is(decoder.eventTime()));
  }

  @Test
  void twoComponentsOfOneFieldAreRefused() {
    for (Class<?> type : List.of(Clash.class, ClashOfCases.class)) {
      String message = assertThrows(IllegalArgumentException.class, () -> json(type)).getMessage();
      assertThat(message, allOf(containsString("soldAt"), containsString("'sold_at'")));
    }
    for (Class<?> type : List.of(Nameless.class, HalfNamed.class)) {
      assertThat(
          assertThrows(IllegalArgumentException.class, () -> json(type)).getMessage(),
          containsString(type.getSimpleName() + ".id"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\":\"a\",\"id\":\"a\"," + AT + "}",
        "{\"id\":\"a\"," + AT + ",\"\\u0069d\":\"b\"}",
        "{\"id\":null," + AT + ",\"id\":\"b\"}",
        "{\"id\":\"a\"," + AT + "," + AT + "}",
        "{" + AT + ",\"id\":\"a\",\"at\":null}",
        "{" + AT + ",\"id\":\"a\",\"\\u0061t\":1}",
        "{\"x\":1,\"id\":\"a\"," + AT + ",\"x\":1}",
        "{\"x\":1,\"x\":[2],\"id\":\"a\"," + AT + "}",
        "{\"x\":{},\"id\":\"ä\"," + AT + ",\"\\u0078\":2}",
        "{\"\":1,\"\":1,\"id\":\"a\"," + AT + "}"
      })
  void noFieldStandsInARecordTwice(String record) {
    for (RecordDecoder<?> decoder : List.of(json(Text.class), json(Timed.class))) {
      assertThat(refusal(decoder, record), containsString("stands in the record twice"));
    }
  }

  @Test
  void fieldsOfOneNameAreSeenHoweverManyThereAre() throws Exception {
    StringBuilder fields = new StringBuilder("{" + AT + ",\"id\":\"a\"");
    for (int i = 0; i < 200; i++) {
      fields.append(",\"x").append(i).append("\":").append(i);
    }
    RecordDecoder<Text> decoder = json(Text.class);
    for (int i : List.of(0, 30, 63, 64, 100, 199)) {
      String again = ",\"x" + i + "\":0}";
      assertThat(decoder.decode("", utf8(fields + "}")), is(new Text("a")));
      assertThat(refusal(decoder, fields + again), containsString("x" + i + " stands"));
    }
    assertThat(decoder.decode("", utf8(fields + "}")), is(new Text("a")));
  }

  /** What is known of the records before must not hide what this one has twice, nor invent it. */
  @Property(tries = 2_000)
  void aRecordIsRefusedExactlyIfANameStandsInItTwice(@ForAll("names") List<List<String>> records) {
    RecordDecoder<Text> decoder = json(Text.class);
    for (List<String> names : records) {
      List<String> fields = new ArrayList<>();
      for (String name : names) {
        fields.add("\"" + name + "\":\"v\"");
      }
      String record = "{" + String.join(",", fields) + "}";
      String outcome = refusalOrNone(decoder, record);
      String expected =
          names.stream().distinct().count() < names.size()
              ? "twice"
              : names.contains("id") ? "none" : "id is missing";
      assertThat(record, outcome, containsString(expected));
    }
  }

  @Provide
  Arbitrary<List<List<String>>> names() {
    return Arbitraries.of("id", "at", "a", "b", "c", "d")
        .list()
        .ofMinSize(1)
        .ofMaxSize(5)
        .list()
        .ofMinSize(1)
        .ofMaxSize(6);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\\ud800",
        "a\\udfffb",
        "\\ude00\\ud83d",
        "\\ud83d\\ud83d\\ude00",
        "ä\\uDBFF",
        "\\ud83d "
      })
  void halfASurrogatePairIsNoTextWhereverItStands(String half) throws Exception {
    for (String record :
        List.of("{\"id\":\"" + half + "\"," + AT + "}", "{\"id\":\"a\",\"at\":\"" + half + "\"}")) {
      assertThat(refusal(json(Text.class), record), containsString("half a surrogate pair"));
      assertThat(refusal(json(Timed.class), record), containsString("half a surrogate pair"));
    }
    byte[] time = utf8("{\"at\":\"" + half + "\"}");
    EventTimes.Reader reader = TIMES.reader(new Json());
    assertThat(
        assertThrows(UndecodableException.class, () -> reader.read("", time, 0, time.length))
            .getMessage(),
        containsString("half a surrogate pair"));
    assertThat(
        "what is not read does not matter",
        json(Text.class).decode("", utf8("{\"id\":\"a\",\"x\":\"" + half + "\"," + AT + "}")),
        is(new Text("a")));
  }

  @Test
  void wholePairsAreText() throws Exception {
    assertThat(
        json(Text.class).decode("", utf8("{\"id\":\"\\ud83d\\ude00\"}")),
        is(new Text("\ud83d\ude00")));
    assertThat(
        json(Text.class).decode("", utf8("{\"id\":\"\ud83d\ude00\"}")),
        is(new Text("\ud83d\ude00")));
  }

  /** Jackson reads all of these as text. */
  @Test
  void whatOnlyLooksLikeUtf8IsRefused() {
    for (String bytes :
        List.of(
            "\u00c0\u00b1", // 1 in two bytes
            "\u00e0\u0081\u0081", // A in three
            "\u00ed\u00a0\u00bd\u00ed\u00b8\u0080", // two surrogates, each by itself
            "\u00ed\u00a0\u00bd",
            "\u00f5\u0080\u0080\u0080", // above U+10FFFF
            "\u00ff",
            "\u00e4")) {
      for (String record :
          List.of("{\"id\":\"" + bytes + "\"}", "{\"id\":\"a\",\"x\":\"" + bytes + "\"}")) {
        byte[] latin = record.getBytes(StandardCharsets.ISO_8859_1);
        for (RecordDecoder<Text> decoder : List.of(json(Text.class), csv(Text.class))) {
          assertThat(
              assertThrows(UndecodableException.class, () -> decoder.decode("id", latin))
                  .getMessage(),
              startsWith("is not UTF-8"));
        }
      }
    }
  }

  /** PostgreSQL refuses all of these; Java's own parsers take the digits of any script. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u0665", // Arabic-Indic
        "1\u0666",
        "\u06f7", // Persian
        "\uff15", // full width
        "\u096a", // Devanagari
        "-\u0665",
        "\u2212" + "5" // the minus sign of mathematics
      })
  void onlyTheDigits0To9AreDigits(String number) {
    for (String field : List.of("whole", "big", "decimal", "instant")) {
      refuseInBoth(field, number);
    }
    refuseInBoth("decimal", "1e" + number);
    refuseInBoth("decimal", "0." + number);
    refuseInBoth("day", "2001-01-0" + number);
    refuseInBoth("local", "2001-01-02T00:00:0" + number);
    refuseInBoth("instant", "2001-01-02T00:00:0" + number + "Z");
    refuseInBoth("instant", "2001-01-02T00:00:00+0" + number + ":00");
    byte[] time = utf8("{\"at\":\"2001-01-02T00:00:0" + number + "Z\"}");
    EventTimes.Reader reader = TIMES.reader(new Json());
    assertThrows(UndecodableException.class, () -> reader.read("", time, 0, time.length));
  }

  @Test
  void numbersAreTakenAsTheyStandOrRefused() throws Exception {
    assertThat(values("whole", "+5").whole(), is(5));
    assertThat(values("whole", "-0").whole(), is(0));
    assertThat(values("whole", "007").whole(), is(7));
    assertThat(values("whole", "-2147483648").whole(), is(Integer.MIN_VALUE));
    assertThat(values("big", "9223372036854775807").big(), is(Long.MAX_VALUE));
    assertThat(values("decimal", ".5").decimal(), is(new BigDecimal("0.5")));
    assertThat(values("decimal", "5.").decimal(), is(new BigDecimal("5")));
    assertThat(values("decimal", "1e3").decimal(), is(new BigDecimal("1E+3")));
    assertThat(values("decimal", "-0").decimal(), is(BigDecimal.ZERO));
    for (String text :
        List.of(
            " 5",
            "5 ",
            "\t5",
            "1_000",
            "0x1F",
            "0b1",
            "0o7",
            "1e3",
            "5.",
            "5.0",
            ".5",
            "NaN",
            "Infinity",
            "--5",
            "+",
            "5L",
            "2147483648",
            "1,000")) {
      refuseInBoth("whole", text);
    }
    refuseInBoth("big", "9223372036854775808");
    for (String text :
        List.of(
            " 5",
            "5 ",
            "1_000",
            "0x1F",
            "NaN",
            "Infinity",
            "-infinity",
            "1e",
            "e3",
            ".",
            "1d",
            "1f",
            "1e999999999")) {
      refuseInBoth("decimal", text);
    }
    for (String text : List.of("infinity", "-infinity", "now", "today", "epoch", "20010102", "5")) {
      refuseInBoth("day", text);
    }
    for (String text : List.of("infinity", "now", "+1000000000-12-31T24:00Z")) {
      refuseInBoth("instant", text);
    }
    assertThat(values("flag", "T").flag(), is(true));
    for (String text : List.of("1", "0", "yes", "on", "tru", "ｔ")) {
      refuseInBoth("flag", text);
    }
  }

  private static Values values(String field, String text) throws UndecodableException {
    Values csv = csv(Values.class).decode(field + ",other", utf8(text + ","));
    assertThat(
        json(Values.class).decode("", utf8("{\"" + field + "\":\"" + text + "\"}")), is(csv));
    return csv;
  }

  private static void refuseInBoth(String field, String text) {
    String json = "{\"" + field + "\":\"" + text.replace("\t", "\\t") + "\"}";
    assertThat(refusal(json(Values.class), json), startsWith(field + " is "));
    // In quotes, and with the commas of a number another format.
    String message =
        assertThrows(
                UndecodableException.class,
                () -> csv(Values.class).decode(field, utf8("\"" + text + "\"")),
                () -> field + " = '" + text + "'")
            .getMessage();
    assertThat(message, startsWith(field + " is "));
  }

  private static String refusal(RecordDecoder<?> decoder, String record) {
    return assertThrows(
            UndecodableException.class, () -> decoder.decode("", utf8(record)), () -> record)
        .getMessage();
  }

  private static String refusalOrNone(RecordDecoder<?> decoder, String record) {
    try {
      decoder.decode("", utf8(record));
      return "none";
    } catch (UndecodableException e) {
      return e.getMessage();
    }
  }

  private static <E> RecordDecoder<E> json(Class<E> type) {
    return new RecordDecoder<>(type, new Json(), TIMES);
  }

  private static <E> RecordDecoder<E> csv(Class<E> type) {
    return new RecordDecoder<>(type, new Csv(','), TIMES);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}

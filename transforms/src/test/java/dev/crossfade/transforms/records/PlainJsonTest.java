package dev.crossfade.transforms.records;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.crossfade.transforms.records.RecordFormat.FieldVisitor;
import dev.crossfade.transforms.records.RecordFormat.ValueKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** What is plain is read as a parser of all of JSON reads it. */
final class PlainJsonTest {
  private static final JsonFactory JSON = new JsonFactory();

  private final PlainJson plain = new PlainJson();

  @Property(tries = 20_000)
  void whatIsPlainIsReadAsByAParser(
      @ForAll("records") byte[] record, @ForAll("records") byte[] before) {
    plain.read(before, 0, before.length, new Fields(Integer.MAX_VALUE));
    Fields read = new Fields(Integer.MAX_VALUE);

    boolean isPlain = plain.read(record, 0, record.length, read);

    if (isPlain) {
      assertThat(read.seen, is(parsed(record, Integer.MAX_VALUE)));
    }
  }

  @Property(tries = 20_000)
  void soAreTheFirstFieldsIfNoMoreAreWanted(@ForAll("records") byte[] record) {
    Fields read = new Fields(1);

    boolean isPlain = plain.read(record, 0, record.length, read);

    if (isPlain) {
      assertThat(read.seen, is(parsed(record, 1)));
    }
  }

  @Property
  void usualRecordsArePlain(@ForAll("plainObjects") String record) {
    byte[] bytes = ("x" + record + "x").getBytes(StandardCharsets.UTF_8);
    Fields read = new Fields(Integer.MAX_VALUE);

    assertThat(plain.read(bytes, 1, bytes.length - 2, read), is(true));
    assertThat(read.seen, is(parsed(record.getBytes(StandardCharsets.UTF_8), Integer.MAX_VALUE)));
  }

  @Test
  void whatIsNoPlainObjectIsLeftToTheParser() {
    for (String record :
        List.of(
            "",
            " ",
            "{}",
            "[]",
            "{",
            "{\"",
            "{\"a",
            "{\"a\"",
            "{\"a\":",
            "{\"a\": ",
            "{\"a\":1",
            "{\"a\":-",
            "{\"a\":1,",
            "{\"a\":1,}",
            "{\"a\":\"b}",
            "{\"a\":tru",
            "{\"a\":1}{\"a\":1}",
            "{\"a\":1} x",
            "{\"a\":[1]}",
            "{\"a\":{\"b\":1}}",
            "{\"a\":NaN}",
            "{\"a\":+1}",
            "{\"a\":1}\0")) {
      byte[] bytes = record.getBytes(StandardCharsets.UTF_8);
      assertThat(
          record, plain.read(bytes, 0, bytes.length, new Fields(Integer.MAX_VALUE)), is(false));
    }
  }

  /** Objects, most of them with something in them that is not plain or not right. */
  @Provide
  Arbitrary<byte[]> records() {
    Arbitrary<String> pieces =
        Arbitraries.of(
            "", "\"", "\\", "\\n", "\\u0041", "ä", "\u007f", "\t", " ", "{", "}", "[1]", ",", ":",
            "0", "1", "-", ".", "e5", "E", "true", "null", "nul", "\0", "\u0001", "\r\n", "{}",
            "x");
    return Combinators.combine(
            plainObjects(), pieces, Arbitraries.doubles().between(0, 1), Arbitraries.of(0, 0, 1, 5))
        .as(
            (object, piece, where, without) -> {
              int at = (int) Math.round(where * object.length());
              int to = Math.min(object.length(), at + without);
              return (object.substring(0, at) + piece + object.substring(to))
                  .getBytes(StandardCharsets.UTF_8);
            });
  }

  @Provide
  Arbitrary<String> plainObjects() {
    Arbitrary<String> text =
        Arbitraries.strings()
            .withCharRange(' ', '~')
            .ofMaxLength(8)
            .filter(characters -> characters.indexOf('"') < 0 && characters.indexOf('\\') < 0);
    Arbitrary<String> value =
        Arbitraries.oneOf(
            text.map(characters -> '"' + characters + '"'),
            Arbitraries.longs().map(Object::toString),
            Arbitraries.of("0", "-0", "0.50", "-17.25", "10", "true", "false", "null"));
    Arbitrary<String> blank = Arbitraries.of("", "", "", " ", "\t", "\r\n");
    Arbitrary<String> field =
        Combinators.combine(Arbitraries.oneOf(text, Arbitraries.of("a", "b")), blank, value, blank)
            .as((name, before, is, after) -> '"' + name + '"' + before + ':' + after + is);
    return Combinators.combine(field.list().ofMinSize(1).ofMaxSize(4), blank, blank)
        .as(
            (fields, before, after) ->
                before
                    + '{'
                    + after
                    + String.join(before + "," + after, fields)
                    + before
                    + '}'
                    + after);
  }

  /** What a parser gives, or that it refuses; the fields up to the last that is wanted. */
  private static List<List<Object>> parsed(byte[] record, int wanted) {
    Fields fields = new Fields(wanted);
    fields.begin();
    try (JsonParser from = JSON.createParser(record)) {
      if (from.nextToken() != JsonToken.START_OBJECT) {
        return List.of(List.of("refused"));
      }
      while (from.nextToken() == JsonToken.FIELD_NAME) {
        String name = from.currentName();
        JsonToken value = from.nextToken();
        ValueKind kind =
            value == JsonToken.VALUE_NULL
                ? ValueKind.NULL
                : value == JsonToken.VALUE_STRING
                    ? ValueKind.TEXT
                    : value.isNumeric()
                        ? ValueKind.NUMBER
                        : value.isBoolean() ? ValueKind.BOOLEAN : ValueKind.NESTED;
        if (!fields.field(name, kind == ValueKind.NULL ? null : from.getText(), kind)) {
          return fields.seen;
        }
      }
      return from.currentToken() == JsonToken.END_OBJECT && from.nextToken() == null
          ? fields.seen
          : List.of(List.of("refused"));
    } catch (IOException e) {
      return List.of(List.of("refused", e.getMessage()));
    }
  }

  private static final class Fields implements FieldVisitor {
    private final int wanted;
    private final List<List<Object>> seen = new ArrayList<>();

    Fields(int wanted) {
      this.wanted = wanted;
    }

    @Override
    public void begin() {
      seen.clear();
    }

    @Override
    public boolean wants(String name) {
      return true;
    }

    @Override
    public boolean field(String name, String text, ValueKind kind) {
      seen.add(Arrays.asList(name, text, kind));
      return seen.size() < wanted;
    }
  }
}

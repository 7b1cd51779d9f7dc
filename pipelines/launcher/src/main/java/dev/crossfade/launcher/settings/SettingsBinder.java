package dev.crossfade.launcher.settings;

import com.fasterxml.jackson.databind.JsonNode;
import dev.crossfade.migration.QualityRule;
import dev.crossfade.transforms.records.EventTimes;
import dev.crossfade.transforms.records.RecordFormat;
import dev.crossfade.transforms.records.TimeFormat;
import dev.crossfade.transforms.results.EventWindow;
import dev.crossfade.transforms.windows.WindowShape;
import dev.crossfade.transforms.windows.Windowing;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Makes records of settings that have passed every check. */
final class SettingsBinder {
  private final TypedTree typed;
  private final Path directory;

  private final ClientPropertiesFiles files;

  private SettingsBinder(TypedTree typed, Path directory, ClientPropertiesFiles files) {
    this.typed = typed;
    this.directory = directory;
    this.files = files;
  }

  static Settings bind(TypedTree settings, Path directory, ClientPropertiesFiles files) {
    return new SettingsBinder(settings, directory, files).settings(settings.json());
  }

  private Settings settings(JsonNode node) {
    return new Settings(
        text(node, "flow"),
        eventTime(node.get("eventTime")),
        window(node.get("window")),
        map(
            node.get("references"),
            reference ->
                new Settings.Reference(file(reference.get("path")), text(reference, "key"))),
        new Settings.Sources(
            optional(node.get("sources"), "batch", this::batch),
            optional(node.get("sources"), "stream", this::stream)),
        optional(node, "legacy", this::legacy),
        store(node.get("store")),
        optional(node, "maxDeadRatio", JsonNode::doubleValue),
        sink(node.get("sink")),
        quality(node.get("quality")),
        map(node.get("parameters"), SettingsBinder::scalar));
  }

  private static EventTimes eventTime(JsonNode node) {
    return new EventTimes(
        text(node, "field"),
        TimeFormat.of(text(node, "format")),
        optional(node, "zone", SettingsBinder::zone).orElse(null),
        instant(node.get("notBefore")),
        instant(node.get("notAfter")));
  }

  private static Windowing window(JsonNode node) {
    return new Windowing(
        shape(node),
        duration(node, "watermarkDelay"),
        duration(node, "allowedLateness"),
        duration(node, "earlyFiring"));
  }

  private static WindowShape shape(JsonNode node) {
    if (node.has("localDay")) {
      return new WindowShape.LocalDay(zone(node.get("localDay")));
    }
    if (node.has("localWeek")) {
      return new WindowShape.LocalWeek(
          zone(node.get("localWeek")),
          node.has("firstDayOfWeek")
              ? DayOfWeek.valueOf(text(node, "firstDayOfWeek").toUpperCase(Locale.ROOT))
              : DayOfWeek.MONDAY);
    }
    if (node.has("localMonth")) {
      return new WindowShape.LocalMonth(zone(node.get("localMonth")));
    }
    return new WindowShape.Fixed(
        duration(node, "size"), node.has("offset") ? duration(node, "offset") : Duration.ZERO);
  }

  private BatchSource batch(JsonNode node) {
    Optional<EventWindow> covers =
        optional(
            node,
            "covers",
            span -> new EventWindow(instant(span.get("from")), instant(span.get("to"))));
    return switch (text(node, "type")) {
      case "files" -> new BatchSource.Files(place(node, "path"), format(node), covers);
      case "jdbc" ->
          new BatchSource.Jdbc(
              new Address(text(node, "url")),
              text(node, "user"),
              Secret.of(text(node, "password")),
              text(node, "table"),
              optional(node, "partitionColumn", JsonNode::textValue),
              node.get("partitions").intValue(),
              node.get("fetchSize").intValue(),
              covers);
      default -> throw unknownType(node);
    };
  }

  private static RecordFormat format(JsonNode node) {
    return text(node, "format").equals("json")
        ? new RecordFormat.Json()
        : new RecordFormat.Csv(node.path("delimiter").asText(",").charAt(0));
  }

  private KafkaStreamSource stream(JsonNode node) {
    return new KafkaStreamSource(
        text(node, "bootstrapServers"),
        text(node, "topic"),
        duration(node, "idleAfter"),
        node.get("stopAtEnd").booleanValue(),
        clientProperties(ClientPropertiesFiles.STREAM, node));
  }

  private ClientProperties clientProperties(List<String> path, JsonNode node) {
    Map<String, String> properties = new LinkedHashMap<>(files.at(path));
    properties.putAll(map(node.get("properties"), JsonNode::textValue));
    return new ClientProperties(properties);
  }

  private Settings.Legacy legacy(JsonNode node) {
    return new Settings.Legacy(text(node, "table"), optional(node, "script", this::file));
  }

  private static Settings.Store store(JsonNode node) {
    return new Settings.Store(
        new Address(text(node, "url")),
        text(node, "user"),
        Secret.of(text(node, "password")),
        duration(node, "patience"));
  }

  private Sink sink(JsonNode node) {
    return switch (text(node, "type")) {
      case "postgres" -> new Sink.Postgres();
      case "files" -> new Sink.Files(place(node, "directory"), node.get("shards").intValue());
      case "kafka" ->
          new Sink.Kafka(
              text(node, "bootstrapServers"),
              text(node, "topic"),
              clientProperties(ClientPropertiesFiles.SINK, node));
      default -> throw unknownType(node);
    };
  }

  private Map<String, Settings.Rule> quality(JsonNode node) {
    Map<String, Settings.Rule> rules = new LinkedHashMap<>();
    map(node, SettingsBinder::rule)
        .forEach(
            (name, rule) ->
                rules.put(
                    name, new Settings.Rule(rule, typed.keyLocation(List.of("quality", name)))));
    return rules;
  }

  private static QualityRule rule(JsonNode node) {
    return switch (text(node, "type")) {
      case "nullShare" ->
          new QualityRule.NullShare(text(node, "column"), node.get("most").decimalValue());
      case "range" ->
          new QualityRule.Range(
              text(node, "column"),
              optional(node, "least", JsonNode::decimalValue),
              optional(node, "most", JsonNode::decimalValue));
      case "sumOfParts" ->
          new QualityRule.SumOfParts(
              List.of(text(node, "parts").split(" *\\+ *", -1)), text(node, "whole"));
      case "volume" ->
          new QualityRule.Volume(
              duration(node, "against"),
              node.get("least").decimalValue(),
              node.get("most").decimalValue());
      default -> throw unknownType(node);
    };
  }

  private static IllegalStateException unknownType(JsonNode node) {
    return new IllegalStateException("the schema let the type " + node.get("type") + " pass");
  }

  private static Object scalar(JsonNode node) {
    if (node.isTextual()) {
      return node.textValue();
    }
    if (node.isBoolean()) {
      return node.booleanValue();
    }
    if (node.isLong()) {
      return node.longValue();
    }
    return node.decimalValue();
  }

  private static String text(JsonNode map, String key) {
    return map.get(key).textValue();
  }

  private static Duration duration(JsonNode map, String key) {
    return DurationText.parse(text(map, key)).orElseThrow();
  }

  private static Instant instant(JsonNode node) {
    return MeaningCheck.parseInstant(node.textValue()).orElseThrow();
  }

  private static ZoneId zone(JsonNode node) {
    return MeaningCheck.parseZone(node.textValue()).orElseThrow();
  }

  private Path file(JsonNode node) {
    return directory.resolve(node.textValue()).normalize();
  }

  private Address place(JsonNode map, String key) {
    String place = text(map, key);
    return new Address(
        place.contains("://") ? place : directory.resolve(place).normalize().toString());
  }

  private static <T> Optional<T> optional(JsonNode map, String key, Function<JsonNode, T> reader) {
    return Optional.ofNullable(map.get(key)).map(reader);
  }

  private static <T> Map<String, T> map(JsonNode node, Function<JsonNode, T> reader) {
    Map<String, T> map = new LinkedHashMap<>();
    node.properties().forEach(entry -> map.put(entry.getKey(), reader.apply(entry.getValue())));
    return map;
  }
}

package dev.crossfade.launcher.settings;

import dev.crossfade.migration.QualityRule;
import dev.crossfade.transforms.records.EventTimes;
import dev.crossfade.transforms.records.RecordFormat;
import dev.crossfade.transforms.windows.WindowShape;
import dev.crossfade.transforms.windows.Windowing;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Writes settings in the shape of the file, with secrets masked. */
final class Description {
  private Description() {}

  static Map<String, Object> of(Settings settings) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("flow", settings.flow());
    map.put("eventTime", of(settings.eventTime()));
    map.put("window", of(settings.window()));
    Map<String, Object> references = new LinkedHashMap<>();
    settings
        .references()
        .forEach(
            (name, reference) ->
                references.put(
                    name, map("path", reference.path().toString(), "key", reference.key())));
    map.put("references", references);
    Map<String, Object> sources = new LinkedHashMap<>();
    settings.sources().batch().ifPresent(batch -> sources.put("batch", of(batch)));
    settings.sources().stream().ifPresent(stream -> sources.put("stream", of(stream)));
    map.put("sources", sources);
    settings.legacy().ifPresent(legacy -> map.put("legacy", of(legacy)));
    map.put(
        "store",
        map(
            "url",
            settings.store().url().toString(),
            "user",
            settings.store().user(),
            "password",
            settings.store().password().toString(),
            "patience",
            DurationText.format(settings.store().patience())));
    settings.maxDeadRatio().ifPresent(ratio -> map.put("maxDeadRatio", ratio));
    map.put("sink", of(settings.sink()));
    Map<String, Object> quality = new LinkedHashMap<>();
    settings.quality().forEach((name, rule) -> quality.put(name, of(rule.says())));
    map.put("quality", quality);
    map.put("parameters", new LinkedHashMap<>(settings.parameters()));
    return map;
  }

  private static Map<String, Object> of(EventTimes eventTime) {
    Map<String, Object> map =
        map("field", eventTime.field(), "format", eventTime.format().toString());
    if (eventTime.zone() != null) {
      map.put("zone", eventTime.zone().getId());
    }
    map.put("notBefore", eventTime.notBefore().toString());
    map.put("notAfter", eventTime.notAfter().toString());
    return map;
  }

  private static Map<String, Object> of(Windowing window) {
    Map<String, Object> map = of(window.shape());
    map.put("watermarkDelay", DurationText.format(window.watermarkDelay()));
    map.put("allowedLateness", DurationText.format(window.allowedLateness()));
    map.put("earlyFiring", DurationText.format(window.earlyFiring()));
    return map;
  }

  private static Map<String, Object> of(WindowShape shape) {
    if (shape instanceof WindowShape.Fixed fixed) {
      Map<String, Object> map = map("size", DurationText.format(fixed.size()));
      if (!fixed.offset().isZero()) {
        map.put("offset", DurationText.format(fixed.offset()));
      }
      return map;
    }
    if (shape instanceof WindowShape.LocalWeek week) {
      return map(
          "localWeek",
          week.zone().getId(),
          "firstDayOfWeek",
          week.firstDayOfWeek().name().toLowerCase(Locale.ROOT));
    }
    return shape instanceof WindowShape.LocalMonth month
        ? map("localMonth", month.zone().getId())
        : map("localDay", ((WindowShape.LocalDay) shape).zone().getId());
  }

  private static Map<String, Object> of(BatchSource batch) {
    Map<String, Object> map =
        batch instanceof BatchSource.Files files ? of(files) : of((BatchSource.Jdbc) batch);
    batch
        .covers()
        .ifPresent(
            covers ->
                map.put(
                    "covers",
                    map("from", covers.start().toString(), "to", covers.end().toString())));
    return map;
  }

  private static Map<String, Object> of(BatchSource.Files files) {
    Map<String, Object> map = map("type", "files", "path", files.path().toString());
    if (files.format() instanceof RecordFormat.Csv csv) {
      map.put("format", "csv");
      map.put("delimiter", String.valueOf(csv.delimiter()));
    } else {
      map.put("format", "json");
    }
    return map;
  }

  private static Map<String, Object> of(BatchSource.Jdbc jdbc) {
    Map<String, Object> map =
        map(
            "type",
            "jdbc",
            "url",
            jdbc.url().toString(),
            "user",
            jdbc.user(),
            "password",
            jdbc.password().toString(),
            "table",
            jdbc.table());
    jdbc.partitionColumn().ifPresent(column -> map.put("partitionColumn", column));
    map.put("partitions", jdbc.partitions());
    map.put("fetchSize", jdbc.fetchSize());
    return map;
  }

  private static Map<String, Object> of(KafkaStreamSource stream) {
    return map(
        "type",
        "kafka",
        "bootstrapServers",
        stream.bootstrapServers(),
        "topic",
        stream.topic(),
        "idleAfter",
        DurationText.format(stream.idleAfter()),
        "stopAtEnd",
        stream.stopAtEnd(),
        "properties",
        stream.properties().masked());
  }

  private static Map<String, Object> of(Settings.Legacy legacy) {
    Map<String, Object> map = map("table", legacy.table());
    legacy.script().ifPresent(script -> map.put("script", script.toString()));
    return map;
  }

  private static Map<String, Object> of(Sink sink) {
    if (sink instanceof Sink.Postgres) {
      return map("type", "postgres");
    }
    if (sink instanceof Sink.Files files) {
      return map(
          "type", "files", "directory", files.directory().toString(), "shards", files.shards());
    }
    Sink.Kafka kafka = (Sink.Kafka) sink;
    return map(
        "type",
        "kafka",
        "bootstrapServers",
        kafka.bootstrapServers(),
        "topic",
        kafka.topic(),
        "properties",
        kafka.properties().masked());
  }

  private static Map<String, Object> of(QualityRule rule) {
    if (rule instanceof QualityRule.NullShare share) {
      return map("type", "nullShare", "column", share.column(), "most", share.most());
    }
    if (rule instanceof QualityRule.Range range) {
      Map<String, Object> map = map("type", "range", "column", range.column());
      range.least().ifPresent(least -> map.put("least", least));
      range.most().ifPresent(most -> map.put("most", most));
      return map;
    }
    if (rule instanceof QualityRule.SumOfParts sum) {
      return map(
          "type", "sumOfParts", "parts", String.join(" + ", sum.parts()), "whole", sum.whole());
    }
    QualityRule.Volume volume = (QualityRule.Volume) rule;
    return map(
        "type",
        "volume",
        "against",
        DurationText.format(volume.against()),
        "least",
        volume.least(),
        "most",
        volume.most());
  }

  /** A map of keys and values by turns, in that order. */
  private static Map<String, Object> map(Object... keysAndValues) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }
}

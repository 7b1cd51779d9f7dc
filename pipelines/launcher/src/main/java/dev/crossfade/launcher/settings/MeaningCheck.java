package dev.crossfade.launcher.settings;

import com.fasterxml.jackson.databind.JsonNode;
import dev.crossfade.io.kafka.JaasLine;
import dev.crossfade.transforms.records.TimeFormat;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.kafka.common.config.SaslConfigs;

/**
 * Tells what a schema cannot: texts that look right but stand for nothing, files that do not exist,
 * and settings that contradict each other. What is already known to be wrong is left alone.
 */
final class MeaningCheck {
  private final TypedTree settings;
  private final Path directory;
  private final Problems problems;

  private MeaningCheck(TypedTree settings, Path directory, Problems problems) {
    this.settings = settings;
    this.directory = directory;
    this.problems = problems;
  }

  static void check(TypedTree settings, Path directory, Problems problems) {
    MeaningCheck check = new MeaningCheck(settings, directory, problems);
    check.texts(settings.json(), FlowSchema.root(), List.of());
    check.positive(List.of("window", "size"));
    check.positive(List.of("window", "earlyFiring"));
    check.positive(List.of("sources", "stream", "idleAfter"));
    check.ordered(List.of("eventTime"), "notBefore", "notAfter");
    check.ordered(List.of("sources", "batch", "covers"), "from", "to");
    check.noDirectory(List.of("sources", "batch", "path"));
    check.jaas(ClientPropertiesFiles.STREAM);
    check.jaas(ClientPropertiesFiles.SINK);
    WindowCheck.check(settings, problems);
    RuleCheck.check(settings, problems);
  }

  private void noDirectory(List<String> path) {
    if (text(path).flatMap(this::resolve).filter(Files::isDirectory).isPresent()) {
      problems.add(
          settings.location(path),
          path,
          settings.shown(path)
              + ", which is a directory; expected the files in it, such as "
              + text(path).orElseThrow()
              + "/*.csv");
    }
  }

  private void texts(JsonNode node, JsonNode schema, List<String> path) {
    if (node.isObject()) {
      JsonNode chosen = FlowSchema.choose(schema, node.path("type").asText());
      node.properties()
          .forEach(
              child ->
                  texts(
                      child.getValue(),
                      FlowSchema.child(chosen, child.getKey()),
                      Paths.child(path, child.getKey())));
    } else if (node.isTextual() && !problems.at(path)) {
      text(node.textValue(), schema, path);
    }
  }

  private void text(String text, JsonNode schema, List<String> path) {
    boolean right =
        switch (FlowSchema.definition(schema)) {
          case "duration" -> DurationText.parse(text).isPresent();
          case "instant" -> parseInstant(text).isPresent();
          case "zone" -> parseZone(text).isPresent();
          case "timeFormat" -> whyNoTimeFormat(text).isEmpty();
          case "localFile" -> resolve(text).filter(Files::isRegularFile).isPresent();
          case "place" ->
              text.contains("://") ? !Address.hasPassword(text) : resolve(text).isPresent();
          default -> true;
        };
    if (!right) {
      String hint =
          switch (FlowSchema.definition(schema)) {
            case "zone" -> settings.literal(path).map(MeaningCheck::zoneMeant).orElse("");
            case "timeFormat" ->
                settings
                    .literal(path)
                    .flatMap(MeaningCheck::whyNoTimeFormat)
                    .map(why -> ": " + why)
                    .orElse("");
            default -> "";
          };
      problems.add(
          settings.location(path),
          path,
          settings.shown(path) + "; expected " + FlowSchema.expected(schema) + hint);
    }
  }

  static Optional<Instant> parseInstant(String text) {
    try {
      return Optional.of(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** The zone of a name that Java and SQL read alike. */
  static Optional<ZoneId> parseZone(String text) {
    if (TimeFormat.otherThanInSql(text).isPresent()) {
      return Optional.empty();
    }
    try {
      return Optional.of(ZoneId.of(text));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> whyNoTimeFormat(String text) {
    try {
      TimeFormat.of(text);
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(e.getMessage());
    }
  }

  private void jaas(List<String> client) {
    List<String> path =
        Paths.child(Paths.child(client, "properties"), SaslConfigs.SASL_JAAS_CONFIG);
    JsonNode line = settings.at(path);
    // A description that is read again has nothing but the mask.
    if (line.isTextual() && !line.textValue().equals(Secret.MASK) && !problems.at(path)) {
      JaasLine.whatIsWrong(line.textValue())
          .ifPresent(
              why ->
                  problems.add(
                      settings.location(path),
                      path,
                      "is no JAAS line: " + why + "; expected such as " + JaasLine.EXAMPLE));
    }
  }

  private Optional<Path> resolve(String text) {
    try {
      return Optional.of(directory.resolve(text));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /** What most likely was meant; a city alone is near to its zone too. */
  private static String zoneMeant(String text) {
    Optional<String> other = TimeFormat.otherThanInSql(text);
    if (other.isPresent()) {
      return ": " + other.get();
    }
    String abbreviated = ZoneId.SHORT_IDS.get(text.toUpperCase(Locale.ROOT));
    if (abbreviated != null) {
      return ": "
          + text
          + " is an abbreviation, which stands for other zones elsewhere; name the zone itself, such as "
          + (abbreviated.contains("/")
              ? abbreviated
              : abbreviated + " if it has no daylight saving time");
    }
    return Nearest.to(
            text,
            new TreeSet<>(ZoneId.getAvailableZoneIds()),
            zone -> text.contains("/") ? zone : zone.substring(zone.lastIndexOf('/') + 1))
        .map(zone -> "; did you mean " + zone + "?")
        .orElse("");
  }

  private void positive(List<String> path) {
    if (text(path).flatMap(DurationText::parse).filter(Duration::isZero).isPresent()) {
      problems.add(
          settings.location(path), path, settings.shown(path) + "; expected more than nothing");
    }
  }

  private void ordered(List<String> map, String first, String second) {
    List<String> firstPath = Paths.child(map, first);
    List<String> secondPath = Paths.child(map, second);
    Optional<Instant> start = text(firstPath).flatMap(MeaningCheck::parseInstant);
    Optional<Instant> end = text(secondPath).flatMap(MeaningCheck::parseInstant);
    if (start.isPresent() && end.isPresent() && !start.get().isBefore(end.get())) {
      problems.add(
          settings.location(secondPath),
          secondPath,
          settings.shown(secondPath)
              + "; expected an instant after "
              + first
              + ", which "
              + settings.shown(firstPath));
    }
  }

  private Optional<String> text(List<String> path) {
    return problems.at(path)
        ? Optional.empty()
        : Optional.ofNullable(settings.at(path).textValue());
  }
}

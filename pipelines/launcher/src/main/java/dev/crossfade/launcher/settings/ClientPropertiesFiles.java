package dev.crossfade.launcher.settings;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.crossfade.io.kafka.JaasLine;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.config.SaslConfigs;

/**
 * The files of Kafka client properties: those that {@code propertiesFile} names, and that of the
 * environment. The environment's belongs to the environment's brokers: whoever else is named in the
 * settings is not shown its credentials.
 */
final class ClientPropertiesFiles {
  static final List<String> STREAM = List.of("sources", "stream");
  static final List<String> SINK = List.of("sink");

  private static final String KEY = "propertiesFile";
  private static final String BROKERS_VARIABLE = "CROSSFADE_KAFKA";
  private static final String FILE_VARIABLE = "CROSSFADE_KAFKA_PROPERTIES";
  private static final String EXPECTED = "expected client properties as Kafka's own programs take";

  /** Where the brokers are is for the settings to say. */
  private static final String BROKERS = "bootstrap.servers";

  private final Map<List<String>, Map<String, String>> properties = new HashMap<>();
  private final TypedTree settings;
  private final Path directory;
  private final Map<String, String> environment;
  private final Problems problems;

  private ClientPropertiesFiles(
      TypedTree settings, Path directory, Map<String, String> environment, Problems problems) {
    this.settings = settings;
    this.directory = directory;
    this.environment = environment;
    this.problems = problems;
  }

  /** Reads those that the settings ask for, and tells of each that cannot be read. */
  static ClientPropertiesFiles read(
      TypedTree settings, Path directory, Map<String, String> environment, Problems problems) {
    ClientPropertiesFiles files =
        new ClientPropertiesFiles(settings, directory, environment, problems);
    files.readFor(STREAM);
    files.readFor(SINK);
    return files;
  }

  /** The properties in the file of the source or sink at a path; none if it has no file. */
  Map<String, String> at(List<String> path) {
    return properties.getOrDefault(path, Map.of());
  }

  private void readFor(List<String> path) {
    JsonNode node = settings.at(path);
    List<String> key = Paths.child(path, KEY);
    if (!node.path("type").asText().equals("kafka") || problems.at(key)) {
      return;
    }
    String named = environment.getOrDefault(FILE_VARIABLE, "");
    if (node.path(KEY).isTextual()) {
      String given = node.get(KEY).textValue();
      if (!given.isBlank()) {
        read(path, key, given, settings.location(key), settings.shown(key));
      }
    } else if (!named.isBlank()
        && node.path("bootstrapServers").asText().equals(environment.get(BROKERS_VARIABLE))) {
      read(
          path,
          key,
          named,
          settings.keyLocation(path),
          "is the file that " + FILE_VARIABLE + " names, \"" + named + "\"");
    }
  }

  private void read(
      List<String> path, List<String> key, String named, Location location, String shown) {
    String wrong;
    try {
      Path file = directory.resolve(named);
      if (Files.isDirectory(file)) {
        wrong = "which is a directory";
      } else {
        Properties read = new Properties();
        try (Reader reader = Files.newBufferedReader(file, UTF_8)) {
          read.load(reader);
        }
        read.remove(BROKERS);
        Map<String, String> all = new TreeMap<>();
        read.stringPropertyNames().forEach(name -> all.put(name, read.getProperty(name)));
        properties.put(path, all);
        refused(path, all)
            .ifPresent(why -> problems.add(location, key, shown + ", which has " + why));
        return;
      }
    } catch (NoSuchFileException | InvalidPathException e) {
      wrong = "which is not there";
    } catch (AccessDeniedException e) {
      wrong = "which cannot be read: permission denied";
    } catch (CharacterCodingException e) {
      wrong = "which is not text in UTF-8";
    } catch (IllegalArgumentException e) {
      wrong = "which has an escape that means nothing, such as \\u without four digits";
    } catch (IOException e) {
      wrong = "which cannot be read: " + e.getMessage();
    }
    problems.add(location, key, shown + ", " + wrong + "; " + EXPECTED);
  }

  /** What Crossfade sets itself, and why. */
  private Optional<String> refused(List<String> path, Map<String, String> properties) {
    JsonNode schema =
        FlowSchema.child(
            FlowSchema.choose(
                path.equals(SINK)
                    ? FlowSchema.child(FlowSchema.root(), "sink")
                    : FlowSchema.child(FlowSchema.child(FlowSchema.root(), "sources"), "stream"),
                "kafka"),
            "properties");
    List<String> refused = new ArrayList<>();
    for (String name : new TreeSet<>(properties.keySet())) {
      JsonNode of = schema.path("properties").path(name);
      if (of.has("not")) {
        refused.add(name + " (is refused: " + FlowSchema.expected(of) + ")");
      }
    }
    String line = properties.get(SaslConfigs.SASL_JAAS_CONFIG);
    if (line != null) {
      JaasLine.whatIsWrong(line)
          .ifPresent(
              why ->
                  refused.add(
                      SaslConfigs.SASL_JAAS_CONFIG
                          + " (is no JAAS line: "
                          + why
                          + "; expected such as "
                          + JaasLine.EXAMPLE
                          + ")"));
    }
    return refused.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", refused));
  }
}

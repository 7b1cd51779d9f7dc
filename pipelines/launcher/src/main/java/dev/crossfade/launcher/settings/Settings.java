package dev.crossfade.launcher.settings;

import dev.crossfade.migration.QualityRule;
import dev.crossfade.transforms.records.EventTimes;
import dev.crossfade.transforms.windows.Windowing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The settings of one flow: everything that it needs besides its logic.
 *
 * @param flow the name of the flow
 * @param eventTime where the event time of a record is found, and which event times are believed
 * @param window how events fall into windows and when a window is closed
 * @param references the tables that the flow looks values up in, by name, in the file's order
 * @param sources where events come from
 * @param legacy the results of the job being replaced, if there is one
 * @param store the database that holds results, ledgers, certificates and routes
 * @param maxDeadRatio the greatest share of dead letters with which a run goes on
 * @param sink where results go
 * @param quality rules of the business about each window of results, by name, in the file's order
 * @param parameters values that the flow reads, in the file's order: each a {@link String}, a
 *     {@link Long}, a {@link java.math.BigDecimal} or a {@link Boolean}. They are no place for a
 *     password: they are part of the flow's logic and are shown
 */
public record Settings(
    String flow,
    EventTimes eventTime,
    Windowing window,
    Map<String, Reference> references,
    Sources sources,
    Optional<Legacy> legacy,
    Store store,
    Optional<Double> maxDeadRatio,
    Sink sink,
    Map<String, Rule> quality,
    Map<String, Object> parameters) {

  /** Copies the maps, so that nobody can change them later. */
  public Settings {
    references = ordered(references);
    quality = ordered(quality);
    parameters = ordered(parameters);
  }

  /**
   * A table that the flow looks values up in.
   *
   * @param path a local CSV file with a header, absolute
   * @param key the column that holds the key
   */
  public record Reference(Path path, String key) {}

  /**
   * Where events come from; at least one of the two is there.
   *
   * @param batch the bounded source, which feeds the batch lane
   * @param stream the unbounded source, which feeds the stream lane
   */
  public record Sources(Optional<BatchSource> batch, Optional<KafkaStreamSource> stream) {}

  /**
   * The results of the job that is being replaced.
   *
   * @param table the table in the store and its schema, with the flow's key and value columns plus
   *     window_start and window_end
   * @param script the SQL script that fills the table, absolute
   */
  public record Legacy(String table, Optional<Path> script) {}

  /**
   * The PostgreSQL database that holds results, ledgers, certificates and routes.
   *
   * @param url its JDBC URL
   * @param user the database user
   * @param password the password of that user
   * @param patience how long a run waits for it if it is away
   */
  public record Store(Address url, String user, Secret password, Duration patience) {}

  /**
   * A rule of the business.
   *
   * @param says the rule
   * @param place where it was written, for what shows only once the flow is known
   */
  public record Rule(QualityRule says, Location place) {}

  /** Loads what reading settings takes; it reads none. */
  public static void prepare() {
    FlowSchema.prepare();
  }

  /**
   * Reads a settings file.
   *
   * @param file the YAML file; relative paths in it are relative to its directory
   * @param overrides values that replace those of the file, each as {@code path=value}, such as
   *     {@code window.size=1h}
   * @param environment what {@code ${NAME}} in a value stands for
   * @throws SettingsException with everything that is wrong, if anything is
   */
  public static Settings load(Path file, List<String> overrides, Map<String, String> environment)
      throws SettingsException {
    return SettingsLoader.load(file, overrides, environment);
  }

  /**
   * The effective settings in the shape of the file, with defaults filled in, paths made absolute
   * and secrets masked. Every value is a map, a text, a number or a boolean.
   */
  public Map<String, Object> describe() {
    return Description.of(this);
  }

  /** A copy that keeps the order of the file, which {@link Map#copyOf} does not. */
  static <V> Map<String, V> ordered(Map<String, V> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }
}

package dev.crossfade.launcher.settings;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Tells of rules that judge nothing, or everything. What is known to be wrong is left alone. */
final class RuleCheck {
  private static final String SECTION = "quality";
  private static final List<String> SIZE = List.of("window", "size");
  private static final List<String> SINK = List.of("sink", "type");

  private final TypedTree settings;
  private final Problems problems;

  private RuleCheck(TypedTree settings, Problems problems) {
    this.settings = settings;
    this.problems = problems;
  }

  static void check(TypedTree settings, Problems problems) {
    RuleCheck check = new RuleCheck(settings, problems);
    JsonNode rules = settings.at(List.of(SECTION));
    if (rules.isObject() && !rules.isEmpty()) {
      check.sink();
      rules.properties().forEach(rule -> check.rule(List.of(SECTION, rule.getKey())));
    }
  }

  /** Windows are judged where their rows are. */
  private void sink() {
    String type = settings.at(SINK).asText("postgres");
    if (!problems.at(SINK) && !type.equals("postgres")) {
      List<String> path = List.of(SECTION);
      problems.add(
          settings.keyLocation(path),
          path,
          "is refused: only results in the store are judged; expected sink.type postgres");
    }
  }

  private void rule(List<String> path) {
    switch (settings.at(path).path("type").asText()) {
      case "range" -> {
        bounded(path);
        ordered(path);
      }
      case "volume" -> {
        ordered(path);
        against(Paths.child(path, "against"));
      }
      default -> {
        // The schema says all there is to say of the others.
      }
    }
  }

  private void bounded(List<String> path) {
    if (settings.at(path).path("least").isMissingNode()
        && settings.at(path).path("most").isMissingNode()
        && !problems.at(path)) {
      problems.add(
          settings.keyLocation(path), path, "has none of least, most; expected one or both");
    }
  }

  private void ordered(List<String> path) {
    List<String> least = Paths.child(path, "least");
    List<String> most = Paths.child(path, "most");
    if (isNumber(least)
        && isNumber(most)
        && settings.at(least).decimalValue().compareTo(settings.at(most).decimalValue()) > 0) {
      problems.add(
          settings.location(most),
          most,
          settings.shown(most) + "; expected no less than least, which " + settings.shown(least));
    }
  }

  private boolean isNumber(List<String> path) {
    return !problems.at(path) && settings.at(path).isNumber();
  }

  /** Else no window would be that much earlier. */
  private void against(List<String> path) {
    Optional<Duration> against = settings.duration(path, problems);
    if (against.isEmpty()) {
      return;
    }
    Optional<Duration> size = settings.duration(SIZE, problems).filter(length -> !length.isZero());
    if (against.get().isZero()) {
      refuse(path, "expected more than nothing");
    } else if (size.isPresent()) {
      if (!isMultiple(against.get(), size.get())) {
        refuse(path, "expected a multiple of window.size, which " + settings.shown(SIZE));
      }
    } else if (has("localDay") && !isMultiple(against.get(), Duration.ofDays(1))) {
      refuse(path, "expected whole days such as 7d, as the windows are local days");
    } else if (has("localWeek") && !isMultiple(against.get(), Duration.ofDays(7))) {
      refuse(path, "expected whole weeks such as 28d, as the windows are local weeks");
    } else if (has("localMonth") && against.get().compareTo(Duration.ofDays(28)) < 0) {
      refuse(path, "expected 28d or more, as the windows are local months");
    }
  }

  private void refuse(List<String> path, String expected) {
    problems.add(settings.location(path), path, settings.shown(path) + "; " + expected);
  }

  private boolean has(String key) {
    return !settings.at(List.of("window", key)).isMissingNode();
  }

  private static boolean isMultiple(Duration duration, Duration of) {
    return duration.toMillis() % of.toMillis() == 0;
  }
}

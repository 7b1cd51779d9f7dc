package dev.crossfade.launcher.settings;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Replaces what stands in a value for an environment variable: a name in <code>${}</code>, perhaps
 * with <code>:-</code> and a text to take instead. <code>$${</code> stands for <code>${</code>
 * itself.
 */
final class Placeholders {
  private static final Pattern PLACEHOLDER =
      Pattern.compile(
          "(?<escaped>\\$\\$\\{)"
              + "|\\$\\{(?<name>[A-Za-z_][A-Za-z0-9_]*)(:-(?<otherwise>[^}]*))?\\}"
              + "|(?<broken>\\$\\{)");

  private Placeholders() {}

  /**
   * The text with every placeholder replaced. As in a shell, a variable without text gives way to
   * the text after {@code :-}.
   *
   * @throws PlaceholderException if a variable is not set, or a placeholder has no name or no end
   */
  static String replace(String text, Map<String, String> environment) throws PlaceholderException {
    Matcher matcher = PLACEHOLDER.matcher(text);
    StringBuilder replaced = new StringBuilder();
    while (matcher.find()) {
      matcher.appendReplacement(replaced, Matcher.quoteReplacement(value(matcher, environment)));
    }
    return matcher.appendTail(replaced).toString();
  }

  private static String value(Matcher matcher, Map<String, String> environment)
      throws PlaceholderException {
    if (matcher.group("escaped") != null) {
      return "${";
    }
    if (matcher.group("broken") != null) {
      throw new PlaceholderException(
          "has ${ without a name and }; expected ${NAME} or ${NAME:-text}, or $${ for ${ itself");
    }
    String name = matcher.group("name");
    String value = environment.get(name);
    String otherwise = matcher.group("otherwise");
    if (otherwise != null) {
      return value == null || value.isEmpty() ? otherwise : value;
    }
    if (value == null) {
      throw new PlaceholderException(
          "the environment variable "
              + name
              + " is not set; set it, or write ${"
              + name
              + ":-text} for a text to take instead");
    }
    return value;
  }

  /** A placeholder that cannot be replaced; its message names no value. */
  static final class PlaceholderException extends Exception {
    private static final long serialVersionUID = 1L;

    private PlaceholderException(String message) {
      super(message);
    }
  }
}

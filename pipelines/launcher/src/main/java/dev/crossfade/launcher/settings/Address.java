package dev.crossfade.launcher.settings;

import com.fasterxml.jackson.annotation.JsonValue;
import java.io.Serializable;
import java.util.regex.Pattern;

/**
 * Where a database or files are: a URL or a path. A URL can carry credentials, so only {@link
 * #value()} gives it in clear; its text and its JSON have them masked.
 *
 * @param value the URL or path in clear
 */
public record Address(String value) implements Serializable {
  /** {@code scheme://user:password@host}. */
  private static final Pattern USER_INFO = Pattern.compile("(://)[^/?#\\s]*@");

  /** The same in JDBC, where Oracle writes {@code jdbc:oracle:thin:user/password@host}. */
  private static final Pattern JDBC_USER_INFO =
      Pattern.compile("^(jdbc:(?:[a-z0-9]+:)+(?://)?)[^?;]*@");

  private static final Pattern SECRET_PARAMETER =
      Pattern.compile("(?i)([^?&;=\\s]*(?:password|passwd|pwd|secret|token)[^=&;\\s]*=)[^&;]*");

  /** The text without the credentials that a URL in it may carry. */
  static String mask(String text) {
    String masked = JDBC_USER_INFO.matcher(text).replaceAll("$1" + Secret.MASK + "@");
    masked = USER_INFO.matcher(masked).replaceAll("$1" + Secret.MASK + "@");
    return SECRET_PARAMETER.matcher(masked).replaceAll("$1" + Secret.MASK);
  }

  /** The address without credentials. */
  @JsonValue
  @Override
  public String toString() {
    return mask(value);
  }
}

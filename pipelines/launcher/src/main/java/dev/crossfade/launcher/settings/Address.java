package dev.crossfade.launcher.settings;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.crossfade.io.credentials.HarmlessUrl;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a database or files are: a URL or a path. A URL can carry credentials, so only {@link
 * #value()} gives it in clear; its text and its JSON have them masked.
 *
 * @param value the URL or path in clear
 */
public record Address(String value) {
  /** {@code scheme://user:password@host}. */
  private static final Pattern USER_INFO = Pattern.compile("(://)[^/?#\\s]*@");

  /** What follows a colon is a port only if it is a number; keys of S3 have slashes in them. */
  private static final Pattern PASSWORD =
      Pattern.compile("://[^/?#\\s@:]*:(?![0-9]+(?:/|$)).*@", Pattern.DOTALL);

  /** The same in JDBC, where Oracle writes {@code jdbc:oracle:thin:user/password@host}. */
  private static final Pattern JDBC_USER_INFO =
      Pattern.compile("^(jdbc:(?:[a-z0-9]+:)+(?://)?)[^?;]*@");

  /** Of a URL; a path can have all of these signs as well. */
  private static final Pattern PARAMETER = Pattern.compile("(?<=[?&;:])([^?&;:=/\\s]+)=[^?&;]*");

  private static final Pattern SECRET_PARAMETER =
      Pattern.compile("(?i)([^?&;=\\s]*(?:password|passwd|pwd|secret|token)[^=&;\\s]*=)[^&;]*");

  /** What MySQL calls an address: {@code (host=…,password=…)}. */
  private static final Pattern IN_PARENTHESES = Pattern.compile("\\([^?]*\\)");

  /** Whether a URI has a password before its host, {@code scheme://user:password@host}. */
  static boolean hasPassword(String text) {
    return PASSWORD.matcher(text).find();
  }

  /**
   * The text without the credentials that a URL in it may carry. Of the parameters of a JDBC URL
   * those are shown that are known to be harmless.
   */
  static String mask(String text) {
    String masked = JDBC_USER_INFO.matcher(text).replaceAll("$1" + Secret.MASK + "@");
    masked = USER_INFO.matcher(masked).replaceAll("$1" + Secret.MASK + "@");
    masked = SECRET_PARAMETER.matcher(masked).replaceAll("$1" + Secret.MASK);
    if (!text.startsWith("jdbc:")) {
      return masked;
    }
    masked = IN_PARENTHESES.matcher(masked).replaceAll("(" + Secret.MASK + ")");
    return PARAMETER
        .matcher(masked)
        .replaceAll(
            found ->
                HarmlessUrl.isHarmlessParameter(found.group(1))
                    ? Matcher.quoteReplacement(found.group())
                    : Matcher.quoteReplacement(found.group(1) + "=" + Secret.MASK));
  }

  /** The address without credentials. */
  @JsonValue
  @Override
  public String toString() {
    return mask(value);
  }
}

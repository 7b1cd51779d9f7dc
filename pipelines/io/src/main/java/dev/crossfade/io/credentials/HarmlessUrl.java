package dev.crossfade.io.credentials;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which JDBC URLs, and which of their parameters, are known to hold no credentials. What is not
 * known is taken to hold some.
 */
public final class HarmlessUrl {
  /** The host and what comes before the parameters; nothing stands before an at sign. */
  private static final Pattern PLACE =
      Pattern.compile("jdbc:[a-z0-9]+(?::[a-z0-9]+)*:@?(?://)?[\\p{L}\\p{N}_.:,/\\[\\]%-]*");

  private static final Pattern PARAMETER = Pattern.compile("([^?&;=\\s]+)=([^?&;]*)");

  private static final Set<String> HARMLESS =
      Set.of(
          "applicationname",
          "autosave",
          "binarytransfer",
          "channelbinding",
          "connecttimeout",
          "currentschema",
          "databasename",
          "defaultrowfetchsize",
          "encrypt",
          "gssencmode",
          "hostrecheckseconds",
          "loadbalancehosts",
          "logintimeout",
          "preferquerymode",
          "preparethreshold",
          "readonly",
          "rewritebatchedinserts",
          "servertimezone",
          "sockettimeout",
          "ssl",
          "sslcert",
          "sslfactory",
          "sslkey",
          "sslmode",
          "sslnegotiation",
          "sslrootcert",
          "stringtype",
          "targetservertype",
          "tcpkeepalive",
          "trustservercertificate",
          "user",
          "usessl");

  private HarmlessUrl() {}

  /** Whether all of a JDBC URL may be shown and serialized. */
  public static boolean isHarmless(String url) {
    Matcher place = PLACE.matcher(url);
    if (!place.lookingAt()) {
      return false;
    }
    String rest = url.substring(place.end());
    if (rest.isEmpty()) {
      return true;
    }
    if (rest.charAt(0) != '?' && rest.charAt(0) != ';') {
      return false;
    }
    for (String parameter : rest.substring(1).split("[&;]", -1)) {
      Matcher parts = PARAMETER.matcher(parameter);
      if (!parameter.isEmpty() && !(parts.matches() && isHarmlessParameter(parts.group(1)))) {
        return false;
      }
    }
    return true;
  }

  /** Whether the value of a parameter of this name may be shown. */
  public static boolean isHarmlessParameter(String name) {
    return HARMLESS.contains(name.toLowerCase(Locale.ROOT));
  }
}

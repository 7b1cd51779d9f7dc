package dev.crossfade.transforms.results;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A name of a table or column as SQL writes it: parts with dots between them, each plain or within
 * double quotes. Quotes within quotes are doubled.
 */
public final class SqlName implements Serializable {
  private static final long serialVersionUID = 1L;

  private final List<Part> parts;

  private SqlName(List<Part> parts) {
    this.parts = List.copyOf(parts);
  }

  private record Part(String text, boolean quoted) implements Serializable {}

  /**
   * Reads a name.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static SqlName parse(String name) {
    List<Part> parts = new ArrayList<>();
    int at = 0;
    while (true) {
      StringBuilder text = new StringBuilder();
      boolean quoted = at < name.length() && name.charAt(at) == '"';
      if (quoted) {
        at = readQuoted(name, at + 1, text);
      } else {
        while (at < name.length() && isPlain(name.charAt(at), text.isEmpty())) {
          text.append(name.charAt(at++));
        }
      }
      if (text.isEmpty() || (at < name.length() && name.charAt(at) != '.')) {
        throw new IllegalArgumentException(
            "'"
                + name
                + "' is not a name such as schema.table or schema.\"Table name\"; a name with"
                + " anything but letters, digits and underscores stands in double quotes");
      }
      parts.add(new Part(text.toString(), quoted));
      if (at == name.length()) {
        return new SqlName(parts);
      }
      at++;
    }
  }

  /** An identifier within double quotes, so that a column may be called {@code order}. */
  public static String quote(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  private static int readQuoted(String name, int from, StringBuilder text) {
    int at = from;
    while (at < name.length()) {
      char c = name.charAt(at++);
      if (c != '"') {
        text.append(c);
      } else if (at < name.length() && name.charAt(at) == '"') {
        text.append(c);
        at++;
      } else {
        return at;
      }
    }
    throw new IllegalArgumentException("'" + name + "' has a quote that is not closed");
  }

  private static boolean isPlain(char c, boolean first) {
    return c == '_' || Character.isLetter(c) || (!first && (Character.isDigit(c) || c == '$'));
  }

  /** The parts as PostgreSQL takes them: without quotes in lower case, within quotes as written. */
  public List<String> inPostgres() {
    return parts.stream().map(part -> part.quoted() ? part.text() : folded(part.text())).toList();
  }

  /** The name for a statement of PostgreSQL, where no part can be taken for a word of SQL. */
  public String quotedForPostgres() {
    return inPostgres().stream().map(SqlName::quote).collect(Collectors.joining("."));
  }

  /**
   * The name for a statement of another database: plain parts as written, which it reads by its own
   * rules.
   *
   * @param quote what that database puts around a name, as its driver says
   */
  public String quotedBy(String quote) {
    return parts.stream()
        .map(
            part ->
                part.quoted()
                    ? quote + part.text().replace(quote, quote + quote) + quote
                    : part.text())
        .collect(Collectors.joining("."));
  }

  /** As PostgreSQL does it in UTF-8: only the letters of ASCII have a lower case. */
  private static String folded(String text) {
    StringBuilder folded = new StringBuilder(text);
    for (int i = 0; i < folded.length(); i++) {
      char c = folded.charAt(i);
      if (c >= 'A' && c <= 'Z') {
        folded.setCharAt(i, (char) (c + ('a' - 'A')));
      }
    }
    return folded.toString();
  }

  /** As PostgreSQL reads it. */
  @Override
  public String toString() {
    return quotedForPostgres();
  }
}

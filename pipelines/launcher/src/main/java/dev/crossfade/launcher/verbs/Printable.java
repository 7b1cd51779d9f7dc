package dev.crossfade.launcher.verbs;

import java.util.Locale;

/**
 * Text that a terminal shows and does not obey: a record may hold anything, also what clears a
 * screen, sets a title, or lets text run from right to left. Each such character stands as JSON
 * writes it, a backslash, a u and four digits, which leaves JSON what it was.
 */
final class Printable {
  private Printable() {}

  /** The text on one line. */
  static String line(String text) {
    return escaped(text, "");
  }

  /** The text with its own line ends and tabs. */
  static String lines(String text) {
    return escaped(text, "\n\t");
  }

  private static String escaped(String text, String kept) {
    if (text.codePoints().noneMatch(Printable::isUnsafe)) {
      return text;
    }
    StringBuilder printable = new StringBuilder(text.length() + 64);
    text.codePoints()
        .forEach(
            character -> {
              if (!isUnsafe(character) || kept.indexOf(character) >= 0) {
                printable.appendCodePoint(character);
                return;
              }
              for (char unit : Character.toChars(character)) {
                printable.append(String.format(Locale.ROOT, "\\u%04x", (int) unit));
              }
            });
    return printable.toString();
  }

  private static boolean isUnsafe(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      default -> false;
    };
  }
}

package dev.crossfade.planted.migration;

/** The same by a method of the text. */
final class FormatsText {
  private FormatsText() {}

  static String limit(int rows) {
    return "LIMIT %d".formatted(rows);
  }
}

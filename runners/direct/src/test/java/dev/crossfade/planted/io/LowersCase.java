package dev.crossfade.planted.io;

/** In Turkish, I in small letters is no i. */
final class LowersCase {
  private LowersCase() {}

  @SuppressWarnings("StringCaseLocaleUsage") // It is what the rule has to find.
  static String lower(String text) {
    return text.toLowerCase();
  }
}

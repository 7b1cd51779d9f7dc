package dev.crossfade.transforms.results;

/** Tells whether a text can be stored: Java's may hold what no encoding has bytes for. */
public final class Surrogates {
  private Surrogates() {}

  /**
   * Whether a surrogate stands in a text without its other half. {@link String#getBytes} makes a
   * {@code '?'} of it without a word, which is another text, and may be that of another event.
   */
  public static boolean hasHalfAPair(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (i + 1 == text.length()
            || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
          return true;
        }
        i++;
      }
    }
    return false;
  }
}

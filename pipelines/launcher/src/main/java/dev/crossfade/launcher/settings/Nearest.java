package dev.crossfade.launcher.settings;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Finds the word that was probably meant. */
final class Nearest {
  private Nearest() {}

  static Optional<String> to(String word, Collection<String> candidates) {
    return to(word, candidates, UnaryOperator.identity());
  }

  /**
   * The candidate whose form is nearest to the word, if it is near enough. Case and punctuation do
   * not count; between equally near ones the first wins.
   */
  static Optional<String> to(
      String word, Collection<String> candidates, UnaryOperator<String> form) {
    String plainWord = plain(word);
    // A third of the letters: fewer miss plain typos, more turn one known word into another.
    int least = Math.max(1, plainWord.length() / 3) + 1;
    Optional<String> nearest = Optional.empty();
    for (String candidate : candidates) {
      int distance = distance(plainWord, plain(form.apply(candidate)), least);
      if (distance < least) {
        least = distance;
        nearest = Optional.of(candidate);
      }
    }
    return nearest;
  }

  private static String plain(String word) {
    return word.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]", "");
  }

  /** Letters added, dropped, replaced or swapped with the next; {@code limit} if at least that. */
  private static int distance(String a, String b, int limit) {
    if (Math.abs(a.length() - b.length()) >= limit) {
      return limit;
    }
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          cost[i][j] = i + j;
          continue;
        }
        int replaced = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        cost[i][j] = Math.min(replaced, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
        }
      }
    }
    return Math.min(limit, cost[a.length()][b.length()]);
  }
}

package mmct.api.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/// Finds the name that a mistyped one was probably meant to be.
public final class NearName {
  private NearName() {}

  /// The nearest of the known names, or empty where none is near.
  public static Optional<String> of(String name, Collection<String> known) {
    return known.stream()
        .min(Comparator.comparingInt((String it) -> distance(it, name)).thenComparing(it -> it))
        .filter(it -> isNear(distance(it, name), Math.max(it.length(), name.length())));
  }

  /// The nearest name as the rest of a sentence, `; did you mean NAME?`; empty where none is near.
  public static String suggestion(String name, Collection<String> known) {
    return of(name, known).map(it -> "; did you mean " + it + "?").orElse("");
  }

  /// A few letters, but not all of them.
  private static boolean isNear(int distance, int length) {
    return distance <= Math.max(2, length / 3) && distance < length;
  }

  /// Levenshtein's distance.
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitute = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substitute, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}

package mmct.api.spi;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The version of the contracts that providers are written against. A plugin's jar says in its
/// manifest, as [#ATTRIBUTE], which it was compiled with.
///
/// @param major changes where a plugin that was compiled before may no longer work
/// @param minor changes where contracts are added; before 1.0 it counts as `major` does
public record ApiVersion(int major, int minor) {
  /// The attribute of a jar's manifest, as in `MMCT-Api: 0.1`.
  public static final String ATTRIBUTE = "MMCT-Api";

  /// The version of this toolkit.
  public static final ApiVersion CURRENT = new ApiVersion(0, 1);

  private static final Pattern NUMBERS = Pattern.compile("(\\d{1,6})\\.(\\d{1,6})");

  /// Reads `MAJOR.MINOR`; empty where the text is no such thing.
  public static Optional<ApiVersion> parse(String text) {
    Matcher numbers = NUMBERS.matcher(text.strip());
    return numbers.matches()
        ? Optional.of(
            new ApiVersion(Integer.parseInt(numbers.group(1)), Integer.parseInt(numbers.group(2))))
        : Optional.empty();
  }

  /// Whether what was compiled with another version runs with this one: the same before 1.0, and
  /// one of the same major number that is no newer after.
  public boolean runs(ApiVersion compiled) {
    return major == compiled.major
        && (major == 0 ? minor == compiled.minor : minor >= compiled.minor);
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}

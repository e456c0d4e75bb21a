package mmct.api.spi;

import java.util.Optional;
import java.util.Set;

/// A plugin, or one of its providers, that is not used; everything else is.
///
/// @param what what is set aside, such as `the plugin /home/me/plugins/signal.jar`
/// @param kinds of what kinds providers are missing with it, such as `loss`; empty where that is
///     not known
/// @param name the name of the provider, where one alone is set aside and could tell
/// @param reason why, and what can be done
public record SetAside(String what, Set<String> kinds, Optional<String> name, String reason) {
  /// Copies the kinds.
  public SetAside {
    kinds = Set.copyOf(kinds);
  }

  /// All providers of a plugin.
  ///
  /// @param kinds of what kinds they are; empty where that is not known
  public static SetAside plugin(String jar, Set<String> kinds, String reason) {
    return new SetAside("the plugin " + jar, kinds, Optional.empty(), reason);
  }

  /// Whether it may be what is missing.
  boolean mayBe(String kind, String wanted) {
    return (kinds.isEmpty() || kinds.contains(kind)) && name.map(wanted::equals).orElse(true);
  }

  /// In one sentence.
  public String told() {
    return "%s is set aside: %s".formatted(what, reason);
  }
}

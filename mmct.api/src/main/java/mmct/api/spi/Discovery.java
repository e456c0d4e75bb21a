package mmct.api.spi;

import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import mmct.api.MmctException;
import mmct.api.config.SettingDescription;

/// Finds providers one by one, so that one that cannot be used is set aside and takes no other with
/// it.
final class Discovery {
  /// More errors than any set of jars has, should the service loader not move on after one.
  private static final int MOST_ERRORS = 1000;

  /// A class as the service loader's errors name it.
  private static final Pattern CLASS =
      Pattern.compile("(?:Provider |Unable to load |provider )([\\w.$]+\\.[\\w$]+)");

  private final List<Source> sources;
  private final Map<String, String> jars;
  private final List<SetAside> setAside = new ArrayList<>();
  private final IdentityHashMap<Provider<?>, Origin> origins = new IdentityHashMap<>();

  /// A place where services are found.
  @FunctionalInterface
  interface Source {
    <S> Iterator<S> of(Class<S> service);
  }

  /// Looks at several places, in order; what is found twice is taken once.
  ///
  /// @param jars by class name, the jar of a provider that may turn out not to be loadable
  Discovery(List<Source> sources, Map<String, String> jars) {
    this.sources = sources;
    this.jars = jars;
  }

  /// What could not be used so far.
  List<SetAside> setAside() {
    return setAside;
  }

  /// The providers of a kind by name.
  Map<String, Provider<?>> providers(String kind, Class<?> service) {
    Map<String, List<Provider<?>>> named = new TreeMap<>();
    for (Object found : services(service, error -> setAside.add(unusable(kind, error)))) {
      named(kind, (Provider<?>) found)
          .ifPresent(
              provider ->
                  named
                      .computeIfAbsent(origin(provider).name(), name -> new ArrayList<>())
                      .add(provider));
    }
    Map<String, Provider<?>> byName = new TreeMap<>();
    named.forEach(
        (name, all) -> only(kind, name, all).ifPresent(provider -> byName.put(name, provider)));
    return byName;
  }

  /// The services of a kind, in the order in which they are found.
  ///
  /// @param errors takes what cannot be loaded
  <S> List<S> services(Class<S> service, Consumer<ServiceConfigurationError> errors) {
    List<S> found = new ArrayList<>();
    Set<Class<?>> before = new HashSet<>();
    for (Source source : sources) {
      found.forEach(each -> before.add(each.getClass()));
      Iterator<S> services = source.of(service);
      for (int failed = 0; failed < MOST_ERRORS; ) {
        try {
          if (!services.hasNext()) {
            break;
          }
          S each = services.next();
          if (!before.contains(each.getClass())) {
            found.add(each);
          }
        } catch (ServiceConfigurationError e) {
          errors.accept(e);
          failed++;
        }
      }
    }
    return found;
  }

  /// The services of a kind that is none of the catalogue's own, each with a guard where it is a
  /// plugin's.
  ///
  /// @throws MmctException where one cannot be loaded
  <S> List<S> guarded(Class<S> service) {
    String kind = service.getSimpleName();
    List<S> found =
        services(
            service,
            error -> {
              throw new MmctException(unusable(kind, error).told(), error);
            });
    return found.stream()
        .map(
            each ->
                !Origin.isPlugin(each.getClass())
                    ? each
                    : Guard.around(
                        service,
                        each,
                        Origin.of(kind, each.getClass().getSimpleName(), each.getClass())))
        .toList();
  }

  /// Where a provider that was found comes from.
  Origin origin(Provider<?> provider) {
    return Objects.requireNonNull(origins.get(provider));
  }

  /// Why a service could not be loaded.
  SetAside unusable(String kind, ServiceConfigurationError error) {
    String message = String.valueOf(error.getMessage());
    Matcher named = CLASS.matcher(message);
    String type = named.find() ? named.group(1) : "";
    String jar = jars.getOrDefault(type, "");
    String reason =
        error.getCause() == null
            ? message.substring(message.indexOf(": ") + 1).strip()
            : Fault.of(error.getCause());
    return new SetAside(
        "the provider%s of %s%s"
            .formatted(
                type.isEmpty() ? "" : " " + type,
                withArticle(kind),
                jar.isEmpty() ? "" : " in " + jar),
        Set.of(kind),
        Optional.empty(),
        reason);
  }

  private static String withArticle(String kind) {
    return ("aeiouAEIOU".indexOf(kind.charAt(0)) < 0 ? "a " : "an ") + kind;
  }

  /// A provider that can be named and configured, with a guard where it is a plugin's.
  private Optional<Provider<?>> named(String kind, Provider<?> found) {
    Origin unnamed = Origin.of(kind, "?", found.getClass());
    try {
      boolean own = !Origin.isPlugin(found.getClass());
      Provider<?> asked = own ? found : Guard.around(Provider.class, found, unnamed);
      Origin origin = Origin.of(kind, asked.name(), found.getClass());
      if (!own) {
        asked.description();
        requireUsable(asked.options(), unnamed);
      }
      Provider<?> provider = own ? found : Guard.around(Provider.class, found, origin);
      origins.put(provider, origin);
      return Optional.of(provider);
    } catch (MmctException e) {
      String what =
          "the provider %s of %s".formatted(found.getClass().getName(), withArticle(kind));
      String jar = unnamed.place().map(place -> " in " + place).orElse("");
      setAside.add(
          new SetAside(what + jar, Set.of(kind), Optional.empty(), String.valueOf(e.getMessage())));
      return Optional.empty();
    }
  }

  /// What reads the options is reflection, which needs them to be open to the toolkit.
  private static void requireUsable(Class<? extends Record> options, Origin origin) {
    boolean open =
        options.isRecord()
            && Modifier.isPublic(options.getModifiers())
            && options
                .getModule()
                .isExported(options.getPackageName(), Discovery.class.getModule());
    if (!open) {
      throw new MmctException(
          "its options %s must be a public record in an exported package; say `exports %s;` in its module-info"
              .formatted(options.getName(), options.getPackageName()));
    }
    origin.call("options", () -> SettingDescription.of(options));
  }

  /// The one provider of a name. The toolkit's own comes before others; of two others neither is
  /// taken, for which one was meant cannot be known.
  private Optional<Provider<?>> only(String kind, String name, List<Provider<?>> all) {
    if (all.size() == 1) {
      return Optional.of(all.getFirst());
    }
    String both =
        all.stream().map(provider -> place(origin(provider))).collect(Collectors.joining(" and "));
    List<Provider<?>> own =
        all.stream().filter(it -> Origin.isToolkit(Guard.target(it).getClass())).toList();
    String reason = "two providers give the %s '%s': %s".formatted(kind, name, both);
    String remedy =
        own.size() == 1
            ? "; the toolkit's own is used, so give the other another name"
            : "; remove one of them";
    setAside.add(
        new SetAside(
            "the %s '%s'%s".formatted(kind, name, own.size() == 1 ? " of a plugin" : ""),
            Set.of(kind),
            Optional.of(name),
            reason + remedy));
    return own.size() == 1 ? Optional.of(own.getFirst()) : Optional.empty();
  }

  private static String place(Origin origin) {
    return origin.type() + origin.place().map(jar -> " in " + jar).orElse("");
  }
}

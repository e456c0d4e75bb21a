package mmct.api.training;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import mmct.api.config.Settings;
import mmct.api.graph.ModalityConfig;
import mmct.api.graph.ObjectiveConfig;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Provider;
import mmct.api.training.Resolution.Bound;

/// Writes every default of a configuration out: those of the run and those of every provider that
/// it names. Such a configuration means the same run when defaults have changed, and from any
/// working directory, since its paths are absolute.
public final class Defaults {
  private static final String TYPE = "type";

  private final Catalogue catalogue;

  private Defaults(Catalogue catalogue) {
    this.catalogue = catalogue;
  }

  /// Fills a configuration, and thereby checks all of it that can be checked without data.
  ///
  /// @return a tree that resolves to the same run; what was written keeps its origin
  /// @throws mmct.api.config.ConfigurationException naming the key, the value and the choices
  public static Settings fill(Settings settings, Catalogue catalogue) {
    return fill(settings, catalogue, note -> {});
  }

  /// Fills a configuration, and tells what it leaves out because the kind that it was written for
  /// has been replaced by another one.
  ///
  /// @param notes takes one sentence for each group of which something is left out
  /// @return a tree that resolves to the same run; what was written keeps its origin
  /// @throws mmct.api.config.ConfigurationException naming the key, the value and the choices
  public static Settings fill(Settings written, Catalogue catalogue, Consumer<String> notes) {
    Settings settings = new OwnSettings(catalogue, notes).of(written);
    RunConfig run = settings.bind(RunConfig.class);
    Defaults defaults = new Defaults(catalogue);
    Settings parts =
        Settings.of(
            Map.of(
                "modalities", each(settings.child("modalities"), defaults::modality),
                "objectives", each(settings.child("objectives"), defaults::objective),
                "evaluate",
                    Map.of("run", each(settings.child("evaluate").child("run"), defaults::judge)),
                "data", defaults.data(settings.child("data"), run.data())));
    return parts.over(Settings.of(run)).over(settings).withoutWords();
  }

  private static Map<String, Object> each(Settings groups, Function<Settings, Settings> filling) {
    Map<String, Object> filled = new LinkedHashMap<>();
    for (String name : groups.keys()) {
      filled.put(name, filling.apply(groups.child(name)).toMap());
    }
    return filled;
  }

  private Settings modality(Settings all) {
    return core(all, TYPE, ModalityConfig.class, catalogue::modality);
  }

  private Settings objective(Settings all) {
    Settings filled = core(all, "loss", ObjectiveConfig.class, catalogue::loss);
    if (!all.has("positives")) {
      return filled;
    }
    Settings rule = named(all.child("positives"), catalogue::positives);
    return Settings.of(Map.of("positives", rule.toMap())).over(filled);
  }

  private Settings judge(Settings all) {
    return named(all, catalogue::evaluator);
  }

  private Map<String, Object> data(Settings all, RunConfig.DataConfig data) {
    Map<String, Object> filled = new LinkedHashMap<>();
    data.type()
        .ifPresent(
            type -> {
              Provider<?> provider = Resolution.located(all, TYPE, () -> catalogue.dataset(type));
              Record options = data.options().bind(provider.options());
              filled.put("options", Settings.of(options).toMap());
            });
    return filled;
  }

  /// A group of core keys, a provider's name among them, and the provider's options.
  private static <P extends Provider<?>> Settings core(
      Settings all, String key, Class<? extends Record> core, Function<String, P> find) {
    String name = Resolution.required(all, key);
    P provider = Resolution.located(all, key, () -> find.apply(name));
    Bound<? extends Record, P> bound = Resolution.bound(all, core, provider);
    return Settings.of(bound.options()).over(Settings.of(bound.core()));
  }

  /// A group of a provider's name and its options.
  private static Settings named(Settings all, Function<String, ? extends Provider<?>> find) {
    String name = Resolution.required(all, TYPE);
    Provider<?> provider = Resolution.located(all, TYPE, () -> find.apply(name));
    Record options = all.without(Set.of(TYPE)).bind(provider.options());
    return Settings.of(options).over(Settings.of(Map.of(TYPE, name)));
  }
}

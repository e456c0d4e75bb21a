package mmct.api.training;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import mmct.api.MmctException;
import mmct.api.config.Settings;
import mmct.api.graph.ModalityConfig;
import mmct.api.graph.ObjectiveConfig;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Provider;

/// Leaves out of a configuration what was set for a provider, or for a kind of one of its groups,
/// whose name a later layer has replaced by another one.
///
/// @param catalogue tells what the new provider reads
/// @param notes takes one sentence for each group of which something is left out
record OwnSettings(Catalogue catalogue, Consumer<String> notes) {
  private static final String TYPE = "type";

  /// The settings that are meant for the providers that are named now.
  Settings of(Settings all) {
    return all.changed("modalities", each(this::modality))
        .changed("objectives", each(this::objective))
        .changed("evaluate", it -> it.changed("run", each(this::judge)))
        .changed("data", this::data)
        .withoutLeftovers(Settings.empty(), TYPE, List.of(RunConfig.class), List.of(), notes);
  }

  private static UnaryOperator<Settings> each(UnaryOperator<Settings> change) {
    return groups -> {
      Settings changed = groups;
      for (String name : groups.keys()) {
        changed = changed.changed(name, change);
      }
      return changed;
    };
  }

  private Settings modality(Settings all) {
    List<Class<? extends Record>> core = List.of(ModalityConfig.class);
    return options(all, TYPE, catalogue::modality)
        .map(own -> all.withoutLeftovers(all, TYPE, core, List.of(own), notes))
        .orElse(all);
  }

  /// Losses are told apart by their formulas, and what they call alike, such as the temperature,
  /// means the same.
  private Settings objective(Settings all) {
    return options(all, "loss", catalogue::loss)
        .map(
            loss ->
                all.withoutLeftovers(
                    all, "loss", List.of(ObjectiveConfig.class, loss), List.of(), notes))
        .orElse(all)
        .changed("positives", rule -> ofType(rule, rule, catalogue::positives));
  }

  private Settings judge(Settings all) {
    return ofType(all, all, catalogue::evaluator);
  }

  private Settings data(Settings all) {
    return all.changed("options", options -> ofType(options, all, catalogue::dataset));
  }

  /// The settings of a group that has none but those of its provider.
  private Settings ofType(
      Settings settings, Settings parent, Function<String, ? extends Provider<?>> find) {
    return options(parent, TYPE, find)
        .map(own -> settings.withoutLeftovers(parent, TYPE, List.of(), List.of(own), notes))
        .orElse(settings);
  }

  /// The options of the provider that a group names; empty where there is none of that name, which
  /// is told where it is looked up for good.
  private static Optional<Class<? extends Record>> options(
      Settings group, String kind, Function<String, ? extends Provider<?>> find) {
    try {
      return group.text(kind).map(name -> find.apply(name).options());
    } catch (MmctException e) {
      return Optional.empty();
    }
  }
}

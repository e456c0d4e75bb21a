package mmct.api.training;

import java.util.ArrayList;
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
        .withoutLeftovers("", List.of(RunConfig.class), notes);
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
    return known(all, TYPE, List.of(ModalityConfig.class), catalogue::modality);
  }

  private Settings objective(Settings all) {
    return known(all, "loss", List.of(ObjectiveConfig.class), catalogue::loss)
        .changed("positives", rule -> known(rule, TYPE, List.of(), catalogue::positives));
  }

  private Settings judge(Settings all) {
    return known(all, TYPE, List.of(), catalogue::evaluator);
  }

  private Settings data(Settings all) {
    return all.changed(
        "options", options -> known(options, all, TYPE, List.of(), catalogue::dataset));
  }

  private Settings known(
      Settings all,
      String kind,
      List<Class<? extends Record>> core,
      Function<String, ? extends Provider<?>> find) {
    return known(all, all, kind, core, find);
  }

  private Settings known(
      Settings options,
      Settings parent,
      String kind,
      List<Class<? extends Record>> core,
      Function<String, ? extends Provider<?>> find) {
    List<Class<? extends Record>> known = new ArrayList<>(core);
    Optional<String> name = parent.text(kind);
    if (name.isEmpty()) {
      return options;
    }
    try {
      known.add(find.apply(name.get()).options());
    } catch (MmctException e) {
      // Told where the name is looked up for good, with its place.
      return options;
    }
    return options.withoutLeftovers(parent, kind, known, notes);
  }
}

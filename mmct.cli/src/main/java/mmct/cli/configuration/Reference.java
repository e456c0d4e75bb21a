package mmct.cli.configuration;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import mmct.api.config.SettingDescription;
import mmct.api.graph.ModalityConfig;
import mmct.api.graph.ObjectiveConfig;
import mmct.api.graph.SpaceConfig;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Provider;
import mmct.api.training.RunConfig;

/// Writes the reference of every setting from the annotations that also bind and check them.
public final class Reference {
  /// Groups whose keys have a section of their own.
  private static final Set<String> NAMED_GROUPS = Set.of("modalities", "spaces", "objectives");

  /// How each kind of provider is named in a configuration.
  private static final Map<String, String> PLACES =
      Map.of(
          "modality", "modalities.NAME.type",
          "loss", "objectives.NAME.loss",
          "positives rule", "objectives.NAME.positives.type",
          "dataset", "data.type",
          "evaluator", "evaluate.run.NAME.type");

  private static final String OPENING =
      """
      # Configuration reference

      Written by `./mmct reference > docs/configuration.md` from the annotations that bind and check the
      settings; a test fails where the two differ. How configurations are laid over each other is told in
      [getting started](getting-started.md).
      """;

  private final Catalogue catalogue;
  private final StringBuilder out = new StringBuilder();

  /// Creates a reference of the providers that there are.
  public Reference(Catalogue catalogue) {
    this.catalogue = catalogue;
  }

  /// The reference as Markdown.
  public String markdown() {
    out.setLength(0);
    out.append(OPENING);
    section("A run", "", RunConfig.class);
    section("Every modality", "modalities.NAME.", ModalityConfig.class);
    section("Every space", "spaces.NAME.", SpaceConfig.class);
    section("Every objective", "objectives.NAME.", ObjectiveConfig.class);
    catalogue.all().forEach(this::providers);
    return out.toString();
  }

  private void providers(String kind, Collection<? extends Provider<?>> providers) {
    String place = PLACES.getOrDefault(kind, kind);
    for (Provider<?> provider : providers) {
      heading("`%s: %s`".formatted(place, provider.name()));
      out.append(provider.description()).append("\n\n");
      table("", provider.options());
    }
  }

  private void section(String title, String prefix, Class<? extends Record> options) {
    heading(title);
    table(prefix, options);
  }

  private void heading(String title) {
    out.append("\n## ").append(title).append("\n\n");
  }

  private void table(String prefix, Class<? extends Record> options) {
    if (options.getRecordComponents().length == 0) {
      out.append("No options.\n");
      return;
    }
    out.append("| key | value | default | meaning |\n|---|---|---|---|\n");
    rows(prefix, SettingDescription.of(options));
  }

  private void rows(String prefix, List<SettingDescription> settings) {
    for (SettingDescription setting : settings) {
      String key = prefix + setting.key();
      out.append(
          "| `%s` | %s | %s | %s |\n"
              .formatted(key, value(setting), byDefault(setting), setting.meaning()));
      if (!NAMED_GROUPS.contains(key)) {
        setting.group().ifPresent(group -> rows(key + ".", SettingDescription.of(group)));
      }
    }
  }

  private static String value(SettingDescription setting) {
    return setting.allowed().isEmpty() ? setting.type() : setting.type() + ", " + setting.allowed();
  }

  private static String byDefault(SettingDescription setting) {
    if (setting.required()) {
      return "required";
    }
    return setting.byDefault().isEmpty() ? "" : "`" + setting.byDefault() + "`";
  }
}

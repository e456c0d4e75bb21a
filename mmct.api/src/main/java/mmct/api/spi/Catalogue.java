package mmct.api.spi;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.stream.Collectors;
import mmct.api.MmctException;
import mmct.api.config.NearName;
import mmct.api.config.Settings;
import mmct.api.data.Columns;
import mmct.api.data.DataSource;

/// All providers that are there, by kind and name.
public final class Catalogue {
  private final Map<String, ModalityProvider<?>> modalities;
  private final Map<String, LossProvider<?>> losses;
  private final Map<String, PositivesProvider<?>> positives;
  private final Map<String, DatasetProvider<?>> datasets;
  private final Map<String, EvaluatorProvider<?>> evaluators;
  private final Map<String, ExporterProvider<?>> exporters;
  private final Source source;

  /// Where services are found.
  private interface Source {
    <S> Iterable<S> of(Class<S> service);
  }

  private Catalogue(Source source) {
    this.source = source;
    modalities = byName("modality", source.of(ModalityProvider.class));
    losses = byName("loss", source.of(LossProvider.class));
    positives = byName("positives rule", source.of(PositivesProvider.class));
    datasets = byName("dataset", source.of(DatasetProvider.class));
    evaluators = byName("evaluator", source.of(EvaluatorProvider.class));
    exporters = byName("exporter", source.of(ExporterProvider.class));
  }

  /// Finds the providers on the module path or class path of the program.
  public static Catalogue load() {
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    return new Catalogue(
        new Source() {
          @Override
          public <S> Iterable<S> of(Class<S> service) {
            return ServiceLoader.load(service, loader);
          }
        });
  }

  /// Finds the providers of a layer and its parents, such as a folder of plug-ins over the program.
  public static Catalogue load(ModuleLayer layer) {
    return new Catalogue(
        new Source() {
          @Override
          public <S> Iterable<S> of(Class<S> service) {
            return ServiceLoader.load(layer, service);
          }
        });
  }

  /// The providers given and no others, for programs that bring their own.
  ///
  /// @throws MmctException where two of one kind have one name
  public static Catalogue of(Collection<? extends Provider<?>> providers) {
    return new Catalogue(
        new Source() {
          @Override
          public <S> Iterable<S> of(Class<S> service) {
            return providers.stream().filter(service::isInstance).map(service::cast).toList();
          }
        });
  }

  /// The services of a kind that the catalogue does not know itself, from where it has its
  /// providers: what a plug-in adds to another module's provider. Those of the program come before
  /// those of plug-ins.
  public <S> List<S> services(Class<S> kind) {
    // The module that owns the kind cannot be named here, so its use is declared when it is known.
    Catalogue.class.getModule().addUses(kind);
    List<S> services = new ArrayList<>();
    source.of(kind).forEach(services::add);
    return services.reversed();
  }

  /// A modality provider by name.
  public ModalityProvider<?> modality(String name) {
    return find("modality", modalities, name);
  }

  /// A loss provider by name.
  public LossProvider<?> loss(String name) {
    return find("loss", losses, name);
  }

  /// A provider of a positives rule by name.
  public PositivesProvider<?> positives(String name) {
    return find("positives rule", positives, name);
  }

  /// A dataset provider by name.
  public DatasetProvider<?> dataset(String name) {
    return find("dataset", datasets, name);
  }

  /// An evaluator provider by name.
  public EvaluatorProvider<?> evaluator(String name) {
    return find("evaluator", evaluators, name);
  }

  /// An exporter provider by name.
  public ExporterProvider<?> exporter(String name) {
    return find("exporter", exporters, name);
  }

  /// All dataset providers in the order of their names.
  public Collection<DatasetProvider<?>> datasets() {
    return datasets.values();
  }

  /// The first dataset provider, in the order of names, that recognises a place of data.
  ///
  /// @throws MmctException where there is nothing at the place, or no provider recognises it
  public DatasetProvider<?> datasetAt(Path location) {
    if (!Files.exists(location)) {
      throw new MmctException("there is no file or folder " + location + " (--data)");
    }
    return datasets.values().stream()
        .filter(provider -> provider.recognises(location))
        .findFirst()
        .orElseThrow(
            () ->
                new MmctException(
                    "no dataset provider recognises %s; name one as data.type: %s"
                        .formatted(location, String.join(", ", datasets.keySet()))));
  }

  /// Opens a place of data with the provider that recognises it, by that provider's defaults.
  ///
  /// @param columns by modality name, the columns that it is read from
  /// @throws MmctException where it cannot be opened
  public DataSource dataAt(Path location, Map<String, Columns> columns) {
    return open(datasetAt(location), new DatasetProvider.Request(Optional.of(location), columns));
  }

  private static <O extends Record> DataSource open(
      DatasetProvider<O> provider, DatasetProvider.Request request) {
    return provider.open(Settings.empty().bind(provider.options()), request);
  }

  /// All exporter providers in the order of their names.
  public Collection<ExporterProvider<?>> exporters() {
    return exporters.values();
  }

  /// All providers by kind, kinds and names in order, for listings.
  public Map<String, Collection<? extends Provider<?>>> all() {
    Map<String, Collection<? extends Provider<?>>> all = new TreeMap<>();
    all.put("modality", modalities.values());
    all.put("loss", losses.values());
    all.put("positives rule", positives.values());
    all.put("dataset", datasets.values());
    all.put("evaluator", evaluators.values());
    all.put("exporter", exporters.values());
    return all;
  }

  private static <P extends Provider<?>> P find(
      String kind, Map<String, P> providers, String name) {
    P provider = providers.get(name);
    if (provider == null) {
      throw new MmctException(
          "there is no %s '%s'%s; available: %s (a jar in plugins/ can add one)"
              .formatted(
                  kind,
                  name,
                  NearName.suggestion(name, providers.keySet()),
                  providers.isEmpty() ? "none" : String.join(", ", providers.keySet())));
    }
    return provider;
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static <P extends Provider<?>, R extends Provider> Map<String, P> byName(
      String kind, Iterable<R> found) {
    Map<String, P> byName = new TreeMap<>();
    for (R provider : found) {
      P before = byName.put(provider.name(), (P) provider);
      if (before != null) {
        throw new MmctException(
            "two providers give the %s '%s': %s and %s"
                .formatted(kind, provider.name(), origin(before), origin(provider)));
      }
    }
    return Collections.unmodifiableMap(byName);
  }

  private static String origin(Provider<?> provider) {
    Class<?> type = provider.getClass();
    return type.getName() + " of module " + type.getModule().getName();
  }

  @Override
  public String toString() {
    return all().entrySet().stream()
        .map(
            entry ->
                entry.getKey()
                    + ": "
                    + entry.getValue().stream()
                        .map(Provider::name)
                        .collect(Collectors.joining(", ")))
        .collect(Collectors.joining("; "));
  }
}

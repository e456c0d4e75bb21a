package mmct.api.spi;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
  private final Discovery discovery;
  private final List<SetAside> setAside;
  private final List<ModuleLayer> layers;

  private Catalogue(Discovery discovery, List<SetAside> before, List<ModuleLayer> layers) {
    this.layers = layers;
    this.discovery = discovery;
    modalities = byName("modality", ModalityProvider.class);
    losses = byName("loss", LossProvider.class);
    positives = byName("positives rule", PositivesProvider.class);
    datasets = byName("dataset", DatasetProvider.class);
    evaluators = byName("evaluator", EvaluatorProvider.class);
    exporters = byName("exporter", ExporterProvider.class);
    setAside = Stream.concat(before.stream(), discovery.setAside().stream()).toList();
  }

  /// Finds the providers on the module path and on the class path of the program: those that the
  /// context class loader of the calling thread sees, and those beside the toolkit itself.
  public static Catalogue load() {
    Set<ClassLoader> loaders = new LinkedHashSet<>();
    Stream.of(Thread.currentThread().getContextClassLoader(), Catalogue.class.getClassLoader())
        .filter(Objects::nonNull)
        .forEach(loaders::add);
    List<Discovery.Source> sources = new ArrayList<>();
    for (ClassLoader loader : loaders) {
      sources.add(
          new Discovery.Source() {
            @Override
            public <S> Iterator<S> of(Class<S> service) {
              return ServiceLoader.load(service, loader).iterator();
            }
          });
    }
    ModuleLayer own = Catalogue.class.getModule().getLayer();
    if (own != null && own != ModuleLayer.boot()) {
      sources.add(source(own));
    }
    return new Catalogue(new Discovery(sources, Map.of()), List.of(), List.of());
  }

  /// Finds the providers of a layer and its parents, such as a folder of plug-ins over the program.
  public static Catalogue load(ModuleLayer layer) {
    return load(layer, Map.of(), List.of());
  }

  /// Finds the providers of a layer and its parents.
  ///
  /// @param jars by class name of a provider, its jar, by which a class that cannot be loaded is
  ///     told
  /// @param setAside plugins that did not get so far
  public static Catalogue load(
      ModuleLayer layer, Map<String, String> jars, List<SetAside> setAside) {
    return new Catalogue(
        new Discovery(List.of(source(layer)), jars),
        setAside,
        Origin.isOver(layer) ? List.of(layer) : List.of());
  }

  private static Discovery.Source source(ModuleLayer layer) {
    return new Discovery.Source() {
      @Override
      public <S> Iterator<S> of(Class<S> service) {
        return ServiceLoader.load(layer, service).iterator();
      }
    };
  }

  /// The providers given and no others, for programs that bring their own.
  ///
  /// @throws MmctException where two of one kind have one name, or one cannot be used
  public static Catalogue of(Collection<? extends Provider<?>> providers) {
    Discovery.Source given =
        new Discovery.Source() {
          @Override
          public <S> Iterator<S> of(Class<S> service) {
            return providers.stream().filter(service::isInstance).map(service::cast).iterator();
          }
        };
    Catalogue catalogue =
        new Catalogue(new Discovery(List.of(given), Map.of()), List.of(), List.of());
    if (!catalogue.setAside.isEmpty()) {
      throw new MmctException(catalogue.setAside.getFirst().reason());
    }
    return catalogue;
  }

  /// What was found but is not used, and why.
  public List<SetAside> setAside() {
    return setAside;
  }

  /// Where a provider of this catalogue comes from.
  public Origin origin(Provider<?> provider) {
    return discovery.origin(provider);
  }

  /// The jars and folders that add to the program: those of providers that are not the toolkit's
  /// own, and what they bring along.
  public List<PluginFile> plugins() {
    return PluginFile.of(all().values().stream().flatMap(Collection::stream).toList(), layers);
  }

  /// The services of a kind that the catalogue does not know itself, from where it has its
  /// providers: what a plug-in adds to another module's provider. Those of the program come before
  /// those of plug-ins.
  ///
  /// @throws MmctException where one cannot be loaded
  public <S> List<S> services(Class<S> kind) {
    // The module that owns the kind cannot be named here, so its use is declared when it is known.
    Catalogue.class.getModule().addUses(kind);
    return discovery.guarded(kind).reversed();
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

  private <P extends Provider<?>> P find(String kind, Map<String, P> providers, String name) {
    P provider = providers.get(name);
    if (provider != null) {
      return provider;
    }
    List<SetAside> perhaps = setAside.stream().filter(it -> it.mayBe(kind, name)).toList();
    for (SetAside each : perhaps) {
      if (each.name().isPresent()) {
        throw new MmctException(each.told());
      }
    }
    throw new MmctException(
        "there is no %s '%s'%s; available: %s (a jar in plugins/ can add one)%s"
            .formatted(
                kind,
                name,
                NearName.suggestion(name, providers.keySet()),
                providers.isEmpty() ? "none" : String.join(", ", providers.keySet()),
                perhaps.stream()
                    .map(each -> "; perhaps it is missing because " + each.told())
                    .collect(Collectors.joining())));
  }

  @SuppressWarnings("unchecked")
  private <P extends Provider<?>> Map<String, P> byName(String kind, Class<?> service) {
    return (Map<String, P>) Collections.unmodifiableMap(discovery.providers(kind, service));
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

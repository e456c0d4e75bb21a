package mmct.api.training;

import ai.djl.Device;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import mmct.api.MmctException;
import mmct.api.config.ConfigurationException;
import mmct.api.config.SettingDescription;
import mmct.api.config.Settings;
import mmct.api.data.Cell;
import mmct.api.data.Columns;
import mmct.api.data.DataSource;
import mmct.api.data.Dataset;
import mmct.api.engine.Precision;
import mmct.api.engine.PrecisionChoice;
import mmct.api.graph.GraphSpec;
import mmct.api.graph.GraphSpec.ObjectiveSpec;
import mmct.api.graph.ModalityConfig;
import mmct.api.graph.ObjectiveConfig;
import mmct.api.io.ArtefactStore;
import mmct.api.spi.Catalogue;
import mmct.api.spi.Evaluator;
import mmct.api.spi.EvaluatorProvider;
import mmct.api.spi.Loss;
import mmct.api.spi.LossProvider;
import mmct.api.spi.Modality;
import mmct.api.spi.ModalityContext;
import mmct.api.spi.ModalityProvider;
import mmct.api.spi.Origin;
import mmct.api.spi.PositivesProvider;
import mmct.api.spi.PositivesRule;
import mmct.api.spi.Provider;

/// Turns a configuration into the parts of a run: finds the providers and binds their options.
/// Everything that can be refused without looking at data is refused here.
public final class Resolution {
  private final RunConfig config;
  private final Settings settings;
  private final Catalogue catalogue;
  private final Map<String, Bound<ModalityConfig, ModalityProvider<?>>> modalities =
      new LinkedHashMap<>();
  private final Map<String, ObjectiveSpec> objectives = new LinkedHashMap<>();
  private final Map<String, Evaluator> evaluators = new LinkedHashMap<>();

  /// The core keys of a part of the configuration, its provider and the provider's options.
  record Bound<C, P>(C core, P provider, Record options) {}

  /// Binds a configuration.
  ///
  /// @throws MmctException naming the key, the value and the choices
  public Resolution(Settings settings, Catalogue catalogue) {
    this.settings = settings;
    this.catalogue = catalogue;
    config = settings.bind(RunConfig.class);
    settings.child("modalities").keys().forEach(this::bindModality);
    settings.child("objectives").keys().forEach(this::bindObjective);
    Settings runs = settings.child("evaluate").child("run");
    runs.keys().forEach(name -> evaluators.put(name, evaluator(runs.child(name))));
    config.checkpoints().best().ifPresent(this::requireEvaluated);
  }

  private void requireEvaluated(String figure) {
    if (evaluators.keySet().stream().noneMatch(name -> figure.startsWith(name + "."))) {
      throw new ConfigurationException(
          "checkpoints.best must be EVALUATION.FIGURE of an evaluation but was '%s'%s; evaluations: %s"
              .formatted(
                  figure,
                  settings.child("checkpoints").where("best"),
                  evaluators.isEmpty() ? "none" : String.join(", ", evaluators.keySet())));
    }
  }

  /// The typed configuration.
  public RunConfig config() {
    return config;
  }

  /// The configuration as a tree.
  public Settings settings() {
    return settings;
  }

  /// The evaluations of the run by name.
  public Map<String, Evaluator> evaluators() {
    return Collections.unmodifiableMap(evaluators);
  }

  /// The learning rate of a modality's encoder before the schedule's factor.
  public double rate(String modality) {
    Bound<ModalityConfig, ModalityProvider<?>> bound = modalities.get(modality);
    return bound == null
        ? config.optimizer().lr()
        : bound.core().lr().orElse(config.optimizer().lr());
  }

  /// By modality, the weights from elsewhere that its backbone starts from.
  Map<String, Path> weights() {
    Map<String, Path> weights = new LinkedHashMap<>();
    modalities.forEach(
        (name, bound) -> bound.core().weights().ifPresent(w -> weights.put(name, w)));
    return weights;
  }

  private void bindModality(String name) {
    Settings all = settings.child("modalities").child(name);
    ModalityProvider<?> provider =
        located(all, "type", () -> catalogue.modality(required(all, "type")));
    modalities.put(name, bound(all, ModalityConfig.class, provider));
  }

  private void bindObjective(String name) {
    Settings all = settings.child("objectives").child(name);
    LossProvider<?> provider = located(all, "loss", () -> catalogue.loss(required(all, "loss")));
    Bound<ObjectiveConfig, LossProvider<?>> bound = bound(all, ObjectiveConfig.class, provider);
    ObjectiveConfig core = bound.core();
    Set<String> there = modalities.keySet();
    core.query().ifPresent(query -> requireKnown(all, "query", "modality", query, there));
    core.key().ifPresent(key -> requireKnown(all, "key", "modality", key, there));
    core.modalities().forEach(each -> requireKnown(all, "modalities", "modality", each, there));
    requireKnown(all, "space", "space", core.space(), config.spaces().keySet());
    Loss loss = createLoss(provider, bound.options());
    if (core.queue().orElse(false) && !loss.needs().usesQueue()) {
      throw new ConfigurationException(
          "%s is true but the loss '%s' has no use for a queue%s"
              .formatted(all.pathOf("queue"), core.loss(), all.where("queue")));
    }
    objectives.put(
        name,
        new ObjectiveSpec(
            loss,
            core.participants(),
            core.space(),
            core.weight(),
            core.positives().keys().isEmpty()
                ? Optional.empty()
                : Optional.of(positives(core.positives())),
            core.inBatchNegatives(),
            core.queue().orElse(true)));
  }

  /// The graph refuses unknown names too, but only here is it known where they were written.
  private static void requireKnown(
      Settings all, String key, String kind, String name, Set<String> there) {
    if (!there.contains(name)) {
      throw ConfigurationException.notConfigured(
          all.pathOf(key), kind, name, all.where(key), there);
    }
  }

  private PositivesRule positives(Settings all) {
    PositivesProvider<?> provider =
        located(all, "type", () -> catalogue.positives(required(all, "type")));
    return createRule(provider, all.without(Set.of("type")));
  }

  private Evaluator evaluator(Settings all) {
    EvaluatorProvider<?> provider =
        located(all, "type", () -> catalogue.evaluator(required(all, "type")));
    return createEvaluator(provider, all.without(Set.of("type")));
  }

  private static <O extends Record> PositivesRule createRule(
      PositivesProvider<O> provider, Settings options) {
    return provider.create(options.bind(provider.options()));
  }

  private static <O extends Record> Evaluator createEvaluator(
      EvaluatorProvider<O> provider, Settings options) {
    return provider.create(options.bind(provider.options()));
  }

  private static <O extends Record> Loss createLoss(LossProvider<O> provider, Record options) {
    return provider.create(provider.options().cast(options));
  }

  static <C extends Record, P extends Provider<?>> Bound<C, P> bound(
      Settings all, Class<C> core, P provider) {
    Set<String> coreKeys = SettingDescription.keys(core);
    Set<String> known = new HashSet<>(SettingDescription.keys(provider.options()));
    for (String key : coreKeys) {
      if (!known.add(key)) {
        throw new ConfigurationException(
            "the provider '%s' (%s) has an option '%s', which is a key of every such group; it must have another name"
                .formatted(
                    provider.name(),
                    Origin.of(provider).map(Origin::type).orElse(provider.getClass().getName()),
                    key));
      }
    }
    all.requireKnown(known);
    return new Bound<>(
        all.only(coreKeys).bind(core), provider, all.without(coreKeys).bind(provider.options()));
  }

  static String required(Settings settings, String key) {
    return settings
        .text(key)
        .orElseThrow(
            () -> new ConfigurationException(settings.pathOf(key) + " is required but missing"));
  }

  /// A look-up whose error says where the name was written.
  static <T> T located(Settings settings, String key, Supplier<T> lookup) {
    try {
      return lookup.get();
    } catch (ConfigurationException e) {
      throw e;
    } catch (MmctException e) {
      throw new ConfigurationException(
          settings.pathOf(key) + ": " + e.getMessage() + settings.where(key), e);
    }
  }

  /// The providers that are there.
  Catalogue catalogue() {
    return catalogue;
  }

  /// By name, the columns that modalities and evaluations are read from.
  public Map<String, Columns> columns() {
    Map<String, Columns> columns = new LinkedHashMap<>();
    evaluators.values().forEach(evaluator -> columns.putAll(evaluator.columns()));
    modalities.forEach(
        (name, bound) -> {
          Columns defaults = bound.provider().columns();
          List<String> named = bound.core().columns();
          columns.put(name, named.isEmpty() ? defaults : defaults.named(named));
        });
    return columns;
  }

  /// Opens the data of the run, or of another place.
  ///
  /// @param instead a path that takes the place of the configured one
  public DataSource openData(Optional<Path> instead) {
    return openData(instead, Map.of());
  }

  /// Opens the data of the run, or of another place, for an evaluation that is not part of the run.
  ///
  /// @param instead a path that takes the place of the configured one
  /// @param further the columns that the evaluation reads besides those of the modalities
  DataSource openData(Optional<Path> instead, Map<String, Columns> further) {
    Map<String, Columns> columns = new LinkedHashMap<>(further);
    columns.putAll(columns());
    return new DataPlace(config.data(), settings.child("data"), catalogue).open(instead, columns);
  }

  /// The split of the run's data that is trained on.
  ///
  /// @throws MmctException where there is none of that name, or where a modality is in none of its
  ///     samples
  Dataset trainingSplit(DataSource source) {
    String name = config.data().train();
    Dataset split = located(settings.child("data"), "train", () -> source.split(name));
    for (String modality : modalities.keySet()) {
      if (split.size() > 0 && split.cells(modality).findFirst().isEmpty()) {
        throw new ConfigurationException(
            "no sample of the split '%s' has %s; name its columns as modalities.%s.columns, or leave out what needs it: %s"
                .formatted(name, modality, modality, leavingOut(modality)));
      }
    }
    return split;
  }

  /// The words of a command line that take a modality away, and the objectives that use it.
  private String leavingOut(String modality) {
    return whatNeeds(modality).stream()
        .map(key -> "--set " + key + "=null")
        .collect(Collectors.joining(" "));
  }

  /// The keys of a modality and of the objectives that use it.
  List<String> whatNeeds(String modality) {
    Stream<String> users =
        objectives.entrySet().stream()
            .filter(objective -> uses(objective.getValue(), modality))
            .map(objective -> "objectives." + objective.getKey());
    return Stream.concat(Stream.of("modalities." + modality), users).toList();
  }

  /// By objective of a weight above 0, the modalities that a sample must have to be a row of it.
  public Map<String, Set<String>> needs() {
    return RowCounts.needed(objectives);
  }

  /// The number of objectives.
  int objectives() {
    return objectives.size();
  }

  private static boolean uses(ObjectiveSpec objective, String modality) {
    return objective.modalities().contains(modality)
        || objective.positives().map(rule -> rule.of().equals(modality)).orElse(false);
  }

  /// Creates the modalities.
  ///
  /// @param training the training split, or empty where a finished run is opened
  /// @param stores by modality name, where it keeps its files
  /// @param notes takes lines for the report
  public Map<String, Modality> modalities(
      Optional<Dataset> training, Function<String, ArtefactStore> stores, Consumer<String> notes) {
    Map<String, Modality> created = new LinkedHashMap<>();
    modalities
        .keySet()
        .forEach(
            name -> {
              Optional<Supplier<Stream<Cell>>> cells = training.map(data -> () -> data.cells(name));
              created.put(
                  name,
                  modality(
                      new ModalityContext(name, cells, stores.apply(name), config.seed(), notes)));
            });
    return created;
  }

  /// Creates one modality of the configuration.
  public Modality modality(ModalityContext context) {
    Bound<ModalityConfig, ModalityProvider<?>> bound = bound(context.name());
    return create(bound.provider(), bound.options(), context);
  }

  /// The name of a modality's provider.
  String type(String modality) {
    return bound(modality).core().type();
  }

  /// The options of a modality's provider, every default written out, for files that leave the run:
  /// paths of this machine would mean nothing elsewhere, and what they named has been read.
  Settings options(String modality) {
    return Settings.withoutFolders(bound(modality).options());
  }

  private Bound<ModalityConfig, ModalityProvider<?>> bound(String modality) {
    return Objects.requireNonNull(modalities.get(modality), modality);
  }

  private static <O extends Record> Modality create(
      ModalityProvider<O> provider, Record options, ModalityContext context) {
    return provider.create(provider.options().cast(options), context);
  }

  /// The graph of the run for encoders that compute in float32.
  public GraphSpec graph(Map<String, Modality> created) {
    return graph(created, Precision.FLOAT32);
  }

  /// What the encoders compute in on a device.
  ///
  /// @throws MmctException where it cannot
  PrecisionChoice precision(Device device) {
    return located(settings, "precision", () -> PrecisionChoice.of(config.precision(), device));
  }

  /// The graph of the run.
  ///
  /// @param precision what the encoders compute in
  public GraphSpec graph(Map<String, Modality> created, Precision precision) {
    return new GraphSpec(
        created,
        config.spaces(),
        objectives,
        config.queue(),
        config.queueStart() == RunConfig.QueueStart.RANDOM,
        config.maskSameInstance(),
        config.momentum(),
        config.keyDropout(),
        precision,
        config.memory() == RunConfig.Memory.LOW);
  }
}

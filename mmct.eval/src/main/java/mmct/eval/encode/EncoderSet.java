package mmct.eval.encode;

import ai.djl.Device;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import mmct.api.MmctException;
import mmct.api.data.Columns;
import mmct.api.data.DataSource;
import mmct.api.data.Dataset;
import mmct.api.spi.Catalogue;
import mmct.api.spi.EvaluationContext;
import mmct.api.spi.TrainingIds;

/// Encoders in files that are judged together, one for each modality and space.
public final class EncoderSet implements AutoCloseable {
  private final List<OnnxEncoder> encoders = new ArrayList<>();

  /// Gathers encoders, and closes them with this.
  ///
  /// @throws MmctException where two give the same of the same modality
  public EncoderSet(List<OnnxEncoder> encoders) {
    Map<List<String>, OnnxEncoder> distinct = new LinkedHashMap<>();
    for (OnnxEncoder encoder : encoders) {
      OnnxEncoder before =
          distinct.put(List.of(encoder.description().name(), space(encoder)), encoder);
      if (before != null) {
        throw new MmctException(
            "%s and %s are both of %s, %s; a sidecar can name another modality or space"
                .formatted(
                    before.file(),
                    encoder.file(),
                    encoder.description().name(),
                    space(encoder).isEmpty() ? "backbone" : "space " + space(encoder)));
      }
    }
    this.encoders.addAll(encoders);
  }

  private static String space(OnnxEncoder encoder) {
    return encoder.description().space().orElse("");
  }

  /// The columns that hold the modalities.
  public Map<String, Columns> columns() {
    Map<String, Columns> columns = new LinkedHashMap<>();
    encoders.forEach(it -> columns.put(it.description().name(), it.columns()));
    return columns;
  }

  /// By modality, the spaces of the encoders; one of the backbone's features adds none.
  public Map<String, Set<String>> spaces() {
    Map<String, Set<String>> spaces = new LinkedHashMap<>();
    for (OnnxEncoder encoder : encoders) {
      Set<String> mine =
          spaces.computeIfAbsent(encoder.description().name(), name -> new LinkedHashSet<>());
      encoder.description().space().ifPresent(mine::add);
    }
    return spaces;
  }

  /// What is judged, for the record.
  public String describe() {
    return encoders.stream().map(it -> it.file().toString()).collect(Collectors.joining(", "));
  }

  /// The seed of the run that the first encoder comes from; 0 where it does not say.
  public long seed() {
    return encoders.getFirst().description().origin().text("seed").stream()
        .filter(seed -> seed.matches("-?\\d{1,18}"))
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElse(0);
  }

  /// Places the encoders before a split.
  ///
  /// @param notes takes reasons why an evaluation does not apply, and cells that are left out
  /// @throws MmctException where there is no such split
  public EvaluationContext before(
      DataSource source, String split, Catalogue catalogue, Consumer<String> notes) {
    return new Judged(source, split, source.split(split), catalogue, notes);
  }

  @Override
  public void close() {
    encoders.forEach(OnnxEncoder::close);
  }

  private OnnxEncoder find(String modality, String space) {
    return encoders.stream()
        .filter(it -> it.description().name().equals(modality) && space(it).equals(space))
        .findFirst()
        .orElseThrow(
            () ->
                new MmctException(
                    "the evaluation needs %s of %s, which no --encoder gives; mmct export --run DIR %s writes it"
                        .formatted(
                            space.isEmpty() ? "the backbone's features" : "the space " + space,
                            modality,
                            space.isEmpty() ? "--backbone" : "--space " + space)));
  }

  private final class Judged implements EvaluationContext {
    private final DataSource source;
    private final String split;
    private final Dataset dataset;
    private final Catalogue catalogue;
    private final Consumer<String> notes;

    private Judged(
        DataSource source,
        String split,
        Dataset dataset,
        Catalogue catalogue,
        Consumer<String> notes) {
      this.source = source;
      this.split = split;
      this.dataset = dataset;
      this.catalogue = catalogue;
      this.notes = notes;
    }

    @Override
    public Dataset dataset() {
      return dataset;
    }

    @Override
    public String split() {
      return split;
    }

    @Override
    public EvaluationContext on(String other) {
      return before(source, other, catalogue, notes);
    }

    @Override
    public Map<String, Set<String>> encoders() {
      return spaces();
    }

    @Override
    public Features encode(String modality, String space) {
      OnnxEncoder encoder = find(modality, space);
      FeatureRows rows = new FeatureRows();
      try (FeatureBatches batches =
          encoder.encode(dataset, broken -> notes.accept(broken.reason()))) {
        batches.forEachRemaining(rows::append);
      }
      return rows.features(encoder.width())
          .requireFinite(dataset, "%s from %s".formatted(modality, encoder.file()));
    }

    @Override
    public void progress(String line) {
      notes.accept(line);
    }

    @Override
    public TrainingIds trainingIds() {
      return new TrainingIds.Unknown("an encoder's file does not name what it was trained on");
    }

    @Override
    public Catalogue catalogue() {
      return catalogue;
    }

    @Override
    public Device device() {
      return Device.cpu();
    }

    @Override
    public void skip(String reason) {
      notes.accept(reason);
    }
  }
}

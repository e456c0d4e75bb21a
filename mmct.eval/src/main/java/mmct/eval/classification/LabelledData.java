package mmct.eval.classification;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import mmct.api.MmctException;
import mmct.api.config.ConfigurationException;
import mmct.api.data.Cell;
import mmct.api.data.Columns;
import mmct.api.data.Dataset;
import mmct.api.data.Sample;
import mmct.api.spi.EvaluationContext;

/// Which features and which classes an evaluation takes.
///
/// @param evaluation the evaluation's name, for messages
/// @param modality whose features are classified; the only one in the data where it is empty
/// @param space the space of the features; the backbone's features where it is empty
/// @param label the column of the classes; the dataset's own classes where it is empty
/// @param train the split to learn from
public record LabelledData(
    String evaluation,
    Optional<String> modality,
    Optional<String> space,
    Optional<String> label,
    String train) {
  private static final String CELL = "label";

  /// Refuses a modality or a space that is not there.
  ///
  /// @throws ConfigurationException naming what there is
  public void check(Map<String, Set<String>> encoders) {
    if (modality.isPresent() && !encoders.containsKey(modality.get())) {
      throw new ConfigurationException(
          "modality of the %s must be one with an encoder (%s) but was '%s'"
              .formatted(evaluation, String.join(", ", encoders.keySet()), modality.get()));
    }
    if (space.isPresent() && encoders.values().stream().noneMatch(s -> s.contains(space.get()))) {
      throw new ConfigurationException(
          "space of the %s must be one that an encoder projects into but was '%s'; spaces: %s"
              .formatted(evaluation, space.get(), encoders));
    }
  }

  /// The column of the classes, where the user named one.
  public Map<String, Columns> columns() {
    return label
        .map(column -> new Columns(List.of(column), Columns.Kind.STRINGS, true))
        .map(columns -> Map.of(CELL, columns))
        .orElse(Map.of());
  }

  /// Encodes both splits; where something is missing, tells the context what.
  public Optional<ClassificationTask> read(EvaluationContext context) {
    try {
      check(context.encoders());
      return Optional.of(new TaskReader(this, context).read());
    } catch (TaskReader.LackException e) {
      context.skip(String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  /// The modality whose features are classified.
  ///
  /// @throws MmctException where the options leave a choice, or nothing
  String modalityOf(EvaluationContext context) {
    if (modality.isPresent()) {
      return modality.get();
    }
    List<String> there =
        context.encoders().keySet().stream()
            .filter(name -> context.dataset().cells(name).findFirst().isPresent())
            .toList();
    if (there.isEmpty()) {
      throw new TaskReader.LackException(
          "the %s needs samples of a modality with an encoder (%s) but split '%s' has none"
              .formatted(
                  evaluation, String.join(", ", context.encoders().keySet()), context.split()));
    }
    if (there.size() > 1) {
      throw new ConfigurationException(
          "the %s classifies the features of one modality but the samples have %s; name one with --set modality=%s"
              .formatted(evaluation, String.join(" and ", there), there.getFirst()));
    }
    return there.getFirst();
  }

  /// The class of a sample.
  Optional<String> classOf(Dataset dataset, int index) {
    Sample sample = dataset.get(index);
    if (label.isEmpty()) {
      return sample.label();
    }
    return sample
        .cell(CELL)
        .filter(Cell.Strings.class::isInstance)
        .map(cell -> ((Cell.Strings) cell).values().getFirst().strip())
        .filter(name -> !name.isEmpty());
  }

  /// Where classes are looked for, in words.
  String wherefrom() {
    return label
        .map(column -> "column " + column)
        .orElse("a table gives them in a column label or class, a folder as SPLIT/CLASS/FILE");
  }
}

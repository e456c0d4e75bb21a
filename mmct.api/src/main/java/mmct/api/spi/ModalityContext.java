package mmct.api.spi;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import mmct.api.data.Cell;
import mmct.api.data.Dataset;
import mmct.api.io.ArtefactStore;

/// What a modality may look at while it is created.
///
/// @param name the modality's name in the configuration
/// @param trainingCells opens a stream of the training split's cells of this modality, in order;
///     empty where a finished run is opened without its data
/// @param store files that belong to the modality and outlive it, such as a vocabulary: what is
///     there already must be used rather than made again, so that a resumed run is the same run
/// @param seed the run's seed
/// @param notes takes lines for the report at the start of a run
public record ModalityContext(
    String name,
    Optional<Supplier<Stream<Cell>>> trainingCells,
    ArtefactStore store,
    long seed,
    Consumer<String> notes) {

  /// The context of a modality that is made in Java rather than by a configuration: its files live
  /// as long as the process, the seed is 1, and nobody hears its notes.
  ///
  /// @param name the modality's name, under which the samples have their cells
  /// @param training the samples to train on
  public static ModalityContext inMemory(String name, Dataset training) {
    return new ModalityContext(
        name, Optional.of(() -> training.cells(name)), ArtefactStore.inMemory(), 1, note -> {});
  }
}

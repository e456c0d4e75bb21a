package mmct.api.spi;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import mmct.api.data.Cell;
import mmct.api.data.HostTensor;
import mmct.api.data.View;

/// A modality of one run. Worker threads draw views concurrently, so implementations hold no
/// mutable state and take all randomness from the request.
public interface Modality {
  /// Draws the views of one cell for one step.
  ///
  /// @return at most as many views as requested, in order: a modality that cannot give a further
  ///     view (a description has only two alternatives) returns fewer, and the row is absent there
  /// @throws mmct.api.data.BrokenCellException where the content cannot be read
  Views draw(Cell cell, ViewRequest request);

  /// The views for evaluation, without randomness: one per item of the cell, so a cell of five
  /// alternatives gives five.
  ///
  /// @throws mmct.api.data.BrokenCellException where the content cannot be read
  List<View> plain(Cell cell);

  /// Puts the views of the rows of a batch together; by default every array is stacked.
  ///
  /// @return the encoder's inputs, each `[n, ...]`
  default List<HostTensor> collate(List<View> views) {
    return IntStream.range(0, views.getFirst().arrays().size())
        .mapToObj(i -> HostTensor.stack(views, i))
        .toList();
  }

  /// A new, uninitialised backbone; empty where the modality only says which samples are alike.
  ///
  /// @param dropout whether dropout layers, where there are any, are active in training; the
  ///     momentum encoder's are not unless the configuration says so
  Optional<Backbone> newBackbone(boolean dropout);

  /// What a consumer must know to feed an exported encoder. By default the inputs have no names of
  /// their own and all rows one shape.
  default Feeding feeding() {
    return Feeding.plain(backbone().inputShapes().size());
  }

  /// What of the machine the views depend on, such as the library that decodes files, by what it is
  /// called; the record of a run keeps it. By default nothing.
  default Map<String, String> machine() {
    return Map.of();
  }

  /// Inputs such as [#collate] gives, by which an encoder is traced and checked when it is
  /// exported. By default arrays of the backbone's input shapes with normally distributed values,
  /// which suits an encoder that reads numbers.
  ///
  /// @param rows the number of rows
  /// @param length the length of the rows, within [Feeding#lengths]; of no meaning where there are
  ///     none
  /// @param seed the only source of randomness
  default List<HostTensor> examples(int rows, int length, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    return backbone().inputShapes().stream()
        .map(shape -> HostTensor.normal(rows, shape, random))
        .toList();
  }

  private Backbone backbone() {
    return newBackbone(false)
        .orElseThrow(() -> new IllegalStateException("the modality has no encoder"));
  }

  /// Views for a step: what the query encoder and what the momentum encoder will read.
  ///
  /// @param queries views † for the query encoder
  /// @param keys views ⋆ for the momentum encoder
  record Views(List<View> queries, List<View> keys) {
    /// Copies the lists.
    public Views {
      queries = List.copyOf(queries);
      keys = List.copyOf(keys);
    }
  }

  /// What is asked of [#draw].
  ///
  /// @param queries how many views for the query encoder
  /// @param keys how many views for the momentum encoder
  /// @param seed hash of run, epoch and sample: the only source of randomness
  /// @param read may be run when the cell's content has been read and the views begin, by which a
  ///     benchmark tells reading from drawing
  record ViewRequest(int queries, int keys, long seed, Runnable read) {
    /// A request of one whom the time does not interest.
    public ViewRequest(int queries, int keys, long seed) {
      this(queries, keys, seed, () -> {});
    }
  }
}

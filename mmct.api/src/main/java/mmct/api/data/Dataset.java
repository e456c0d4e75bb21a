package mmct.api.data;

/// One split of a data source: samples by index. Implementations are safe for concurrent reads;
/// [#get] may do work (render, parse), [#id] must be cheap.
public interface Dataset {
  /// The number of samples.
  int size();

  /// The sample at an index from 0 (inclusive) to [#size] (exclusive).
  Sample get(int index);

  /// The id of the sample at an index.
  default String id(int index) {
    return get(index).id();
  }
}

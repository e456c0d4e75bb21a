package mmct.api.data;

import java.util.List;

/// An opened place of data with its splits.
public interface DataSource {
  /// The names of the splits in the order in which the source defines them, such as `train`,
  /// `val`, `test`.
  List<String> splits();

  /// A split by name.
  ///
  /// @throws mmct.api.MmctException where there is no such split; the message lists those there are
  Dataset split(String name);

  /// A hash of what identifies the data (the manifest's bytes, the generator's settings), so that
  /// a run can tell whether it is resumed on the same data.
  String fingerprint();

  /// One line for people, such as `csv manifest.csv: train 6000, val 1000`.
  String describe();
}

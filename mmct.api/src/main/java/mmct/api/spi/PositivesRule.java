package mmct.api.spi;

import java.util.BitSet;
import java.util.List;
import mmct.api.data.View;

/// Says which queue rows are positives of a query besides its own key. The rule looks at *marks*:
/// small sorted sets of integers that one modality's views leave beside each queue row.
public interface PositivesRule {
  /// The name of the modality whose views leave the marks.
  String of();

  /// The marks of a row, ascending. They are kept beside the row's keys and in checkpoints.
  int[] marks(View view);

  /// Decides for a whole batch.
  ///
  /// @param queries the marks of the n query rows
  /// @param rows the marks of the k queue rows; empty where a row had none
  /// @return n sets of queue row numbers below k
  List<BitSet> positives(List<int[]> queries, List<int[]> rows);
}

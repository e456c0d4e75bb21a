package mmct.eval.embed;

import mmct.api.data.Dataset;
import mmct.api.data.Sample;

/// A dataset without its first samples.
///
/// @param whole the dataset
/// @param from how many are left out
record Rest(Dataset whole, int from) implements Dataset {
  @Override
  public int size() {
    return Math.max(0, whole.size() - from);
  }

  @Override
  public Sample get(int index) {
    return whole.get(from + index);
  }

  @Override
  public String id(int index) {
    return whole.id(from + index);
  }
}

package mmct.api.data;

import java.util.List;

/// One view of a cell: the arrays that the encoder reads for one row, usually one.
public record View(List<HostArray> arrays) {
  /// Copies the list.
  public View {
    arrays = List.copyOf(arrays);
  }

  /// A view of floats.
  public static View of(float[] values, int... shape) {
    return new View(List.of(new HostArray.Floats(values, shape)));
  }

  /// A view of integers, such as indices into a vocabulary.
  public static View of(long[] values, int... shape) {
    return new View(List.of(new HostArray.Longs(values, shape)));
  }
}
